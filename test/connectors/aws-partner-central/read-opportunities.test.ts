import { describe, expect, it } from 'vitest';
import { readOpportunities } from '../../../connectors/aws-partner-central/read-opportunities.ts';
import { writeOpportunities } from '../../../connectors/aws-partner-central/write-opportunities.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import { awsError, fakeSelling, opportunity } from './fake-selling.ts';

const created = Date.parse('2026-03-01T10:00:00Z');
const modified = Date.parse('2026-03-02T10:15:00.123Z');

it.each([
  [
    'a partner may still be making looks untouched since it was made',
    { ReviewStatus: 'Pending Submission' },
    {},
    modified,
  ],
  ['was handed over was made when AWS says', { ReviewStatus: 'Submitted' }, {}, created],
  [
    'no partner has an id for was made when AWS says',
    { ReviewStatus: 'Pending Submission' },
    { PartnerOpportunityIdentifier: null },
    created,
  ],
])('an opportunity that %s', async (_what, lifeCycle, more, createdAt) => {
  const held = opportunity({ LifeCycle: { Stage: 'Prospect', ...lifeCycle }, ...more });
  const { call } = fakeSelling({ GetOpportunity: () => held });

  const read = await readOpportunities(call, ['O1111111'], ['LifeCycle.Stage']);

  expect(read).toMatchObject({ ok: true, value: [{ snapshot: { createdAt, modifiedAt: modified } }] });
});

describe('access that AWS denies', () => {
  const denied = (): never => {
    throw awsError('AccessDeniedException');
  };
  const only = (refused: string) => (input: Readonly<Record<string, unknown>>) =>
    input.Identifier === refused ? denied() : opportunity({ Id: input.Identifier });
  const row = (Id: string): object => ({ Id });
  const change = (externalId: string): WriteItem => ({
    operation: 'update',
    unifiedId: `U-${externalId}`,
    externalId,
    values: { 'LifeCycle.NextSteps': 'Call' },
    base: {},
    unanswered: [],
  });

  it('to one opportunity is the matter of that one, and the others are read', async () => {
    const { call, operations } = fakeSelling({ GetOpportunity: only('O2') });

    const read = await readOpportunities(call, ['O1', 'O2', 'O3'], ['LifeCycle.Stage']);

    expect(read).toMatchObject({
      ok: true,
      value: [
        { outcome: 'found' },
        { outcome: 'failed', fault: { kind: 'rejected', code: 'AccessDeniedException' } },
        { outcome: 'found' },
      ],
    });
    expect(operations()).toEqual(['GetOpportunity', 'GetOpportunity', 'GetOpportunity']);
  });

  it('to the only one asked for is its matter where another can be read', async () => {
    const { call, operations } = fakeSelling({
      GetOpportunity: only('O2'),
      ListOpportunities: () => ({ OpportunitySummaries: [row('O2'), row('O9')] }),
    });

    const read = await readOpportunities(call, ['O2'], []);

    expect(read).toMatchObject({ ok: true, value: [{ outcome: 'failed', fault: { kind: 'rejected' } }] });
    expect(operations()).toEqual(['GetOpportunity', 'ListOpportunities', 'GetOpportunity']);
  });

  it.each([
    ['to list any', { GetOpportunity: denied, ListOpportunities: denied }],
    ['to read any', { GetOpportunity: denied, ListOpportunities: () => ({ OpportunitySummaries: [row('O9')] }) }],
  ])('%s is the matter of the connection', async (_what, answers) => {
    const { call } = fakeSelling(answers);

    expect(await readOpportunities(call, ['O2'], [])).toMatchObject({ ok: false, fault: { kind: 'credential' } });
  });

  it('is the connection’s where its key is none', async () => {
    const { call, operations } = fakeSelling({
      GetOpportunity: () => {
        throw awsError('UnrecognizedClientException');
      },
    });

    expect(await readOpportunities(call, ['O2'], [])).toMatchObject({ ok: false, fault: { kind: 'credential' } });
    expect(operations()).toEqual(['GetOpportunity']);
  });

  it.each(['O2', 'O1'])('to change any is the matter of the connection, though all can be read', async (only) => {
    const { call, operations } = fakeSelling({
      GetOpportunity: ({ Identifier }) => opportunity({ Id: Identifier }),
      ListOpportunities: () => ({ OpportunitySummaries: [row('O1'), row('O2')] }),
      UpdateOpportunity: denied,
    });

    const outcomes = await writeOpportunities(call, 'PartnerOpportunityIdentifier', [change(only)]);

    expect(outcomes).toMatchObject([{ outcome: 'failed', fault: { kind: 'credential' } }]);
    expect(operations().filter((operation) => operation === 'UpdateOpportunity')).toHaveLength(1);
  });

  it('to change any is the matter of the connection, also beside one that there is nothing to change of', async () => {
    const { call, operations } = fakeSelling({
      GetOpportunity: ({ Identifier }) =>
        opportunity({
          Id: Identifier,
          LifeCycle: { Stage: 'Prospect', NextSteps: Identifier === 'O1' ? 'Call' : 'Wait' },
        }),
      ListOpportunities: () => ({ OpportunitySummaries: [row('O1'), row('O2')] }),
      UpdateOpportunity: denied,
    });

    const outcomes = await writeOpportunities(call, 'PartnerOpportunityIdentifier', [change('O1'), change('O2')]);

    expect(outcomes).toMatchObject([{ outcome: 'written' }, { outcome: 'failed', fault: { kind: 'credential' } }]);
    expect(operations().filter((operation) => operation === 'UpdateOpportunity')).toHaveLength(1);
  });

  it('to make one is not the matter of those that were not sent after it', async () => {
    const { call } = fakeSelling({
      GetOpportunity: ({ Identifier }) => opportunity({ Id: Identifier }),
      ListOpportunities: () => ({ OpportunitySummaries: [] }),
      UpdateOpportunity: ({ Identifier }) => ({ Id: Identifier }),
      CreateOpportunity: denied,
    });
    const made: WriteItem = { operation: 'create', unifiedId: 'U-new', values: {}, base: {}, unanswered: [] };

    const outcomes = await writeOpportunities(call, 'PartnerOpportunityIdentifier', [change('O1'), made, change('O3')]);

    expect(outcomes).toMatchObject([
      { outcome: 'written' },
      { outcome: 'failed', fault: { kind: 'credential' } },
      { outcome: 'failed', fault: { kind: 'credential' } },
    ]);
  });

  it('to change one that cannot be read either is the matter of that one', async () => {
    const { call } = fakeSelling({
      GetOpportunity: only('O2'),
      ListOpportunities: () => ({ OpportunitySummaries: [row('O2'), row('O9')] }),
    });

    const outcomes = await writeOpportunities(call, 'PartnerOpportunityIdentifier', [change('O2')]);

    expect(outcomes).toMatchObject([{ outcome: 'failed', fault: { kind: 'rejected' } }]);
  });

  it('to change one opportunity is the matter of that one, and the next is changed', async () => {
    const { call } = fakeSelling({
      GetOpportunity: ({ Identifier }) => opportunity({ Id: Identifier }),
      ListOpportunities: () => ({ OpportunitySummaries: [row('O1')] }),
      UpdateOpportunity: ({ Identifier }) => (Identifier === 'O2' ? denied() : { Id: Identifier }),
    });

    const outcomes = await writeOpportunities(call, 'PartnerOpportunityIdentifier', [change('O2'), change('O1')]);

    expect(outcomes).toMatchObject([
      { outcome: 'failed', fault: { kind: 'rejected', code: 'AccessDeniedException' } },
      { outcome: 'written', externalId: 'O1' },
    ]);
  });
});
