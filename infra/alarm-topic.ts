import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { HubStage } from './stages-file.ts';

/** Where alarms are told: an encrypted topic that only CloudWatch alarms of this account may publish to. */
export function makeAlarmTopic(scope: Construct, stage: HubStage): Topic {
  const { account } = Stack.of(scope);
  const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': account } };
  // A key of our own, since CloudWatch may not use the one that AWS keeps for SNS. It protects texts in flight, nothing stored,
  // so it may go with the stack.
  const key = new Key(scope, 'AlarmKey', {
    description: `Encrypts what the alarms of Tributary ${stage.name} say.`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [cloudWatch],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      // In the policy of a key, * is the key itself.
      resources: ['*'],
      conditions: ofThisAccount,
    }),
  );
  const topic = new Topic(scope, 'Alarms', {
    topicName: `Tributary-${stage.name}-alarms`,
    displayName: `Tributary ${stage.name}`,
    masterKey: key,
    enforceSSL: true,
  });
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [cloudWatch],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: ofThisAccount,
    }),
  );
  if (stage.alarms.email !== undefined) topic.addSubscription(new EmailSubscription(stage.alarms.email));
  return topic;
}
