import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { permissions as marketplacePermissions } from '../connectors/aws-marketplace/operations.ts';
import { permissions as partnerCentralPermissions } from '../connectors/aws-partner-central/operations.ts';
import type { AwsPermission } from '../connectors/kit/aws/aws-permission.ts';
import type { Connection } from '../connectors/kit/connections-file.ts';
import type { System } from '../connectors/kit/connector-registry.ts';

/** What the connector of each AWS system does, in the words of IAM. */
export const AWS_PERMISSIONS: Readonly<Partial<Record<System, readonly AwsPermission[]>>> = {
  'aws-marketplace': marketplacePermissions,
  'aws-partner-central': partnerCentralPermissions,
};

/**
 * What a function that calls systems may do at AWS for these connections, and nothing for a connection that is not there: in the hub's
 * own account exactly the connector's actions, for a role in another account only to assume it (that role is to allow the same
 * actions; the README lists them).
 *
 * The actions know no resources before these exist, so `*` is all there is to say; Partner Central's can be kept to one catalog.
 */
export function awsStatements(connections: readonly Connection[]): readonly PolicyStatement[] {
  return connections.flatMap(({ id, system, auth, options = {} }) => {
    const permissions = AWS_PERMISSIONS[system];
    if (permissions === undefined) return [];
    const sid = `At${id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
    if (auth === 'assume-role') {
      return options.roleArn === undefined
        ? []
        : [new PolicyStatement({ sid, actions: ['sts:AssumeRole'], resources: [options.roleArn] })];
    }
    if (auth !== 'own-account') return [];
    const catalog = system === 'aws-partner-central' ? (options.catalog ?? 'AWS') : undefined;
    return [
      new PolicyStatement({
        sid,
        actions: permissions.map(({ action }) => action),
        resources: ['*'],
        ...(catalog === undefined ? {} : { conditions: { StringEquals: { 'partnercentral:Catalog': catalog } } }),
      }),
    ];
  });
}
