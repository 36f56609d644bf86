import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { HubStage } from './stages-file.ts';

/** The table's sparse indexes: open problems and due things in `lists`, recent changes (from the journal) in `recent`. */
export const TABLE_INDEXES = ['lists', 'recent'] as const;

/** The hub's one table: on demand, encrypted, restorable to any second of the stage's recovery window. */
export function makeHubTable(scope: Construct, stage: HubStage): Table {
  const table = new Table(scope, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    // The account's own key for DynamoDB: free of a monthly charge, and its use is seen in CloudTrail.
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: stage.table.recoveryDays,
    },
    timeToLiveAttribute: 'ttl',
    deletionProtection: stage.retainData,
    removalPolicy: removalPolicyOf(stage),
  });
  table.addGlobalSecondaryIndex({
    indexName: 'lists',
    partitionKey: { name: 'listPk', type: AttributeType.STRING },
    sortKey: { name: 'listSk', type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
  });
  table.addGlobalSecondaryIndex({
    indexName: 'recent',
    partitionKey: { name: 'recentPk', type: AttributeType.STRING },
    sortKey: { name: 'recentSk', type: AttributeType.STRING },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  return table;
}

/**
 * The list of erasures, apart from the hub's table so that it is not set back with it by a restore: ids only, and few. It stays
 * as long as the data of the stage does, and is restorable itself.
 */
export function makeErasuresTable(scope: Construct, stage: HubStage): Table {
  return new Table(scope, 'Erasures', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: stage.table.recoveryDays,
    },
    deletionProtection: stage.retainData,
    removalPolicy: removalPolicyOf(stage),
  });
}

/** What becomes of data when its stack is destroyed. */
export function removalPolicyOf(stage: HubStage): RemovalPolicy {
  return stage.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
