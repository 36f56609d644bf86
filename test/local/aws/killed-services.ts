import { join } from 'node:path';
import { startDynamoDb } from '../../../local/aws/dynamodb.ts';
import { startEventBridge } from '../../../local/aws/eventbridge.ts';
import { startSqs } from '../../../local/aws/sqs.ts';
import { TABLE } from './killed-table.ts';

// A process for `killed.test.ts`: it starts the services on the directory it is told, says where they are, and lives until it
// is killed. Its event bus has a queue service that nobody answers for, so that events stay on their way.
const [directory = ''] = process.argv.slice(2);
const sqs = await startSqs({ directory: join(directory, 'sqs') });
const dynamodb = await startDynamoDb({
  directory: join(directory, 'dynamodb'),
  tables: [TABLE],
  wasKilled: false,
  asksForCapacity: false,
});
const nobody = 'http://127.0.0.1:1';
const eventbridge = await startEventBridge({
  directory: join(directory, 'bus'),
  sqsEndpoint: nobody,
  lambdaEndpoint: nobody,
});
process.send?.({ sqs: sqs.endpoint, dynamodb: dynamodb.endpoint, eventbridge: eventbridge.endpoint });
