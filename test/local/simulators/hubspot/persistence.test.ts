import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { link, openSession } from './simulator-session.ts';

let file: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'hubspot-simulator-'));
  file = join(folder, 'state', 'hubspot.jsonl');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

test('records, histories, archives, merges, associations and properties outlive a restart', async () => {
  const before = await openSession({ file });
  before.simulator.admin.seed([
    { type: 'companies', id: '100', properties: { name: 'A', tributary_id: 'T1' } },
    { type: 'companies', id: '101', properties: { name: 'B' } },
    { type: 'companies', id: '102', properties: { name: 'C' } },
    { type: 'contacts', id: '200', properties: { email: 'kim@example.com' } },
    { type: 'contacts', id: '201', properties: { email: 'lee@example.com' } },
  ]);
  await before.call('POST', '/crm/v3/properties/companies', {
    name: 'region',
    label: 'Region',
    type: 'string',
    fieldType: 'text',
    groupName: 'information',
  });
  before.clock.now += 1_000;
  await before.call('PATCH', '/crm/v3/objects/companies/100', { properties: { name: 'A2', region: 'emea' } });
  await before.call('POST', '/crm/v3/objects/companies/merge', { primaryObjectId: '100', objectIdToMerge: '101' });
  await before.call('DELETE', '/crm/v3/objects/companies/102');
  await before.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '201' });
  const deal = await before.call('POST', '/crm/v3/objects/deals', {
    properties: { dealname: 'D' },
    associations: [link('100', 5)],
  });
  const addresses = [
    '/crm/v3/objects/companies/101?propertiesWithHistory=name,region&associations=deals',
    '/crm/v3/objects/companies/102?archived=true',
    '/crm/v3/objects/contacts',
    `/crm/v3/objects/deals/${deal.body.id}?associations=companies`,
  ];
  const readAll = async (session: typeof before) =>
    Promise.all(addresses.map(async (address) => (await session.call('GET', address)).body));
  const expected = await readAll(before);
  await before.simulator.close();

  const after = await openSession({ file });

  expect(await readAll(after)).toEqual(expected);
  expect((await after.call('POST', '/crm/v3/objects/companies/search', {})).body.total).toBe(1);
  const taken = await after.call('POST', '/crm/v3/objects/companies', { properties: { tributary_id: 'T1' } });
  expect(taken.status).toBe(409);
  const fresh = await after.call('POST', '/crm/v3/objects/deals', { properties: {} });
  expect(Number(fresh.body.id)).toBeGreaterThan(Number(deal.body.id));
});

test('everything answered is kept when the process is killed', async () => {
  const { url, child } = await startProcess();
  const ids: string[] = [];
  for (let batch = 0; batch < 5; batch += 1) {
    const response = await fetch(`${url}/crm/v3/objects/companies/batch/create`, {
      method: 'POST',
      headers: { authorization: 'Bearer simulated-hubspot-token', 'content-type': 'application/json' },
      body: JSON.stringify({
        inputs: Array.from({ length: 100 }, (_, index) => ({ properties: { name: `${batch} ${index}` } })),
      }),
    });
    const { results } = (await response.json()) as { results: { id: string }[] };
    ids.push(...results.map(({ id }) => id));
  }

  child.kill('SIGKILL');
  await once(child, 'exit');
  const after = await openSession({ file });

  expect(
    after.simulator.admin
      .records('companies')
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...ids].sort());
});

test('a line that was cut by a kill is dropped; a damaged line in the middle stops the start with its number', async () => {
  const before = await openSession({ file });
  before.simulator.admin.seed([{ type: 'companies', id: '100', properties: { name: 'A' } }]);
  await before.simulator.close();
  const whole = readFileSync(file, 'utf8');

  writeFileSync(file, `${whole}{"kind":"record","type":"compa`);
  const after = await openSession({ file });
  expect(after.simulator.admin.record('companies', '100')?.properties).toEqual({ name: 'A' });
  await after.simulator.close();

  writeFileSync(file, `${readFileSync(file, 'utf8')}nonsense\n`);
  await expect(openSession({ file })).rejects.toThrow(/hubspot\.jsonl:\d+ is not JSON/);
});

test('a restart compacts the file: many versions of a record become one line', async () => {
  const before = await openSession({ file });
  before.simulator.admin.seed([{ type: 'companies', id: '100', properties: { name: 'A' } }]);
  for (let turn = 0; turn < 30; turn += 1) {
    await before.call('PATCH', '/crm/v3/objects/companies/100', { properties: { name: `Name ${turn}` } });
  }
  await before.simulator.close();

  await (await openSession({ file })).simulator.close();

  const kinds = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).kind);
  expect(kinds).toEqual(['ids', 'record']);
});

async function startProcess(): Promise<{ url: string; child: ChildProcess }> {
  const program = fileURLToPath(new URL('./simulator-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: chunk.toString('utf8').trim(), child };
}
