import { describeConnectorContract } from '../contract/connector-contract.ts';
import { salesforceSubject } from './salesforce-stage.ts';

describeConnectorContract('Salesforce', salesforceSubject);
