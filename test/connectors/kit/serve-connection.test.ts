import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Call, ObjectConnector } from '../../../connectors/kit/connector.ts';
import { type Fault, fail, succeed } from '../../../domain/model/fault.ts';
import type { ReadOutcome, WriteItem } from '../../../domain/model/snapshot.ts';
import { stepClock } from '../contract/contract-stage.ts';
import { type ServeForTest, serveStage } from '../contract/served-connection.ts';
import { type FakeApi, FakeVendorError, fakeConnector } from './fake-connector.ts';

const transient: Fault = { kind: 'transient', code: 'DOWN', message: 'down' };
const throttled: Fault = { kind: 'throttled', code: 'SLOW', message: 'slow', retryAfterMs: 600_000 };
const uncertain: Fault = { kind: 'uncertain', code: 'LOST', message: 'lost' };
const rejected: Fault = { kind: 'rejected', code: 'BAD', message: 'jane@customer.example is bad' };

function serve(thing: Partial<ObjectConnector<FakeApi>>, options: ServeForTest = {}) {
  const clock = stepClock(0);
  const { connector, counts } = fakeConnector(thing);
  const stage = {
    settings: { id: 'fake', system: 'fake', auth: 'none', objects: ['thing'] },
    credentials: {},
  };
  return { ...serveStage(connector, stage, clock, options), clock, counts };
}

const items = (count: number): readonly WriteItem[] =>
  Array.from({ length: count }, (_, index) => ({
    operation: 'create',
    unifiedId: `u${index}`,
    values: {},
    base: {},
  }));

/** An object whose read makes one call that does as told, turn by turn; the last one again and again. */
function calling(turns: readonly (() => unknown)[], isRepeatable = true) {
  let calls = 0;
  const thing: Partial<ObjectConnector<FakeApi>> = {
    async read(call: Call<FakeApi>, ids) {
      const answer = await call({ route: 'thing.read', isRepeatable, budgets: ['calls'] }, async () => {
        calls += 1;
        return turns[Math.min(calls, turns.length) - 1]?.();
      });
      return answer.ok ? succeed(ids.map(() => ({ outcome: 'missing' }) as const)) : answer;
    },
  };
  return { thing, calls: () => calls };
}

const throwing =
  (fault: Fault, isExpired = false) =>
  () => {
    throw new FakeVendorError(fault, isExpired);
  };

afterEach(() => {
  vi.useRealTimers();
});

describe('batches', () => {
  it('are cut into what the vendor takes, and answered in the order asked', async () => {
    const pieces: (readonly string[])[] = [];
    const { port } = serve({
      async read(_call, ids) {
        pieces.push(ids);
        return succeed(
          ids.map((externalId) => ({ outcome: 'found', snapshot: { externalId, modifiedAt: 0, values: {} } })),
        );
      },
    });

    const answer = await port.read('thing', ['1', '2', '3', '4', '5', '6', '7'], []);

    expect(pieces).toEqual([['1', '2', '3'], ['4', '5', '6'], ['7']]);
    const ids = answer.ok ? answer.value.map((each) => each.outcome === 'found' && each.snapshot.externalId) : [];
    expect(ids).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('of nothing ask nobody', async () => {
    const { port, counts } = serve({});

    expect(await port.read('thing', [], [])).toEqual({ ok: true, value: [] });
    expect(await port.write('thing', 'hub', [])).toEqual([]);
    expect(counts.authenticated).toBe(0);
  });

  it('fail as a whole only when every piece failed', async () => {
    const some = serve({
      read: async (_call, ids) =>
        ids.includes('4') ? fail(rejected) : succeed(ids.map(() => ({ outcome: 'missing' }))),
    });
    const none = serve({ read: async () => fail(rejected) });

    const partly = await some.port.read('thing', ['1', '2', '3', '4', '5', '6', '7'], []);
    const wholly = await none.port.read('thing', ['1', '2', '3', '4'], []);

    const outcomes = partly.ok ? partly.value.map((each: ReadOutcome) => each.outcome) : [];
    expect(outcomes).toEqual(['missing', 'missing', 'missing', 'failed', 'failed', 'failed', 'missing']);
    expect(wholly).toMatchObject({ ok: false, fault: { code: 'BAD' } });
  });

  it('stop where the rest would meet the same answer; what was not sent is not uncertain', async () => {
    const sent: string[] = [];
    const { port } = serve({
      async write(_call, _field, piece) {
        sent.push(...piece.map(({ unifiedId }) => unifiedId));
        return piece.map(() => ({ outcome: 'failed', fault: uncertain }));
      },
    });

    const outcomes = await port.write('thing', 'hub', items(5));

    expect(sent).toEqual(['u0', 'u1']);
    expect(outcomes.map((each) => each.outcome === 'failed' && each.fault.kind)).toEqual([
      'uncertain',
      'uncertain',
      'transient',
      'transient',
      'transient',
    ]);
  });

  it('go on after a refusal of some rows', async () => {
    const { port } = serve({
      write: async (_call, _field, piece) => piece.map(() => ({ outcome: 'failed', fault: rejected })),
    });

    const outcomes = await port.write('thing', 'hub', items(5));

    expect(outcomes.map((each) => each.outcome === 'failed' && each.fault.code)).toEqual(Array(5).fill('BAD'));
  });

  it('whose outcomes are miscounted are a defect of each of their items, and of no other', async () => {
    const { port } = serve({
      write: async (_call, _field, piece) =>
        piece
          .slice(piece[0]?.unifiedId === 'u2' ? 1 : 0)
          .map(() => ({ outcome: 'written', externalId: 'x', created: true })),
      read: async () => succeed([]),
    });

    const outcomes = await port.write('thing', 'hub', items(5));
    const read = await port.read('thing', ['1'], []);

    expect(outcomes.map((each) => (each.outcome === 'failed' ? each.fault.code : each.outcome))).toEqual([
      'written',
      'written',
      'OUTCOMES_MISCOUNTED',
      'OUTCOMES_MISCOUNTED',
      'written',
    ]);
    expect(read).toMatchObject({ ok: false, fault: { kind: 'defect', code: 'OUTCOMES_MISCOUNTED' } });
  });

  it('survive an exception of the connector as a defect', async () => {
    const boom = () => Promise.reject(new TypeError('boom'));
    const { port } = serve({ read: boom, write: boom, changes: boom });

    expect(await port.read('thing', ['1'], [])).toMatchObject({ ok: false, fault: { kind: 'defect' } });
    expect(await port.write('thing', 'hub', items(1))).toMatchObject([
      { outcome: 'failed', fault: { kind: 'defect' } },
    ]);
    expect(await port.changes('thing', 'walk', undefined, 0)).toMatchObject({ ok: false, fault: { kind: 'defect' } });
  });

  it('of an object the connector does not serve are a defect', async () => {
    const { port } = serve({});

    expect(await port.read('toString', ['1'], [])).toMatchObject({ fault: { code: 'UNKNOWN_OBJECT' } });
    expect(await port.write('other', 'hub', items(1))).toMatchObject([{ fault: { code: 'UNKNOWN_OBJECT' } }]);
    expect(await port.changes('other', 'walk', undefined, 0)).toMatchObject({ fault: { code: 'UNKNOWN_OBJECT' } });
    expect(() => port.limits('other')).toThrow('other');
    expect(port.limits('thing')).toEqual({ readMax: 3, writeMax: 2 });
  });

  it('show no personal text in their faults, be it of the whole or of one item', async () => {
    const { port } = serve({
      read: async () => fail(rejected),
      write: async (_call, _field, piece) => piece.map(() => ({ outcome: 'failed', fault: rejected })),
    });

    const answers = [await port.read('thing', ['1'], []), await port.write('thing', 'hub', items(1))];

    expect(JSON.stringify(answers)).not.toContain('jane');
  });
});

describe('a call', () => {
  it('is repeated at most twice after transient faults, when it may be', async () => {
    const through = calling([throwing(transient), throwing(transient), () => 'ok']);
    const never = calling([throwing(transient)]);

    expect((await serve(through.thing).port.read('thing', ['1'], [])).ok).toBe(true);
    expect(await serve(never.thing).port.read('thing', ['1'], [])).toMatchObject({ fault: { kind: 'transient' } });
    expect([through.calls(), never.calls()]).toEqual([3, 3]);
  });

  it('is not repeated when that could do harm, nor after a refusal', async () => {
    const create = calling([throwing(transient)], false);
    const refused = calling([throwing(rejected)]);

    await serve(create.thing).port.read('thing', ['1'], []);
    await serve(refused.thing).port.read('thing', ['1'], []);

    expect([create.calls(), refused.calls()]).toEqual([1, 1]);
  });

  it('waits out a short throttling, also of a create, and hands a long one on', async () => {
    const short = calling([throwing({ ...throttled, retryAfterMs: 1_000 }), () => 'ok'], false);
    const long = calling([throwing(throttled)]);
    const served = serve(short.thing);

    expect((await served.port.read('thing', ['1'], [])).ok).toBe(true);
    expect(served.clock.now()).toBeGreaterThanOrEqual(1_000);
    expect(await serve(long.thing).port.read('thing', ['1'], [])).toMatchObject({
      fault: { kind: 'throttled', retryAfterMs: 600_000 },
    });
    expect([short.calls(), long.calls()]).toEqual([2, 1]);
  });

  it('gets a fresh session once when its own has ended, on a newly opened SDK', async () => {
    const credential: Fault = { kind: 'credential', code: 'EXPIRED', message: 'expired' };
    const once = calling([throwing(credential, true), () => 'ok'], false);
    const always = calling([throwing(credential, true)]);
    const served = serve(once.thing);

    expect((await served.port.read('thing', ['1'], [])).ok).toBe(true);
    expect(served.counts).toEqual({ authenticated: 2, opened: 2 });
    expect(await serve(always.thing).port.read('thing', ['1'], [])).toMatchObject({ fault: { kind: 'credential' } });
    expect(always.calls()).toBe(2);
  });

  it('ends at its timeout, also when the SDK does not listen, and is not repeated then', async () => {
    vi.useFakeTimers();
    const deaf = calling([() => new Promise(() => {})], false);
    const served = serve(deaf.thing, { callTimeoutMs: 5_000 });

    const pending = served.port.read('thing', ['1'], []);
    await vi.advanceTimersByTimeAsync(5_000);

    expect(await pending).toMatchObject({ ok: false, fault: { kind: 'uncertain', code: 'TIMED_OUT' } });
    expect(deaf.calls()).toBe(1);
  });

  it('is cut shorter as the deadline comes near, a second before it', async () => {
    vi.useFakeTimers();
    const deaf = calling([() => new Promise(() => {})]);
    const served = serve(deaf.thing, { deadline: () => 4_000 });

    const pending = served.port.read('thing', ['1'], []);
    await vi.advanceTimersByTimeAsync(3_000);

    expect(await pending).toMatchObject({ ok: false, fault: { kind: 'transient', code: 'TIMED_OUT' } });
  });

  it('logs every attempt with its outcome', async () => {
    const { thing } = calling([throwing(transient), () => 'ok']);
    const served = serve(thing);

    await served.port.read('thing', ['1'], []);

    expect(served.log.map((line) => [line.step, line.facts.outcome, line.facts.code])).toEqual([
      ['authenticate', 'ok', undefined],
      ['vendor-call', 'transient', 'DOWN'],
      ['vendor-call', 'ok', undefined],
    ]);
  });

  it('of a walk leaves room in the budget that a live one may use', async () => {
    const spending: Partial<ObjectConnector<FakeApi>> = {
      async changes(call) {
        const answer = await call({ route: 'walk', isRepeatable: true, budgets: ['calls'] }, async () => 'ok');
        return answer.ok ? succeed({ ids: [], position: null, hasMore: true }) : answer;
      },
    };
    // So near to the deadline nothing is waited for: only what is there at once is granted.
    const { port } = serve(spending, { ceilings: { per10Seconds: 200 }, deadline: () => 1_251 });

    let pages = 0;
    while (pages < 100 && (await port.changes('thing', 'walk', undefined, 0)).ok) pages += 1;
    const live = await port.changes('thing', 'changes', undefined, 0);

    expect(pages).toBe(14);
    expect(live.ok).toBe(true);
  });

  it('of a read leaves such room when it says that it is no live work', async () => {
    const { thing } = calling([() => 'ok']);
    const { port } = serve(thing, { ceilings: { per10Seconds: 200 }, deadline: () => 1_251 });

    let reads = 0;
    while (reads < 100 && (await port.read('thing', ['1'], [], 'backfill')).ok) reads += 1;

    expect(reads).toBe(14);
    expect((await port.read('thing', ['1'], [])).ok).toBe(true);
  });
});
