import { describeConnectorContract } from '../contract/connector-contract.ts';
import { partnerCentralSubject } from './partner-central-stage.ts';

describeConnectorContract('AWS Partner Central', partnerCentralSubject);
