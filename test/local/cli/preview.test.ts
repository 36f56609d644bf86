import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CliFault } from '../../../local/cli/cli-fault.ts';
import { preview } from '../../../local/cli/preview.ts';
import { type HubDouble, hubDouble, statusOf, statusPage } from './hub-double.ts';

let hub: HubDouble;
let lines: string[];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await hub.close();
});

const RECORD = {
  kind: 'partner',
  id: 'U1',
  connection: 'hubspot',
  object: 'company',
  externalId: '7',
  operation: 'update',
  fields: [
    { field: 'name', theirs: 'name', before: 'Old', after: 'New', from: 'salesforce#Account#1', rule: 'newest' },
  ],
  held: {},
  missing: [],
  pending: [],
  waiting: [],
};

const objects = {
  company: { kind: 'partner', backfilled: true, sweeps: {} },
  contact: { kind: 'contact', backfilled: true, sweeps: {} },
};

/** A hub with one connection, whose previews answer these pages one after the other. */
async function serve(...pages: readonly object[]): Promise<{ url: string; limit: string }> {
  hub = await hubDouble({
    'GET /api/status': [statusPage([statusOf({ objects })])],
    'POST /api/preview': pages,
  });
  return { url: hub.url, limit: '1000' };
}

const page = (records: readonly object[], change: object = {}): object => ({
  records,
  seen: records.length,
  unknown: 0,
  position: 1,
  hasMore: false,
  ...change,
});
const asked = () => hub.calls.filter(({ what }) => what === 'POST /api/preview').map(({ body }) => body);

describe('hub preview', () => {
  test('prints for each record and field what would be written, from whom and why, and a sum', async () => {
    const fresh = { ...RECORD, id: 'U2', externalId: undefined, operation: 'create' };
    const held = { ...RECORD, id: 'U3', operation: 'none', fields: [], held: { tier: 'no lookup' }, missing: ['name'] };
    const waiting = [
      { fields: ['amount', 'closeDate'], note: 'It is being reviewed.' },
      { fields: [], note: 'It is closed.' },
    ];
    const stopped = { ...RECORD, id: 'U4', operation: 'none', fields: [], waiting };
    const cleared = { ...RECORD.fields[0], theirs: 'city', before: '', after: null };
    const options = await serve(
      page([{ ...RECORD, fields: [...RECORD.fields, cleared] }, fresh, held, stopped]),
      page([]),
    );

    await preview(undefined, options);

    expect(lines).toEqual([
      'hubspot company update 7  [partner U1]',
      '  name: "Old" → "New"   (salesforce#Account#1, newest)',
      '  city: (empty) → (empty)   (salesforce#Account#1, newest)',
      'hubspot company create (new)  [partner U2]',
      '  name: "Old" → "New"   (salesforce#Account#1, newest)',
      'hubspot company held 7  [partner U3]',
      '  tier waits: no lookup',
      '  not without name',
      'hubspot company waiting 7  [partner U4]',
      '  waits in hubspot: amount, closeDate: It is being reviewed.',
      '  waits in hubspot: its deletion: It is closed.',
      'hubspot company update: 1',
      'hubspot company create: 1',
      'hubspot company held: 1',
      'hubspot company waiting: 1',
    ]);
  });

  test('tells a record once that is met on both sides', async () => {
    await preview(undefined, await serve(page([RECORD]), page([RECORD])));

    expect(lines.at(-1)).toBe('hubspot company update: 1');
  });

  test('says that nothing would be written, and what was not read yet', async () => {
    await preview('hubspot', await serve(page([], { unknown: 3 }), page([], { unknown: 1 })));

    expect(lines).toEqual([
      'Nothing would be written.',
      '4 records have not been read yet; run `npx hub backfill` first.',
    ]);
    expect(asked()).toMatchObject([
      { target: 'hubspot', connection: 'hubspot', object: 'company' },
      { object: 'contact' },
    ]);
  });

  test('goes through the pages of each object up to the limit', async () => {
    const full = page([RECORD], { seen: 100, hasMore: true, position: 'next' });

    await preview(undefined, { ...(await serve(full)), limit: '150', kind: 'partner' });

    expect(asked()).toMatchObject([
      { object: 'company', most: 150 },
      { object: 'company', position: 'next', most: 50 },
    ]);
  });

  test('ends where a page brings nothing, even if there should be more', async () => {
    await preview(undefined, { ...(await serve(page([], { hasMore: true }))), kind: 'partner' });

    expect(asked()).toHaveLength(1);
  });

  test('as JSON is one record a line and nothing else', async () => {
    await preview(undefined, { ...(await serve(page([RECORD]), page([], { unknown: 2 }))), json: true });

    expect(lines.map((line) => JSON.parse(line))).toEqual([RECORD]);
  });

  test.each(['0', '-5', '1.5', 'all'])('does not take %s for a limit', async (limit) => {
    const options = await serve(page([]));

    await expect(preview(undefined, { ...options, limit })).rejects.toThrow('--limit is a whole number from 1.');
    expect(hub.calls).toEqual([]);
  });
});

describe('hub preview with another mapping', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'preview-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('sends the file, parsed, under its path in the mappings', async () => {
    const options = { ...(await serve(page([]))), kind: 'partner' };
    await preview(undefined, { ...options, mapping: resolve('mappings/hubspot/company.partner.yaml') });

    expect(asked()).toMatchObject([
      { mapping: { path: 'hubspot/company.partner.yaml', document: { hubId: 'tributary_id' } } },
    ]);
  });

  test('takes a copy elsewhere for the mapping its folder and name say', async () => {
    await mkdir(join(folder, 'hubspot'));
    const file = join(folder, 'hubspot', 'deal.deal.yaml');
    await writeFile(file, 'version: 7\n');

    await preview(undefined, { ...(await serve(page([]))), kind: 'partner', mapping: file });

    expect(asked()).toMatchObject([{ mapping: { path: 'hubspot/deal.deal.yaml', document: { version: 7 } } }]);
  });

  test.each([
    ['is not there', undefined, /cannot be read\.$/],
    ['is not YAML', 'a: [', /x\.yaml: /],
  ])('that %s is said before anything is asked', async (_name, text, message) => {
    const file = join(folder, 'x.yaml');
    if (text !== undefined) await writeFile(file, text);
    const run = preview(undefined, { ...(await serve(page([]))), mapping: file });

    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toBeInstanceOf(CliFault);
    expect(hub.calls).toEqual([]);
  });
});
