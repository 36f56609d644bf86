import { expect, it } from 'vitest';
import { readOpportunities } from '../../../connectors/aws-partner-central/read-opportunities.ts';
import { fakeSelling, opportunity } from './fake-selling.ts';

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
