import type * as z from 'zod';
import { type AwsResult, answered, refused } from '../../aws/aws-result.ts';
import { type AwsOperation, type AwsService, defineOperation } from '../../aws/aws-service.ts';
import { perSecond } from '../../aws/rate-limits.ts';
import type { Marketplace } from '../marketplace.ts';
import type { ChangeSet } from '../records.ts';
import { catalogFault, invalidRequest, notFound } from './catalog-faults.ts';
import {
  batchDescribeSchema,
  changeSetSchema,
  entitySchema,
  listChangeSetsSchema,
  listEntitiesSchema,
  listTagsSchema,
  startChangeSetSchema,
  tagResourceSchema,
  untagResourceSchema,
} from './catalog-requests.ts';
import { endChangeSet } from './change-set-run.ts';
import { describeChangeSet, describeEntity } from './describe-catalog.ts';
import { listChangeSets, listEntities } from './list-catalog.ts';
import { cancelChangeSet, startChangeSet } from './start-change-set.ts';

/**
 * Calls of an account in each second.
 * Source: https://docs.aws.amazon.com/marketplace/latest/APIReference/catalog-service-quotas.html (read 2026-11-27).
 * BatchDescribeEntities is not in that list, so it is not limited here.
 */
const PER_SECOND: Readonly<Record<string, number>> = {
  ListEntities: 10,
  DescribeEntity: 20,
  StartChangeSet: 5,
  ListChangeSets: 5,
  DescribeChangeSet: 10,
  CancelChangeSet: 5,
  TagResource: 5,
  UntagResource: 5,
  ListTagsForResource: 5,
};

/** The Catalog API: REST-JSON, by its model of 2018-09-17. */
export function catalogService(market: Marketplace): AwsService {
  const one = (input: { readonly ChangeSetId: string }, work: (found: ChangeSet) => AwsResult): AwsResult => {
    const found = market.keptChangeSets().find(({ id }) => id === input.ChangeSetId);
    return found === undefined ? refused(notFound(`Change set ${input.ChangeSetId}`)) : work(found);
  };
  return {
    name: 'Catalog',
    signingName: 'aws-marketplace',
    protocol: {
      kind: 'rest-json',
      routes: [
        ...['StartChangeSet', 'ListChangeSets', 'ListEntities', 'BatchDescribeEntities'].map(byPost),
        ...['ListTagsForResource', 'TagResource', 'UntagResource'].map(byPost),
        { method: 'GET', path: '/DescribeChangeSet', operation: 'DescribeChangeSet', query: changeSetQuery },
        { method: 'PATCH', path: '/CancelChangeSet', operation: 'CancelChangeSet', query: changeSetQuery },
        {
          method: 'GET',
          path: '/DescribeEntity',
          operation: 'DescribeEntity',
          query: { catalog: 'Catalog', entityId: 'EntityId' },
        },
      ],
    },
    messageMember: 'Message',
    throttled: () => catalogFault('ThrottlingException', 'Too many requests.'),
    unavailable: (status) => ({ ...catalogFault('InternalServiceException', 'An internal fault.'), status }),
    operations: [
      operation('StartChangeSet', startChangeSetSchema, (input) => startChangeSet(market, input), true),
      operation('DescribeChangeSet', changeSetSchema, (input) =>
        one(input, (found) => answered(describeChangeSet(market, found))),
      ),
      operation('ListChangeSets', listChangeSetsSchema, (input) => listChangeSets(market, input)),
      operation(
        'CancelChangeSet',
        changeSetSchema,
        (input) => one(input, (found) => cancelChangeSet(market, found, (ended) => endChangeSet(market, ended))),
        true,
      ),
      operation('DescribeEntity', entitySchema, ({ EntityId }) => {
        const found = describeEntity(market, EntityId);
        return found === undefined ? refused(notFound(`Entity ${EntityId}`)) : answered(found);
      }),
      operation('BatchDescribeEntities', batchDescribeSchema, (input) => batchDescribe(market, input)),
      operation('ListEntities', listEntitiesSchema, (input) => listEntities(market, input)),
      operation('ListTagsForResource', listTagsSchema, ({ ResourceArn }) =>
        onResource(market, ResourceArn, () =>
          answered({ ResourceArn, Tags: market.tags.get(ResourceArn)?.tags ?? [] }),
        ),
      ),
      operation(
        'TagResource',
        tagResourceSchema,
        ({ ResourceArn, Tags }) =>
          onResource(market, ResourceArn, () => {
            market.tag(ResourceArn, Tags);
            return answered();
          }),
        true,
      ),
      operation(
        'UntagResource',
        untagResourceSchema,
        ({ ResourceArn, TagKeys }) =>
          onResource(market, ResourceArn, () => {
            const former = market.tags.get(ResourceArn)?.tags ?? [];
            market.tags.put({ id: ResourceArn, tags: former.filter(({ Key }) => !TagKeys.includes(Key)) });
            return answered();
          }),
        true,
      ),
    ],
  };
}

const changeSetQuery = { catalog: 'Catalog', changeSetId: 'ChangeSetId' };

function byPost(operationName: string) {
  return { method: 'POST', path: `/${operationName}`, operation: operationName } as const;
}

function operation<Input>(
  name: string,
  input: z.ZodType<Input>,
  serve: (input: Input) => AwsResult,
  writes = false,
): AwsOperation {
  const callsMax = PER_SECOND[name];
  const limits = callsMax === undefined ? [] : [perSecond(`Catalog.${name}`, callsMax)];
  return defineOperation({ name, writes, limits, input, invalid: invalidRequest, serve });
}

function batchDescribe(market: Marketplace, { EntityRequestList }: z.infer<typeof batchDescribeSchema>): AwsResult {
  const found = EntityRequestList.map(({ EntityId }) => [EntityId, describeEntity(market, EntityId)] as const);
  const details = found.flatMap(([id, entity]) => {
    if (entity === undefined) return [];
    // The batch answers documents only, not the same as text beside.
    const { Details: _details, ...rest } = entity;
    return [[id, rest] as const];
  });
  const errors = found.flatMap(([id, entity]) =>
    entity === undefined
      ? [[id, { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Entity ${id} was not found.` }] as const]
      : [],
  );
  return answered({ EntityDetails: Object.fromEntries(details), Errors: Object.fromEntries(errors) });
}

function onResource(market: Marketplace, arn: string, work: () => AwsResult): AwsResult {
  const prefix = market.entityArn('', '').slice(0, -1);
  const [type = '', id = ''] = arn.startsWith(prefix) ? arn.slice(prefix.length).split('/') : [];
  const isThere =
    (type === 'Offer' && market.offers.get(id) !== undefined) ||
    (type === 'SaaSProduct' && market.products.get(id) !== undefined) ||
    (type === 'ChangeSet' && market.changeSets.get(id) !== undefined);
  return isThere ? work() : refused(notFound(`Resource ${arn}`));
}
