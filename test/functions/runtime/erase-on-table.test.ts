import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Kind } from '../../../domain/model/kind.ts';
import { eraseByPerson, reapplyErasures } from '../../../domain/pipeline/erase/erase-by-person.ts';
import { mergeByPerson } from '../../../domain/pipeline/merge/merge-by-person.ts';
import { dynamoStore } from '../../../functions/runtime/dynamo-store.ts';
import type { Item } from '../../../functions/runtime/items/attribute.ts';
import type { MemoryStore } from '../../../local/memory/memory-store.ts';
import { startTestTable, type TestTable } from '../../support/hub-table.ts';
import { MARK, markedHub, met } from '../../support/marked-hub.ts';
import { bundleOf, type SmallHub } from '../../support/small-hub.ts';
import { tinyVocabulary } from '../../support/tiny-mapping.ts';

let table: TestTable;
let erasures: TestTable;
beforeAll(async () => {
  [table, erasures] = await Promise.all([startTestTable(), startTestTable()]);
});
afterAll(async () => {
  await Promise.all([table.close(), erasures.close()]);
});

function store(): MemoryStore {
  const vocabularies = new Map<Kind, ReturnType<typeof tinyVocabulary>>([['partner', tinyVocabulary()]]);
  return { ...dynamoStore(table.table, vocabularies, 30, erasures.table), everything: () => '', allSources: () => [] };
}

async function items({ client, name }: TestTable): Promise<readonly Item[]> {
  const answer = await client.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
  expect(answer.LastEvaluatedKey).toBeUndefined();
  return answer.Items ?? [];
}

/** Everything in both tables; kept copies of merged records are compressed, so that they must not be there at all. */
async function expectNoMark(): Promise<void> {
  const all = [...(await items(table)), ...(await items(erasures))];
  expect(JSON.stringify(all)).not.toMatch(MARK);
  expect(all.filter((item) => item.pk?.S?.startsWith('merge#'))).toEqual([]);
}

/** Sets the table back, the list of erasures not. */
async function restore(before: readonly Item[]): Promise<void> {
  const { client, name } = table;
  for (const { pk, sk } of await items(table)) {
    if (pk === undefined || sk === undefined) continue;
    await client.send(new DeleteItemCommand({ TableName: name, Key: { pk, sk } }));
  }
  for (const item of before) await client.send(new PutItemCommand({ TableName: name, Item: item }));
}

async function erase(small: SmallHub, id: string, keepIn: readonly string[]): Promise<void> {
  await eraseByPerson(small.hub, { kind: 'partner', id, keepIn, by: 'officer' });
  small.clock.now += 10_000;
  await small.settle();
}

test('nothing of an erased record is left in the table, and a table set back is erased again', async () => {
  const { small, id, a, b } = await markedHub({ store: store() });
  const other = await met(small, 'one', { NAME: 'Globex', DOMAIN: 'globex.example' });
  const twin = (await bundleOf(small, 'one', await met(small, 'one', { NAME: 'Marked twin' }))).id;
  expect(await mergeByPerson(small.hub, 'partner', id, twin, 'somebody')).toBe('done');
  await small.settle();
  const before = await items(table);
  expect(JSON.stringify(before)).toMatch(MARK);
  expect(before.some((item) => item.pk?.S?.startsWith('merge#'))).toBe(true);

  await erase(small, id, ['two']);

  await expectNoMark();
  expect(small.systems.one?.all()).toHaveLength(1);
  const kept = small.systems.two?.all().length;

  await restore(before);
  expect(JSON.stringify(await items(table))).toMatch(MARK);
  expect(await reapplyErasures(small.hub, undefined)).toEqual({ applied: 1, elsewhere: [] });
  small.clock.now += 10_000;
  await small.settle();

  await expectNoMark();
  await small.notice('two', [b]);
  await small.notice('one', [a, other]);
  await small.settle();
  await expectNoMark();
  expect((await bundleOf(small, 'one', other)).unified?.fields.name?.value).toBe('Globex');
  expect(small.systems.two?.all()).toHaveLength(kept ?? 0);
}, 30_000);

test('what a table set back never knew of is recognised from then on', async () => {
  await restore([]);
  const { small, id, b } = await markedHub({ store: store() });
  await erase(small, id, ['two']);
  const connections = (await items(table)).filter((item) => item.pk?.S?.startsWith('connection#'));

  await restore(connections);
  await reapplyErasures(small.hub, undefined);
  await small.settle();
  await small.notice('two', [b]);
  await small.settle();

  await expectNoMark();
  expect((await bundleOf(small, 'two', b)).unified).toMatchObject({ state: 'erased' });
  expect(small.systems.one?.all()).toEqual([]);
}, 30_000);
