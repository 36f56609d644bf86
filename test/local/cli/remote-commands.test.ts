import { describe, expect, test, vi } from 'vitest';
import { changeConnection } from '../../../local/cli/change-connection.ts';
import { merge, unmerge } from '../../../local/cli/merge.ts';
import { openSimulated } from '../../../local/cli/open-simulated.ts';
import { ignore, redrive, retry } from '../../../local/cli/problems.ts';
import { describeBudget, status } from '../../../local/cli/status.ts';
import { statusOf, statusPage, useTerminal } from './hub-double.ts';

// Polling waits a second between two looks; here the answers do not take their time.
vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const { lines, serve, calls, called } = useTerminal();

const bodies = (): unknown[] => calls().map(({ body }) => body);

describe('hub status', () => {
  test('prints connections with their objects, queues and open problems', async () => {
    const sweeps = {
      changes: { seen: 12, finished: true, startedAt: '2026-08-20T09:30:00.000Z' },
      backfill: { seen: 400, finished: false, startedAt: '2026-08-20T09:30:00.000Z' },
    };
    const options = await serve({
      'GET /api/status': [
        statusPage(
          [
            statusOf({ objects: { company: { kind: 'partner', backfilled: false, sweeps } } }),
            statusOf({ id: 'sf', system: 'salesforce', state: 'paused', paused: 'paused by a person', objects: {} }),
          ],
          {
            queues: { inbound: { ready: 3, inFlight: 20, delayed: 100 } },
            openProblems: 200,
            openProblemsAreMore: true,
          },
        ),
      ],
    });

    await status(options);

    expect(lines.join('\n')).toBe(
      [
        `Hub (local) at ${options.url}`,
        '',
        'hubspot: hubspot, kept in step, direction both',
        '  company        not backfilled  changes 12, backfill 400 …',
        'sf: salesforce, paused (paused by a person), direction both',
        '',
        'Behind each object: how many records its last sweeps named (changes and deletions, walk, backfill); … is still on its way.',
        '',
        'Queue, in messages             ready  in flight  delayed',
        'inbound                            3         20      100',
        '',
        'Open problems: at least 200 (npx hub problems counts them all)',
      ].join('\n'),
    );
  });

  test('tells what is used and left of a day, and where it is going', () => {
    const budget = {
      budget: 'daily',
      limit: 250_000,
      window: 'day',
      used: 41_200,
      left: 208_800,
      forecast: 63_000,
      backgroundPercent: 70,
      isTold: true,
    } as const;

    expect(describeBudget(budget)).toBe(
      '41,200 of 250,000 calls today, at this pace 63,000 by midnight UTC; backfills keep to 70 %',
    );
    const spentAt = '2026-11-27T17:40:00.000Z';
    expect(describeBudget({ ...budget, window: 'rolling', isTold: false, spentAt })).toBe(
      '41,200 of 250,000 calls of the hub in 24 hours, at this pace all used at 17:40 UTC; the hub slows down then, and loses nothing; backfills keep to 70 %',
    );
  });

  test('points to nothing when nothing is open', async () => {
    await status(await serve({ 'GET /api/status': [statusPage([])] }));

    expect(lines.at(-1)).toBe('\nOpen problems: 0');
  });
});

describe('what a person decides', () => {
  test.each([
    ['retry', retry, 'POST /api/problems/p%231/retry'],
    ['ignore', ignore, 'POST /api/problems/p%231/ignore'],
  ] as const)('%s is asked of the hub and confirmed', async (_name, command, route) => {
    await command('p#1', { ...(await serve({ [route]: [{}] })), reason: 'Known.' });

    expect(called()).toEqual([route]);
    expect(lines).toEqual([expect.stringMatching(/^p#1 is /)]);
  });

  test('a reason goes with what is ignored, and it can be taken back', async () => {
    const options = await serve({ 'POST /api/problems/p/ignore': [{}], 'POST /api/problems/p/attend': [{}] });

    await ignore('p', { ...options, reason: 'Known.' });
    await ignore('p', { ...options, undo: true });

    expect(bodies()).toEqual([{ reason: 'Known.' }, undefined]);
    expect(lines).toEqual([
      'p is ignored until its cause changes. To take that back: npx hub ignore p --undo',
      'p is open again.',
    ]);
  });

  test.each([undefined, '', '  '])(
    'nothing is ignored without a reason (%j), and the reason is asked for',
    async (reason) => {
      const options = await serve({ 'POST /api/problems/p/ignore': [{}] });

      const said = ignore('p', { ...options, ...(reason === undefined ? {} : { reason }) });

      await expect(said).rejects.toThrow('Say why, for whoever looks at it later: npx hub ignore p --reason "<why>".');
      expect(called()).toEqual([]);
    },
  );

  test('all of a cause are tried again, page by page, those that open again meanwhile left out', async () => {
    const pages = [
      { before: 9, retried: 50, busy: 1, next: 'x' },
      { before: 9, retried: 7, busy: 0 },
    ];
    const options = await serve({ 'POST /api/problems/retry': pages });

    await retry(undefined, { ...options, cause: 'rejected', connection: 'sf' });

    expect(bodies()).toEqual([
      { cause: 'rejected', connection: 'sf' },
      { cause: 'rejected', connection: 'sf', before: 9, after: 'x' },
    ]);
    expect(lines).toEqual([
      '57 tried again. Those whose cause is still there open again.',
      '1 were being written just then and stay open; run it again.',
    ]);
  });

  test('neither all problems nor two ways of saying which are tried again', async () => {
    const options = await serve({});

    await expect(retry(undefined, options)).rejects.toThrow('Say which');
    await expect(retry('p', { ...options, cause: 'loop' })).rejects.toThrow('not both');
    expect(called()).toEqual([]);
  });

  const preview = {
    fields: [{ id: 'U2', field: 'name', before: 'Globex', after: 'Acme' }],
    writes: [
      {
        connection: 'sf',
        object: 'Account',
        externalId: '7',
        operation: 'update',
        fields: [{ theirs: 'Name', before: 'Globex', after: 'Acme' }],
      },
    ],
    remarks: ['Merge the two in sf.'],
  };

  test('a merge is shown and not done', async () => {
    const route = 'GET /api/records/partner/U1/merge?other=U2';
    await merge('partner', 'U1', 'U2', await serve({ [route]: [preview] }));

    expect(called()).toEqual([route]);
    expect(lines).toEqual([
      'In the hub, what U2 stands for:',
      '  name: "Globex" → "Acme"',
      'In sf, Account 7: update',
      '  Name: "Globex" → "Acme"',
      'For you to do then: Merge the two in sf.',
      '\nNothing was written. To do it: npx hub merge partner U1 U2 --yes',
    ]);
  });

  test('a merge that is meant is confirmed with the way to undo it and what is left to a person', async () => {
    const route = 'POST /api/records/partner/U1/merge?other=U2';
    const answer = { merge: 'U1.U2', remarks: ['Merge the two in sf.'] };
    await merge('partner', 'U1', 'U2', { ...(await serve({ [route]: [answer] })), yes: true });

    expect(lines).toEqual([
      'U2 is now part of U1 in the hub. To undo it: npx hub unmerge U1.U2 --yes',
      'For you to do: Merge the two in sf.',
    ]);
  });

  test('the undoing of a merge is shown first, and tells what is left to a person', async () => {
    const options = await serve({
      'GET /api/merges/U1.U2/unmerge': [{ fields: [], writes: [], remarks: [] }],
      'POST /api/merges/U1.U2/unmerge': [{ remarks: ['Make it again.'] }],
    });

    await unmerge('U1.U2', options);
    await unmerge('U1.U2', { ...options, yes: true });

    expect(lines).toEqual([
      'In the hub, no value would change.',
      'Nothing would be written to any system.',
      '\nNothing was written. To do it: npx hub unmerge U1.U2 --yes',
      'U1.U2 is undone; the systems are being put right.',
      'For you to do: Make it again.',
    ]);
  });

  test.each(['release', 'pause', 'resume'] as const)('%s of a connection is confirmed', async (change) => {
    await changeConnection(change, 'hubspot', await serve({ [`POST /api/connections/hubspot/${change}`]: [{}] }));

    expect(lines).toEqual([expect.stringMatching(/^hubspot: /)]);
  });

  test('a resuming of what was not paused says that', async () => {
    const options = await serve({ 'POST /api/connections/hubspot/resume': [{ wasPaused: false }] });

    await changeConnection('resume', 'hubspot', options);

    expect(lines).toEqual(['hubspot: It was not paused, so there was nothing to do.']);
  });

  test.each([
    [
      { isPaused: true },
      'It is released, but paused: nothing is read from it or written to it until npx hub resume hubspot.',
    ],
    [{ wasReleased: true }, 'It was released already, so there was nothing to do.'],
    [
      { wasReleased: true, isPaused: true },
      'It was released already, but paused: nothing is read from it or written to it until npx hub resume hubspot.',
    ],
    [{}, 'The hub writes to it from now on; what it lacks is on its way.'],
  ])('a release that found it %j says so', async (answer, said) => {
    await changeConnection('release', 'hubspot', await serve({ 'POST /api/connections/hubspot/release': [answer] }));

    expect(lines).toEqual([`hubspot: ${said}`]);
  });

  test('a redrive that finds nothing says so', async () => {
    await redrive(await serve({ 'POST /api/dead-letters/redrive': [{ moved: { inbound: 0 }, hasMore: false }] }));

    expect(lines).toEqual(['No dead letters.']);
  });

  test('a redrive goes on while there is more, and tells what moved', async () => {
    const options = await serve({
      'POST /api/dead-letters/redrive': [
        { moved: { inbound: 500, sweep: 0 }, hasMore: true },
        { moved: { inbound: 1, sweep: 2 }, hasMore: false },
      ],
    });

    await redrive(options);

    expect(lines).toEqual(['inbound: 500 sent again', 'inbound: 1 sent again', 'sweep: 2 sent again']);
  });

  test('a redrive that never ends is given up', async () => {
    await redrive(await serve({ 'POST /api/dead-letters/redrive': [{ moved: { inbound: 500 }, hasMore: true }] }));

    expect(calls()).toHaveLength(100);
  });
});

describe('the first start with simulated systems', () => {
  test('releases every connection before it reads any, and only those that are closed', async () => {
    const closed = (id: string): object => statusOf({ id, state: 'reading only' });
    const options = await serve({
      'GET /api/status': [statusPage([closed('salesforce'), statusOf({ id: 'other' }), closed('hubspot')])],
      ...Object.fromEntries(
        ['salesforce', 'hubspot'].flatMap((id) =>
          ['release', 'backfill'].map((what) => [`POST /api/connections/${id}/${what}`, [{}]]),
        ),
      ),
    });

    await openSimulated(options);

    expect(called().slice(1)).toEqual([
      'POST /api/connections/salesforce/release',
      'POST /api/connections/hubspot/release',
      'POST /api/connections/salesforce/backfill',
      'POST /api/connections/hubspot/backfill',
    ]);
  });

  test('is quiet when everything is open', async () => {
    await openSimulated(await serve({ 'GET /api/status': [statusPage([statusOf()])] }));

    expect([called(), lines]).toEqual([['GET /api/status'], []]);
  });
});
