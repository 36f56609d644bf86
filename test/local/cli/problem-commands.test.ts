import { describe, expect, test, vi } from 'vitest';
import { listProblems } from '../../../local/cli/problems.ts';
import { useTerminal } from './hub-double.ts';

// Polling waits a second between two looks; here the answers do not take their time.
vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const { lines, serve, called } = useTerminal();

const AGAIN = '\nAgain: npx hub retry <id>. To leave one: npx hub ignore <id> --reason "<why>".';

describe('hub problems', () => {
  test('prints what happened, the next step, whom it concerns by name, and where to look', async () => {
    const options = await serve({
      'GET /api/problems?limit=2': [
        {
          problems: [
            {
              id: 'p1',
              cause: 'doubtful-match',
              connection: 'hubspot',
              object: 'company',
              externalId: '7',
              message: 'It looks like another.',
              value: 'Sun & Wind',
              nextStep: 'Say whether they are the same.',
              candidates: ['U1', 'U2'],
              record: { kind: 'partner', id: 'U1', name: 'Nordlicht AG' },
              others: { U1: { kind: 'partner', id: 'U1', name: 'Nordlicht AG' }, U2: { kind: 'partner', id: 'U2' } },
              openedAt: '2026-08-20T09:30:00.000Z',
            },
            {
              id: 'p2',
              cause: 'credential',
              connection: 'sf',
              message: 'The access was revoked.',
              nextStep: 'Renew it.',
              openedAt: '2026-08-20T09:31:00.000Z',
            },
          ],
          next: 'x',
        },
      ],
    });

    await listProblems({ ...options, limit: '2' });

    expect(lines).toEqual([
      'p1  doubtful-match  hubspot company 7  “Nordlicht AG”  since 2026-08-20T09:30:00.000Z',
      '  It looks like another.',
      '  Its value: “Sun & Wind”',
      '  Next: Say whether they are the same.',
      '  Concerns: U1 “Nordlicht AG”, U2',
      '  See: npx hub record partner U1',
      'p2  credential  sf  since 2026-08-20T09:31:00.000Z',
      '  The access was revoked.',
      '  Next: Renew it.',
      AGAIN,
      'There are more than these 2: npx hub problems --limit 8',
    ]);
  });

  test('goes on page by page for more than one call answers', async () => {
    const told = (id: string): object => ({
      id,
      cause: 'loop',
      connection: 'sf',
      message: 'M.',
      nextStep: 'N.',
      openedAt: 'T',
    });
    const page = (from: number, count: number): object[] =>
      Array.from({ length: count }, (_, index) => told(`p${from + index}`));
    const options = await serve({
      'GET /api/problems?limit=200&cause=loop': [{ problems: page(0, 200), next: 'x' }],
      'GET /api/problems?limit=200&cause=loop&after=x': [{ problems: page(200, 30), next: 'y' }],
      'GET /api/problems?limit=200&cause=loop&after=y': [{ problems: page(230, 3) }],
    });

    await listProblems({ ...options, cause: 'loop', limit: '450' });

    expect(lines.filter((line) => /^p\d/.test(line))).toHaveLength(233);
    expect(lines.at(-1)).toBe(AGAIN);
    expect(called()).toHaveLength(3);
  });

  test('says how to see more of the same', async () => {
    const told = { id: 'p', cause: 'loop', connection: 'sf', message: 'M.', nextStep: 'N.', openedAt: 'T' };
    const query = 'limit=1&cause=loop&connection=sf&state=ignored';
    const options = await serve({ [`GET /api/problems?${query}`]: [{ problems: [told], next: 'x' }] });

    await listProblems({ ...options, cause: 'loop', connection: 'sf', ignored: true, limit: '1' });

    expect(lines.at(-1)).toBe(
      'There are more than these 1: npx hub problems --limit 4 --cause loop --connection sf --ignored',
    );
  });

  test('says that there are none', async () => {
    const none = { groups: [], isMore: false, ignored: 0 };
    await listProblems(await serve({ 'GET /api/problems/summary': [none] }));

    expect(lines).toEqual(['No open problems.']);
  });

  test('counts them by cause and connection unless asked for some', async () => {
    const group = { cause: 'refused-value', connection: 'sf', count: 12, oldestAt: 'T', nextStep: 'Correct it.' };
    await listProblems(await serve({ 'GET /api/problems/summary': [{ groups: [group], isMore: false, ignored: 3 }] }));

    expect(lines).toEqual([
      '    12  refused-value  sf  since T',
      '        Next, of the oldest: Correct it.',
      '\nOne by one: npx hub problems --cause <cause> [--connection <connection>]',
      'Ignored: 3 (npx hub problems --ignored)',
    ]);
  });

  test('tells of an ignored one who said so and why', async () => {
    const ignored = { at: 'T2', by: 'arn:aws:iam::1:user/ada', reason: 'Gone in spring.' };
    const told = { id: 'p', cause: 'loop', connection: 'sf', message: 'M.', nextStep: 'N.', openedAt: 'T1', ignored };
    const options = await serve({ 'GET /api/problems?limit=50&connection=sf&state=ignored': [{ problems: [told] }] });

    await listProblems({ ...options, connection: 'sf', ignored: true });

    expect(lines).toEqual([
      'p  loop  sf  since T1',
      '  M.',
      '  Next: N.',
      '  Ignored by arn:aws:iam::1:user/ada since T2: Gone in spring.',
    ]);
  });

  test.each(['a&b', '0', '1.5'])('asks for no limit of %s', async (limit) => {
    const options = await serve({});

    await expect(listProblems({ ...options, limit })).rejects.toThrow('--limit is a whole number, 1 or more.');
    expect(called()).toEqual([]);
  });
});
