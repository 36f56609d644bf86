import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dayBefore } from '../../../domain/money/published-rates.ts';
import { readEcbRates } from '../../../local/cli/ecb-rates-file.ts';
import { importRates } from '../../../local/cli/rates.ts';
import { type HubDouble, hubDouble } from './hub-double.ts';

const HEADER = 'Date,USD,JPY,CYP,';

describe('a file of the ECB’s rates', () => {
  test('gives each day its rates, without those that were not published', () => {
    const text = `${HEADER}\r\n2026-04-13,1.1684,186.75,N/A,\r\n2026-04-10,1.1711,,0.58231,\r\n`;

    expect(readEcbRates('hist.csv', text)).toEqual([
      { day: '2026-04-13', base: 'EUR', rates: { USD: '1.1684', JPY: '186.75' } },
      { day: '2026-04-10', base: 'EUR', rates: { USD: '1.1711', CYP: '0.58231' } },
    ]);
    expect(readEcbRates('hist.csv', text, '2026-04-11').map(({ day }) => day)).toEqual(['2026-04-13']);
  });

  test('may end its lines without a comma, and its rates in noughts', () => {
    expect(readEcbRates('hist.csv', 'Date,USD\n2026-04-13,1.1680')).toEqual([
      { day: '2026-04-13', base: 'EUR', rates: { USD: '1.168' } },
    ]);
  });

  test.each([
    ['another file', 'Day;USD\n', /^hist\.csv is no history of the ECB’s reference rates/],
    ['no currency', 'Date,\n', /is no history/],
    ['an archive', 'PK\u0003\u0004', /eurofxref-hist\.zip from the ECB and unpack it/],
    ['a row without a day', `${HEADER}\n13.04.2026,1,2,3,`, /^hist\.csv:2: the row does not begin with a day/],
    ['a day that is none', `${HEADER}\n2026-02-30,1,2,3,`, /^hist\.csv:2: the row does not begin with a day/],
    [
      'a row cut short',
      `${HEADER}\n2026-04-13,1,2,3,\n2026-04-10,1.17`,
      /^hist\.csv:3: the row has 1 rates for 3 currencies\.$/,
    ],
    ['a rate that is none', `${HEADER}\n2026-04-13,1,none,3,`, /^hist\.csv:2: the rate of JPY is no number above 0\.$/],
    ['a rate of nothing', `${HEADER}\n2026-04-13,0,2,3,`, /^hist\.csv:2: the rate of USD is no number above 0\.$/],
  ])('that is %s is refused with the place', (_name, text, reason) => {
    expect(() => readEcbRates('hist.csv', text)).toThrow(reason);
  });
});

describe('hub rates import', () => {
  let hub: HubDouble;
  let lines: string[];
  let folder: string;

  beforeEach(async () => {
    lines = [];
    folder = await mkdtemp(join(tmpdir(), 'rates-'));
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await hub.close();
    await rm(folder, { recursive: true });
  });

  async function file(days: number): Promise<string> {
    const path = join(folder, 'hist.csv');
    const rows = Array.from({ length: days }, (_, back) => `${dayBefore('2026-04-13', back)},1.1,2,N/A,`);
    await writeFile(path, [HEADER, ...rows].join('\n'));
    return path;
  }

  test('brings all days, the oldest first, and says what comes of it', async () => {
    hub = await hubDouble({ 'POST /api/rates': [{ days: 200, reportingCurrency: 'EUR' }] });
    await importRates(await file(450), { url: hub.url });

    const sent = hub.calls.map(({ body }) => (body as { days: { day: string }[] }).days.map(({ day }) => day));
    expect(sent.map(({ length }) => length)).toEqual([200, 200, 50]);
    expect(sent.flat()).toEqual(sent.flat().toSorted());
    expect(lines).toEqual([
      `Rates of 450 days are kept, ${dayBefore('2026-04-13', 449)} to 2026-04-13.`,
      'Deals that had no rate to EUR get it when they are next read: within a day, or now with `npx hub backfill`.',
    ]);
  });

  test('says that a hub without a reporting currency uses none', async () => {
    hub = await hubDouble({ 'POST /api/rates': [{ days: 1, reportingCurrency: null }] });
    await importRates(await file(3), { url: hub.url, since: '2026-04-13' });

    expect(lines[0]).toBe('Rates of 1 days are kept, 2026-04-13 to 2026-04-13.');
    expect(lines[1]).toContain('set reportingCurrency in infra/stages.yaml');
  });

  test.each([
    ['a file that is not there', 'nowhere.csv', {}, 'cannot be read'],
    ['a day that is none', 'hist.csv', { since: 'May' }, '--since is a day such as 2026-01-01.'],
    ['a file with nothing new', 'hist.csv', { since: '2026-05-01' }, 'has no rates since 2026-05-01.'],
  ])('does not go on with %s', async (_name, name, options, reason) => {
    hub = await hubDouble({});
    await file(3);

    await expect(importRates(join(folder, name), { url: hub.url, ...options })).rejects.toThrow(reason);
    expect(hub.calls).toEqual([]);
  });
});
