import { Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { FunctionDuty } from './function-duties.ts';
import { awsStatements } from './grant-aws.ts';
import type { HubConnection } from './hub-connection.ts';
import type { HubQueue } from './hub-queue.ts';

/** What duties are done on. */
export interface HubParts {
  readonly table: Table;
  /** The list of erasures. */
  readonly erasures: Table;
  readonly bus: EventBus;
  readonly inbound: HubQueue;
  readonly sweep: HubQueue;
  readonly connections: readonly HubConnection[];
}

/** Allows a role what its duty says, each on exactly the resources meant. */
export function grantDuties(role: Role, duty: FunctionDuty, hub: HubParts): void {
  const allow = (sid: string, actions: readonly string[], resources: readonly string[]) => {
    // Without a connection there is no outbound queue and no secret, and a statement must name something.
    if (actions.length === 0 || resources.length === 0) return;
    role.addToPolicy(new PolicyStatement({ sid, actions: [...actions], resources: [...resources] }));
  };
  const outbound = hub.connections.map((connection) => connection.outbound);
  const queues = { inbound: [hub.inbound], sweep: [hub.sweep], outbound };
  allow(
    'Table',
    duty.table.map((action) => `dynamodb:${action}`),
    [hub.table.tableArn],
  );
  allow(
    'Indexes',
    ['dynamodb:Query'],
    duty.indexes.map((index) => `${hub.table.tableArn}/index/${index}`),
  );
  allow(
    'Erasures',
    duty.erasures.map((action) => `dynamodb:${action}`),
    [hub.erasures.tableArn],
  );
  allow(
    'Send',
    ['sqs:SendMessage'],
    duty.sends.flatMap((name) => queues[name].map(({ queue }) => queue.queueArn)),
  );
  if (duty.publishes) allow('Publish', ['events:PutEvents'], [hub.bus.eventBusArn]);
  if (duty.readsSecrets) {
    const secrets = hub.connections.flatMap(({ secret }) => secret?.arn ?? []);
    allow('Credentials', ['secretsmanager:GetSecretValue'], secrets);
  }
  if (duty.callsSystems) {
    const statements = awsStatements(hub.connections.map(({ settings }) => settings));
    for (const statement of statements) role.addToPolicy(statement);
    if (statements.some(({ resources }) => resources.includes('*'))) {
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'Offers, agreements and opportunities have no name before they exist, and their services name none of them in policies; the actions are exactly those the connectors call.',
      });
    }
  }
  if (duty.redrives) {
    const all = [hub.inbound, hub.sweep, ...outbound];
    const deadLetters = all.map((queue) => queue.deadLetters.queueArn);
    allow('DeadLetters', ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], deadLetters);
    allow('CountMessages', ['sqs:GetQueueAttributes'], [...all.map(({ queue }) => queue.queueArn), ...deadLetters]);
  }
}
