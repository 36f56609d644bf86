import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type HubDouble, hubDouble } from './hub-double.ts';

let hub: HubDouble | undefined;
let printed: string;
const argv = process.argv;

class Exit extends Error {}

beforeEach(() => {
  printed = '';
  vi.resetModules();
  const print = (text: string | Uint8Array): boolean => {
    printed += String(text);
    return true;
  };
  vi.spyOn(process.stderr, 'write').mockImplementation(print);
  vi.spyOn(console, 'error').mockImplementation((line: string) => void print(`${line}\n`));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void print(`${line}\n`));
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Exit(`exit ${code}`);
  });
});
afterEach(async () => {
  process.argv = argv;
  process.exitCode = undefined;
  vi.restoreAllMocks();
  await hub?.close();
  hub = undefined;
});

/** The command as a person types it. */
async function type(...words: readonly string[]): Promise<void> {
  process.argv = ['node', 'hub', ...words];
  await import('../../../local/cli/hub.ts');
}

test.each([
  ['record', ['<kind> <record>', 'partner, contact, deal, lead', '<connection>:<object>:<external id>']],
  ['release', ['<connection>', 'as npx hub status tells it']],
  ['merge', ['<kind> <survivor> <other>', '--yes']],
])('%s without what it needs says what it needs', async (command, told) => {
  await type(command);

  expect(printed).toContain('missing required argument');
  for (const each of told) expect(printed).toContain(each);
  expect(process.exitCode).not.toBe(0);
});

test('a record is shown by what the hub prints as its place, with every place where it lies', async () => {
  const seats = { 'sf#Account': '001' };
  const record = { kind: 'partner', id: 'U1', state: 'present', version: 1, changedAt: 'T', fields: {}, seats };
  const shadows = [{ seat: 'sf#Account', externalId: '002' }];
  const answer = { ...record, shadows, problems: [], waiting: [], journal: [] };
  hub = await hubDouble({ 'GET /api/records/partner?ref=sf%23Account%23001': [answer] });

  await type('record', 'partner', 'sf#Account#001', '--url', hub.url);

  expect(printed).toContain('partner U1  (present, version 1');
  expect(printed).toContain('  sf#Account  001\n  sf#Account  002  (a second one there');
});
