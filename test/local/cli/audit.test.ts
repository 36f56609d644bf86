import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AuditDifference } from '../../../domain/audit/difference.ts';
import type { AuditWindow } from '../../../domain/audit/window.ts';
import { type AuditOptions, audit } from '../../../local/cli/audit.ts';
import { type HubDouble, hubDouble, Raw, statusOf, statusPage } from './hub-double.ts';

const slept: number[] = [];
// The second look waits, and so does a page that met a limit; here time does not take its time.
vi.mock('node:timers/promises', () => ({ setTimeout: async (ms: number) => void slept.push(ms) }));

let hub: HubDouble;
let lines: string[];
let errors: string[];
let folder: string;

beforeEach(() => {
  slept.length = 0;
  lines = [];
  errors = [];
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(...line.split('\n')));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
});
afterEach(async () => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
  await hub.close();
});

const CONNECTIONS = [
  statusOf({ id: 'sf', objects: { Account: { kind: 'partner', backfilled: true, sweeps: {} } } }),
  statusOf(),
];

async function run(pages: readonly unknown[], change: Partial<AuditOptions> = {}): Promise<number> {
  hub = await hubDouble({ 'GET /api/status': [statusPage(CONNECTIONS)], 'POST /api/audit': pages });
  return audit({ url: hub.url, show: '20', settle: '20', ...change });
}

const sent = (): Readonly<Record<string, unknown>>[] =>
  // Every page is asked for by an object.
  hub.calls.flatMap(({ what, body }) => (what === 'POST /api/audit' ? [body as Record<string, unknown>] : []));

const cursor = { phase: 'records', listed: [], hasMore: true, position: 'p' };

function page(change: Readonly<Record<string, unknown>> = {}): object {
  return {
    looked: 0,
    leftOut: 0,
    same: 0,
    differences: [],
    unchecked: [],
    windows: [],
    queued: { notices: 0, deliveries: 0 },
    cursor,
    hasMore: false,
    ...change,
  };
}

function differs(change: Partial<AuditDifference> = {}): AuditDifference {
  return {
    what: 'differs',
    connection: 'hubspot',
    object: 'company',
    externalId: '7',
    kind: 'partner',
    unifiedId: 'U7',
    reasons: { phone: 'behind' },
    ...change,
  };
}

function window(change: Partial<AuditWindow> = {}): AuditWindow {
  const side = { count: 3, hash: 'aaaaaaaaaaaaaaaa' };
  return {
    connection: 'sf',
    object: 'Account',
    first: 'a',
    last: 'c',
    mappingVersion: 1,
    there: side,
    known: side,
    ...change,
  };
}

describe('hub audit', () => {
  test('walks every object of every connection and ends with 0 when all is the same', async () => {
    const code = await run([
      page({ looked: 3, same: 3, hasMore: true }),
      page({ windows: [window()] }),
      page({ looked: 2, same: 1, leftOut: 1 }),
    ]);

    expect(code).toBe(0);
    expect(lines).toEqual([
      'Connection  Object   There  Same  Differ  Unknown  Missing  Gone  Left out  Equal windows',
      'sf          Account      3     3       0        0        0     0         0         1 of 1',
      'hubspot     company      2     1       0        0        0     0         1         0 of 0',
      '',
      '4 of 4 verified the same (100.00 %).',
    ]);
    const scope = ['sf#Account', 'hubspot#company'];
    expect(sent()).toEqual([
      { connection: 'sf', object: 'Account', scope },
      { connection: 'sf', object: 'Account', scope, cursor },
      { connection: 'hubspot', object: 'company', scope },
    ]);
    expect(slept).toEqual([]);
  });

  test('tells what differs, why and what to do, and ends with 1', async () => {
    const held = differs({ reasons: { tier: 'held', industry: 'held' } });
    const code = await run([page({ looked: 2, same: 2 }), page({ looked: 2, same: 1, differences: [held] })]);

    expect(code).toBe(1);
    expect(lines.slice(4)).toEqual([
      '3 of 4 verified the same (75.00 %).',
      '',
      'Why not:',
      '  Records  Where            What     Why                Fields              Next',
      '        1  hubspot company  differs  held for a person  tier 1, industry 1  npx hub problems',
      '',
      'Which:',
      '  hubspot company 7 differs: tier, industry held for a person  [partner U7]',
    ]);
    expect(slept).toEqual([]);
  });

  test('looks a second time, after a while, at what may only have been on its way', async () => {
    const { externalId: _none, ...record } = differs();
    const missing: AuditDifference = {
      ...record,
      what: 'missing',
      unifiedId: 'U1',
      elsewhere: { connection: 'sf', object: 'Account', externalId: '001' },
      reasons: { '*': 'behind' },
    };
    const unasked = { ...missing, unifiedId: 'U2' };
    const code = await run([
      page({ looked: 1, same: 1, differences: [missing] }),
      page({ looked: 2, differences: [differs(), differs({ externalId: '8' })] }),
      page({ differences: [missing, unasked] }),
      page({ looked: 2, same: 1, differences: [differs()] }),
    ]);

    expect(code).toBe(1);
    expect(sent().slice(2)).toMatchObject([
      { connection: 'sf', object: 'Account', again: { ids: ['001'], look: 'elsewhere' } },
      { connection: 'hubspot', object: 'company', again: { ids: ['7', '8'], look: 'own' } },
    ]);
    expect(slept.every((ms) => ms > 19_000 && ms <= 20_000)).toBe(true);
    expect(slept).toHaveLength(1);
    expect(lines).toContain('2 of 4 verified the same (50.00 %).');
    expect(lines).toContain('  hubspot company (of sf Account 001) missing there: not yet written there  [partner U1]');
  });

  test('tells what two walks find gone once', async () => {
    const gone = differs({ what: 'gone', reasons: { '*': 'not-absorbed' } });
    const code = await run([
      page({ differences: [gone] }),
      page({ differences: [gone] }),
      page({ looked: 1, differences: [gone] }),
    ]);

    expect(code).toBe(1);
    expect(sent()[2]).toMatchObject({ again: { ids: ['7'], look: 'own' } });
    expect(lines).toContain('0 of 1 verified the same (0.00 %).');
  });

  test('tells it once, too, when the first look was over before the second walk met it', async () => {
    const gone = differs({ what: 'gone', reasons: { '*': 'not-absorbed' } });
    // As many as are looked at again on the way.
    const others = Array.from({ length: 1_999 }, (_, at) => differs({ externalId: `x${at}` }));
    const looks = Array.from({ length: 9 }, () => page());
    await run([
      page({ differences: [gone, ...others] }),
      page({ differences: [gone] }),
      ...looks,
      page({ differences: [gone] }),
    ]);

    expect(sent()).toHaveLength(12);
    expect(lines).toContain('0 of 1 verified the same (0.00 %).');
  });

  test('repairs what is still so at the second look, and says how much it queued', async () => {
    await run(
      [
        page(),
        page({ looked: 1, differences: [differs()] }),
        page({ looked: 1, differences: [differs()], queued: { notices: 0, deliveries: 1 } }),
      ],
      { repair: true },
    );

    expect(sent().map(({ repair }) => repair)).toEqual([undefined, undefined, true]);
    expect(lines.at(-1)).toMatch(/^Queued: 0 records to be taken in, 1 to be written\./);
  });

  test('goes on after a limit when it is told to', async () => {
    const code = await run(
      [
        page({ looked: 1, same: 1, hasMore: true, waits: { ms: 7_000, code: 'BUDGET_SPENT' } }),
        page({ looked: 1, same: 1 }),
      ],
      { connection: 'sf' },
    );

    expect(code).toBe(0);
    expect(slept).toEqual([7_000]);
    expect(sent()).toHaveLength(2);
  });

  test('can be of one connection, one object, and a number of records', async () => {
    expect(
      await run([page({ looked: 5, same: 5, hasMore: true })], {
        connection: 'hubspot',
        object: 'company',
        limit: '5',
      }),
    ).toBe(0);

    expect(sent()).toEqual([{ connection: 'hubspot', object: 'company', scope: ['hubspot#company'], most: 5 }]);
    expect(lines).toContain('5 of 5 verified the same, as far as was looked (100.00 %).');
  });

  test('prints one JSON object a line, and a later one says what has changed since', async () => {
    const other = { count: 3, hash: 'bbbbbbbbbbbbbbbb' };
    const second = window({ first: 'd', last: 'f' });
    const third = window({ first: 'g', last: 'i' });
    expect(await run([page({ looked: 9, same: 9, windows: [window(), second, third] }), page()], { json: true })).toBe(
      0,
    );
    const parsed = lines.map((line) => JSON.parse(line));
    expect(parsed.map(({ type }) => type)).toEqual(['window', 'window', 'window', 'object', 'object', 'total']);
    expect(parsed.at(-1)).toEqual({
      type: 'total',
      same: 9,
      of: 9,
      isPart: false,
      failures: [],
      queued: { notices: 0, deliveries: 0 },
    });
    const file = join(folder, 'first.jsonl');
    writeFileSync(file, lines.join('\n'));
    await hub.close();
    lines = [];

    await run(
      [
        page({
          looked: 9,
          same: 9,
          windows: [window(), { ...second, there: other, known: other }, { ...third, last: 'j' }],
        }),
        page(),
      ],
      {
        compare: file,
      },
    );

    expect(lines.slice(-3)).toEqual([
      `Since ${file}: 1 windows as they were, 2 changed; then 9 of 9 were the same.`,
      '  sf Account d to f: 3 records, changed in both',
      '  sf Account g to j: 3 records, not comparable (new records, or another mapping)',
    ]);
  });

  test.each([
    ['a connection that is not there', { connection: 'x' }, 'There is no connection x; there are sf, hubspot.'],
    ['an object that is not there', { object: 'x' }, 'There is no object x: sf has Account; hubspot has company.'],
    ['a limit that is none', { limit: '0' }, '--limit is a whole number from 1.'],
    ['a file that is not there', { compare: '/nowhere' }, '/nowhere cannot be read.'],
  ])('ends with 2 for %s', async (_name, change, message) => {
    expect(await run([page()], change)).toBe(2);
    expect(errors).toEqual([message]);
  });

  test('tells what could not be audited beside what was, and ends with 2', async () => {
    const broken = Array.from({ length: 8 }, () => new Raw(502, '{"error":"sf did not answer: no access"}'));
    const code = await run([...broken, page({ looked: 1, same: 1, unchecked: ['sf'] })]);

    expect(code).toBe(2);
    expect(lines).toContain('1 of 1 verified the same, as far as was looked (100.00 %).');
    expect(lines.slice(-3)).toEqual([
      'Could not be audited:',
      '  sf Account: sf did not answer: no access',
      '  sf: whether all its records are still there',
    ]);
  });

  test('asks again when the hub restarts meanwhile', async () => {
    const code = await run([new Raw(503, '{"message":"Service Unavailable"}'), page({ looked: 1, same: 1 }), page()]);

    expect(code).toBe(0);
    expect(slept).toEqual([5_000]);
  });

  test('keeps the first look when the second fails', async () => {
    const broken = new Raw(502, '{"error":"hubspot did not answer: no access"}');
    const code = await run([page(), page({ looked: 1, differences: [differs()] }), broken]);

    expect(code).toBe(2);
    expect(lines).toContain('0 of 1 verified the same (0.00 %).');
    expect(lines.at(-1)).toBe('  a second look at 1 records of hubspot: hubspot did not answer: no access');
  });
});
