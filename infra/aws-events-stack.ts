import { type App, CfnParameter, Stack, Tags, Validations } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { EVENT_SOURCES } from '../connectors/kit/aws/event-sources.ts';
import { AWS_PARTNER_REGION } from '../connectors/kit/aws/partner-region.ts';
import type { Connection } from '../connectors/kit/connections-file.ts';
import { allowRules, makeDeadLetterQueue } from './hub-queue.ts';
import type { HubStage } from './stages-file.ts';

/** What one account sends on. */
export interface AwsEventsStackProps {
  readonly stage: HubStage;
  /** The account that sells. */
  readonly account: string;
  /** The account the hub is deployed in, if that is known; else whoever deploys the stack says it. */
  readonly hubAccount?: string | undefined;
  /** The `source`s of events wanted. */
  readonly sources: readonly string[];
}

/**
 * Sends events of AWS Marketplace and Partner Central on to the hub's bus. AWS puts them on the default bus of the selling account
 * in us-east-1; the hub may be in another region, and in another account. So this is a stack of its own, deployed there.
 *
 * *Parameters*: where the hub is, unless the stage says so.
 */
export class AwsEventsStack extends Stack {
  constructor(app: App, { stage, account, hubAccount: known, sources }: AwsEventsStackProps) {
    const name = `Tributary-${stage.name}-aws-events-${account}`;
    super(app, name, {
      stackName: name,
      description: `Sends AWS Marketplace and Partner Central events of ${account} to Tributary (${stage.name}).`,
      env: { account, region: AWS_PARTNER_REGION },
    });
    Tags.of(this).add('tributary-stage', stage.name);
    const hubRegion = this.#parameter('HubRegion', stage.aws.region, 'The region the hub is deployed in.');
    const hubAccount = this.#parameter('HubAccount', known, 'The account the hub is deployed in.');
    const undelivered = makeDeadLetterQueue(this, 'Undelivered', {
      queueName: `Tributary-${stage.name}-undelivered-aws-events`,
      days: stage.deadLetterDays,
    });
    Validations.of(undelivered).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself where dead letters go, those of EventBridge; the rule only knows dead letters of queues.',
    });
    const bus = EventBus.fromEventBusArn(
      this,
      'HubBus',
      this.formatArn({
        service: 'events',
        region: hubRegion,
        account: hubAccount,
        resource: 'event-bus',
        resourceName: `Tributary-${stage.name}`,
      }),
    );
    const rule = new Rule(this, 'Forward', {
      ruleName: `Tributary-${stage.name}-aws-events`,
      description: 'Sends events of AWS Marketplace and Partner Central on to the bus of the hub.',
      eventPattern: { source: [...sources], account: [account] },
      targets: [new BusTarget(bus, { deadLetterQueue: undelivered })],
    });
    allowRules(undelivered, [rule.ruleArn]);
  }

  #parameter(id: string, known: string | undefined, description: string): string {
    return new CfnParameter(this, id, { type: 'String', description, ...(known ? { default: known } : {}) })
      .valueAsString;
  }
}

/** The account a hub is deployed in: what its stage says, else that of a connection which works in the hub's own; `undefined` where neither tells. */
export function hubAccountOf({ aws }: HubStage, connections: readonly Connection[]): string | undefined {
  return aws.account ?? connections.find(({ auth }) => auth === 'own-account')?.accountId;
}

/** The accounts whose events a hub wants, each with the sources of its systems; in the order of the connections. */
export function eventSourcesByAccount(connections: readonly Connection[]): ReadonlyMap<string, readonly string[]> {
  const byAccount = new Map<string, readonly string[]>();
  for (const { system, accountId } of connections) {
    const sources = EVENT_SOURCES[system];
    if (sources === undefined || accountId === undefined) continue;
    byAccount.set(accountId, [...new Set([...(byAccount.get(accountId) ?? []), ...sources])]);
  }
  return byAccount;
}
