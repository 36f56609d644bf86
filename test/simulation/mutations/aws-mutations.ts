import type { Mutation } from './mutations.ts';

/** Rules about AWS, each broken in turn: the worlds with that account, or a kept plan of one, must notice every one. */
export const AWS_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a renewal is taken in before what it renews',
    file: 'domain/pipeline/identify/find-sole.ts',
    patches: [
      ["if (keys.length > 0 && seeker.awaitsReference === true) return { outcome: 'wait', for: 'reference' };", ''],
    ],
  },
  {
    name: 'an offer that comes while the hub has one made takes its place',
    file: 'domain/pipeline/identify/find-sole.ts',
    patches: [['const open = fitting.filter((record) => !isBeingMade(hub, record, ref));', 'const open = fitting;']],
  },
  {
    name: 'an offer is started without looking for one that was made',
    file: 'connectors/aws-marketplace/write-offers.ts',
    family: 'marketplace',
    patches: [
      ['if (succeeded !== undefined) return takeOver(await takeMade(call, unifiedId, succeeded), true);', ''],
      [
        'return succeeded === undefined ? succeed(undefined) : takeMade(call, unifiedId, succeeded);',
        'return succeed(undefined);',
      ],
    ],
  },
  {
    name: 'the client token of a change set is drawn',
    file: 'connectors/aws-marketplace/change-sets.ts',
    family: 'marketplace',
    patches: [
      ["shortHash(lastEnded?.ChangeSetId ?? 'first')", 'shortHash(lastEnded?.ChangeSetId ?? String(Math.random()))'],
    ],
  },
  {
    name: 'AWS moves a deal back',
    file: 'domain/unify/candidate.ts',
    family: 'marketplace',
    patches: [['isForwardOnly: moves !== undefined && mayNotGoBack(moves[name], value)', 'isForwardOnly: false']],
  },
  {
    name: 'an event of an unknown type is dropped',
    file: 'connectors/aws-marketplace/receive-event.ts',
    family: 'marketplace',
    patches: [
      [
        "return { ...kept(event, 'unknown-type', { message, nextStep: upgrade }), hints: ours(hints, settings) };",
        'return { hints: ours(hints, settings), ignored: { [message]: 1 } };',
      ],
    ],
  },
  {
    name: 'an agreement first seen when it is over wins nothing',
    file: 'mappings/lookups/marketplace-stage.yaml',
    family: 'marketplace',
    patches: [['in: [ACTIVE, EXPIRED, RENEWED, REPLACED, SUPERSEDED, ARCHIVED]', 'in: [ACTIVE]']],
  },
  {
    name: 'edits do not wait for a review',
    file: 'domain/deliver/plan-delivery.ts',
    family: 'co-sell',
    patches: [
      ['.find(({ isWhole }) => isWhole)', '.find(({ isWhole }) => isWhole && mapping.fields.length === 0)'],
      ['if (waits.length === 0) return', 'if (waits.length >= 0) return'],
    ],
  },
  {
    name: 'an opportunity in the making was emptied by a person',
    file: 'connectors/aws-partner-central/read-opportunities.ts',
    family: 'co-sell',
    patches: [['isBeingMade(opportunity) ? modifiedAt : instantOf(CreatedDate)', 'instantOf(CreatedDate)']],
  },
  {
    name: 'the agreement of a second buyer is tied to the offer of the first',
    file: 'connectors/aws-marketplace/offer-behind.ts',
    family: 'marketplace',
    patches: [['if (!isFirstAmong(agreement, others.value))', 'if (others.value.length < 0)']],
  },
  {
    name: 'a record is taken in while its creation is at it',
    file: 'domain/pipeline/absorb/creation-in-flight.ts',
    family: 'shared-at-once',
    patches: [['return Math.max(0, seat.creating.until - now);', 'return Math.min(0, seat.creating.until - now);']],
  },
];
