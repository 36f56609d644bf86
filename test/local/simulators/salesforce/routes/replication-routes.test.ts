import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../../../../local/simulators/salesforce/instants.ts';
import { startOrg, testNow } from '../org-under-test.ts';

const hourMs = 60 * 60 * 1000;
const span = (startMs: number, endMs: number) =>
  `?start=${encodeURIComponent(formatInstant(startMs))}&end=${encodeURIComponent(formatInstant(endMs))}`;

describe('deleted and updated', () => {
  it('answer the ids of the span, and how far they cover it', async () => {
    const org = await startOrg();
    const [kept, gone] = org.simulator.seed([
      { object: 'Account', values: { Name: 'Kept', SystemModstamp: formatInstant(testNow - hourMs) } },
      { object: 'Account', values: { Name: 'Gone', IsDeleted: true, SystemModstamp: formatInstant(testNow - hourMs) } },
      {
        object: 'Account',
        values: { Name: 'Older', IsDeleted: true, SystemModstamp: formatInstant(testNow - 3 * hourMs) },
      },
    ]);

    const deleted = await org.call(
      'GET',
      `sobjects/Account/deleted/${span(testNow - 2 * hourMs, testNow - hourMs + 120_000)}`,
    );
    const updated = await org.call('GET', `sobjects/Account/updated${span(testNow - 2 * hourMs, testNow + hourMs)}`);

    expect(deleted.json).toEqual({
      deletedRecords: [{ id: gone, deletedDate: '2026-03-04T04:06:07.000+0000' }],
      earliestDateAvailable: '2026-02-17T05:06:07.890+0000',
      latestDateCovered: '2026-03-04T04:08:00.000+0000',
    });
    expect(updated.json).toEqual({ ids: [kept], latestDateCovered: formatInstant(testNow) });
  });

  it.each([
    ['a start more than 15 days ago', span(testNow - 16 * 24 * hourMs, testNow), 'INVALID_REPLICATION_DATE'],
    ['a span within one minute', span(testNow - 5_000, testNow), 'INVALID_REPLICATION_DATE'],
    ['a span that runs backwards', span(testNow, testNow - hourMs), 'INVALID_REPLICATION_DATE'],
    ['no span', '', 'INVALID_ARGUMENT_TYPE'],
  ])('refuse %s', async (_what, query, errorCode) => {
    const org = await startOrg();

    expect(await org.call('GET', `sobjects/Account/deleted/${query}`)).toMatchObject({
      status: 400,
      json: [{ errorCode }],
    });
  });
});
