import {
  DescribeChangeSetCommand,
  DescribeEntityCommand,
  ListChangeSetsCommand,
  ListEntitiesCommand,
  ListTagsForResourceCommand,
  StartChangeSetCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-marketplace-catalog';
import { describe, expect, it } from 'vitest';
import { SAMPLE_OFFER_ID } from '../../../../local/simulators/aws-marketplace/sample-products.ts';
import { BUYER, dayMs, openMarket, privateOffer } from './market-session.ts';

const Catalog = 'AWSMarketplace';

describe('lists', () => {
  it('come in pages that go on where the last one ended', async () => {
    const { catalog, offer } = await openMarket();
    const made = [SAMPLE_OFFER_ID, await offer(), await offer(), await offer()];
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;

    do {
      const page = await catalog.send(
        new ListEntitiesCommand({
          Catalog,
          EntityType: 'Offer',
          MaxResults: 3,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      seen.push(...(page.EntitySummaryList ?? []).map(({ EntityId }) => EntityId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);

    expect(seen.toSorted()).toEqual(made.toSorted());
  });

  it('of offers can be narrowed to what was modified, to the second', async () => {
    const { catalog, offer, pass } = await openMarket();
    await offer();
    pass(dayMs);
    const later = await offer();
    const entity = await catalog.send(new DescribeEntityCommand({ Catalog, EntityId: later }));

    const list = await catalog.send(
      new ListEntitiesCommand({
        Catalog,
        EntityType: 'Offer',
        EntityTypeFilters: {
          OfferFilters: { LastModifiedDate: { DateRange: { AfterValue: entity.LastModifiedDate } } },
        },
        EntityTypeSort: { OfferSort: { SortBy: 'LastModifiedDate', SortOrder: 'DESCENDING' } },
      }),
    );

    expect(list.EntitySummaryList?.map(({ EntityId }) => EntityId)).toEqual([later]);
  });

  it('refuse a token of nobody', async () => {
    const { catalog } = await openMarket();

    await expect(
      catalog.send(new ListEntitiesCommand({ Catalog, EntityType: 'SaaSProduct', NextToken: 'bm9uZQ' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('change sets', () => {
  it('are forgotten after sixty days, with their tokens; the offer keeps the tags it was made with', async () => {
    const { catalog, pass } = await openMarket();
    const [create, ...rest] = privateOffer();
    if (create === undefined) throw new Error('The first change makes the offer.');
    const ChangeSet = [{ ...create, EntityTags: [{ Key: 'deal', Value: '1' }] }, ...rest];
    const request = { Catalog, ChangeSet, ClientRequestToken: 'deal-1' };
    const { ChangeSetId } = await catalog.send(new StartChangeSetCommand(request));
    pass(60 * dayMs);
    const kept = await catalog.send(new ListChangeSetsCommand({ Catalog }));
    pass(1_000);

    expect(kept.ChangeSetSummaryList).toHaveLength(1);
    expect((await catalog.send(new ListChangeSetsCommand({ Catalog }))).ChangeSetSummaryList).toEqual([]);
    await expect(catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const offers = await catalog.send(
      new ListEntitiesCommand({
        Catalog,
        EntityType: 'Offer',
        EntityTypeFilters: { OfferFilters: { BuyerAccounts: { WildCardValue: BUYER } } },
      }),
    );
    const ResourceArn = offers.EntitySummaryList?.[0]?.EntityArn;
    const { Tags } = await catalog.send(new ListTagsForResourceCommand({ ResourceArn }));
    expect(Tags).toEqual([{ Key: 'deal', Value: '1' }]);
  });
});

describe('tags', () => {
  it('are put on, replaced and taken off', async () => {
    const { catalog, offer } = await openMarket();
    const { EntityArn } = await catalog.send(new DescribeEntityCommand({ Catalog, EntityId: await offer() }));
    const tags = async () => (await catalog.send(new ListTagsForResourceCommand({ ResourceArn: EntityArn }))).Tags;

    await catalog.send(new TagResourceCommand({ ResourceArn: EntityArn, Tags: [{ Key: 'deal', Value: '1' }] }));
    await catalog.send(new TagResourceCommand({ ResourceArn: EntityArn, Tags: [{ Key: 'deal', Value: '2' }] }));
    expect(await tags()).toEqual([{ Key: 'deal', Value: '2' }]);
    await catalog.send(new UntagResourceCommand({ ResourceArn: EntityArn, TagKeys: ['deal'] }));
    expect(await tags()).toEqual([]);
    await expect(
      catalog.send(new ListTagsForResourceCommand({ ResourceArn: 'arn:aws:s3:::bucket' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('the documented limits', () => {
  it('are five change sets a second', async () => {
    const { catalog, pass } = await openMarket({ hasLimits: true });
    const list = () => catalog.send(new ListChangeSetsCommand({ Catalog }));
    for (let count = 0; count < 5; count += 1) await list();

    await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } });
    pass(1_000);
    await expect(list()).resolves.toMatchObject({ ChangeSetSummaryList: [] });
  });
});
