import { ArnFormat, SecretValue, Stack, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Connection } from '../connectors/kit/connections-file.ts';
import { HubQueue } from './hub-queue.ts';
import { removalPolicyOf } from './hub-table.ts';
import { type HubStage, visibilitySeconds } from './stages-file.ts';

/** What one connection has of its own: a queue of deliveries, and a secret. */
export class HubConnection extends Construct {
  readonly settings: Connection;
  readonly id: string;
  readonly outbound: HubQueue;
  /** Its secret, unless it has nothing secret. */
  readonly secret?: {
    /** Name or ARN, as `GetSecretValue` takes it. */
    readonly id: string;
    /** As a policy names it. */
    readonly arn: string;
  };

  constructor(scope: Construct, stage: HubStage, settings: Connection) {
    super(scope, `Connection-${settings.id}`);
    this.settings = settings;
    this.id = settings.id;
    this.outbound = new HubQueue(this, 'Outbound', {
      stage: stage.name,
      name: `outbound-${settings.id}`,
      visibilitySeconds: visibilitySeconds(stage, 'outbound'),
      maxReceiveCount: stage.queues.outbound.maxReceiveCount,
      deadLetterDays: stage.deadLetterDays,
    });
    if (settings.credentials === undefined) return;
    const existing = settings.credentials.secret;
    const id = existing ?? `tributary/${stage.name}/${settings.id}`;
    this.secret = { id, arn: existing === undefined ? this.makeSecret(stage, id) : arnOfExisting(this, existing) };
  }

  private makeSecret(stage: HubStage, secretName: string): string {
    const secret = new Secret(this, 'Secret', {
      secretName,
      description: `Credentials of the connection ${this.id}, a JSON object; connections.yaml says which names are in it.`,
      // Nothing secret, but a value: reading a secret without one fails as if it did not exist. A new version is written only when
      // this text changes, which it never does, so an update of the stack leaves alone what an administrator put in:
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy: removalPolicyOf(stage),
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'The vendor issues these credentials and only an administrator can renew them there; nothing on AWS could rotate them.',
    });
    return secret.secretArn;
  }
}

/**
 * The ARN of a secret known by name ends in a hyphen and six characters that nobody knows beforehand; `??????` stands for them and
 * for nothing longer: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
function arnOfExisting(scope: Construct, nameOrArn: string): string {
  if (nameOrArn.startsWith('arn:')) return nameOrArn;
  return Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: `${nameOrArn}-??????`,
  });
}
