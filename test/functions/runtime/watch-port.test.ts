import { expect, test } from 'vitest';
import type { Work } from '../../../domain/model/notice.ts';
import type { SystemPort } from '../../../domain/pipeline/ports.ts';
import { watchPort } from '../../../functions/runtime/watch-port.ts';

test('a call that waits for tomorrow’s allowance is told of, once a call, and no other', async () => {
  let told = 0;
  const fault = (code: string) => ({ kind: 'throttled', code, message: 'spent' }) as const;
  const port: SystemPort = {
    connection: 'c',
    system: 's',
    limits: () => ({ readMax: 1, writeMax: 1 }),
    read: async (_object, [code = '']) => ({ ok: false, fault: fault(code) }),
    find: async (_object, code) => ({ ok: false, fault: fault(code) }),
    newcomers: async (_object, code) => ({ ok: false, fault: fault(code) }),
    write: async (_object, code) => [1, 2].map(() => ({ outcome: 'failed', fault: fault(code) })),
    changes: async () => ({ ok: true, value: { ids: [], position: undefined, hasMore: false } }),
    account: async () => ({ ok: true, value: { accountId: '1', owners: {} } }),
  };
  const watched = watchPort(
    port,
    async () => undefined,
    () => {
      told += 1;
    },
  );

  await watched.read('o', ['BUDGET_SPENT'], []);
  await watched.find('o', 'BUDGET_SPENT', []);
  await watched.newcomers('o', 'BUDGET_SPENT', 0);
  await watched.write('o', 'BUDGET_SPENT', []);
  expect(told).toBe(0);
  await watched.read('o', ['DAY_SPENT'], []);
  await watched.find('o', 'DAY_SPENT', []);
  await watched.newcomers('o', 'DAY_SPENT', 0);
  await watched.write('o', 'DAY_SPENT', []);

  expect(told).toBe(4);
});

test('a watched port is told how urgent a call is, as the port itself would be', async () => {
  const heard: (Work | undefined)[] = [];
  const port: SystemPort = {
    connection: 'c',
    system: 's',
    limits: () => ({ readMax: 1, writeMax: 1 }),
    read: async (_object, _ids, _fields, work) => {
      heard.push(work);
      return { ok: true, value: [] };
    },
    find: async (_object, _hubIdField, _unifiedIds, work) => {
      heard.push(work);
      return { ok: true, value: new Map() };
    },
    newcomers: async (_object, _hubIdField, _since, work) => {
      heard.push(work);
      return { ok: true, value: [] };
    },
    write: async (_object, _hubIdField, _items, work) => {
      heard.push(work);
      return [];
    },
    changes: async (_object, _mode, _position, _connectedAt, work) => {
      heard.push(work);
      return { ok: true, value: { ids: [], position: undefined, hasMore: false } };
    },
    account: async () => ({ ok: true, value: { accountId: '1', owners: {} } }),
  };
  const watched = watchPort(port, async () => undefined);

  await watched.read('o', [], [], 'backfill');
  await watched.find('o', 'f', [], 'backfill');
  await watched.newcomers('o', 'f', 0, 'backfill');
  await watched.write('o', 'f', [], 'backfill');
  await watched.changes('o', 'deletions', undefined, 0, 'backfill');
  await watched.read('o', [], []);

  expect(heard).toEqual(['backfill', 'backfill', 'backfill', 'backfill', 'backfill', undefined]);
});
