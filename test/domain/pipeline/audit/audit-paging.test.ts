import { describe, expect, test } from 'vitest';
import { type Fault, fail } from '../../../../domain/model/fault.ts';
import { auditPage } from '../../../../domain/pipeline/audit/audit-page.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { auditAll, auditOnePage, inShort } from '../../../support/audited-hub.ts';
import { pairedHub, type SmallHub, smallHub, withPort } from '../../../support/small-hub.ts';

describe('a page of an audit', () => {
  async function many(count: number): Promise<SmallHub> {
    const small = await smallHub(['one']);
    const ids = Array.from({ length: count }, (_, at) => small.systems.one?.create({ NAME: `Number ${at}` }) ?? '');
    for (let start = 0; start < count; start += 100) await small.notice('one', ids.slice(start, start + 100));
    await small.settle();
    return small;
  }

  test('ends when there is no more time, and the next goes on from there', async () => {
    const small = await many(450);

    const first = await auditOnePage(small.hub, 'one', {}, () => false);
    const second = await auditOnePage(small.hub, 'one', { cursor: first.cursor }, () => false);
    const whole = await auditAll(small.hub);

    // The first has listed, the second has looked at a slice.
    expect([first.looked, second.looked, second.hasMore]).toEqual([0, 200, true]);
    expect(second.cursor.listed).toHaveLength(250);
    expect(whole).toMatchObject({ looked: 450, same: 450 });
    expect(whole.windows.reduce((sum, { there }) => sum + there.count, 0)).toBe(450);
  });

  test('has the same windows however it was cut', async () => {
    const small = await many(300);
    const cut: unknown[] = [];
    let cursor = (await auditOnePage(small.hub, 'one', {}, () => false)).cursor;
    for (let page = 0; page < 20; page++) {
      const next = await auditOnePage(small.hub, 'one', { cursor }, () => false);
      cut.push(...next.windows);
      cursor = next.cursor;
      if (!next.hasMore) break;
    }

    expect(cut).toEqual((await auditAll(small.hub)).windows);
  });

  test('that meets a limit hands over what it has, and how long to wait', async () => {
    const { small } = await pairedHub();
    const fault: Fault = { kind: 'throttled', code: 'BUDGET_SPENT', message: 'spent', retryAfterMs: 1_234.5 };
    const hub = withPort(small.hub, 'one', () => ({ read: async () => fail(fault) }));

    const page = await auditOnePage(hub, 'one');

    expect(page).toMatchObject({ looked: 0, hasMore: true, waits: { ms: 1_235, code: 'BUDGET_SPENT' } });
    const rest = await auditOnePage(small.hub, 'one', { cursor: page.cursor });
    expect(rest).toMatchObject({ looked: 1, same: 1, hasMore: false });
  });

  test('fails as its system fails', async () => {
    const { small } = await pairedHub();
    const fault: Fault = { kind: 'credential', code: '401', message: 'no access' };
    const request = { connection: 'one', object: 'thing', cursor: undefined, scope: undefined, isRepairing: false };

    const closed: Hub = { ...small.hub, system: async () => fail(fault) };
    const refused = withPort(small.hub, 'one', () => ({ changes: async () => fail(fault) }));

    expect(await auditPage(closed, request)).toEqual({ ok: false, fault });
    expect(await auditPage(refused, request)).toEqual({ ok: false, fault });
  });

  test('looks at no more records than it is told to, and goes on behind them', async () => {
    const small = await many(450);

    const page = await auditOnePage(small.hub, 'one', { most: 201 });
    const rest = await auditOnePage(small.hub, 'one', { cursor: page.cursor });

    expect([page.looked, page.same, page.hasMore]).toEqual([201, 201, true]);
    expect([rest.looked, rest.same, rest.hasMore]).toEqual([249, 249, false]);
  });

  test('says of which connection it could not be seen whether all is there, and audits the others', async () => {
    const { small } = await pairedHub();
    const fault: Fault = { kind: 'credential', code: '401', message: 'no access' };
    const hub = withPort(small.hub, 'two', () => ({ read: async () => fail(fault) }));

    expect(await auditOnePage(hub, 'one')).toMatchObject({ looked: 1, same: 1, unchecked: ['two'], hasMore: false });
  });

  test('says in the log what it found, and nothing of what the records hold', async () => {
    const { small, b } = await pairedHub();
    small.systems.two?.edit(b, { NAME: 'Secret Ltd', NOTE: 'jane@secret.example' });
    const logged: unknown[] = [];

    const hub: Hub = { ...small.hub, log: (step, facts) => void logged.push({ step, ...facts }) };
    const page = await auditOnePage(hub, 'two');

    expect(logged).toEqual([
      {
        step: 'audit',
        connection: 'two',
        object: 'thing',
        looked: 1,
        same: 0,
        different: 1,
        notices: 0,
        deliveries: 0,
      },
    ]);
    expect(JSON.stringify(page).toLowerCase()).not.toContain('secret');
  });

  test('asks vendors as work that is not live', async () => {
    const { small } = await pairedHub();
    const works: unknown[] = [];
    const watched = small.hub.connections.reduce<Hub>(
      (hub, { id }) =>
        withPort(hub, id, (port) => ({
          read: (object, ids, fields, work) => {
            works.push(work);
            return port.read(object, ids, fields);
          },
          changes: (object, mode, position, connectedAt, work) => {
            works.push(work);
            return port.changes(object, mode, position, connectedAt);
          },
        })),
      small.hub,
    );

    await auditAll(watched);

    expect(works.length).toBeGreaterThan(5);
    expect(new Set(works)).toEqual(new Set(['backfill']));
  });

  test('looks once more at the records it is told', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.two?.edit(b, { NOTE: 'by hand' });
    small.systems.two?.create({ NAME: 'New' });

    const own = await auditOnePage(small.hub, 'two', { again: { ids: [b], look: 'own' } });
    small.systems.two?.remove(b);
    const elsewhere = await auditOnePage(small.hub, 'one', { again: { ids: [a], look: 'elsewhere' } });

    expect(inShort(own.differences)).toEqual([`two ${b} differs note:not-absorbed`]);
    expect(own).toMatchObject({ looked: 1, hasMore: false });
    expect(inShort(elsewhere.differences)).toEqual([`two ${b} gone *:not-absorbed`]);
    expect(elsewhere.looked).toBe(0);
  });
});
