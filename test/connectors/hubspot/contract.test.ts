import { describeConnectorContract } from '../contract/connector-contract.ts';
import { hubspotSubject } from './hubspot-stage.ts';

describeConnectorContract('hubspot', hubspotSubject);
