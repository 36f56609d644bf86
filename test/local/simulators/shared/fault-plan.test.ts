import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FaultPlan, injectedFaultSchema } from '../../../../local/simulators/shared/fault-plan.ts';

function openPlan() {
  const clock = { now: 1_000 };
  const refused: number[] = [];
  const plan = new FaultPlan({ now: () => clock.now, refuseConnections: (durationMs) => refused.push(durationMs) });
  return { clock, plan, refused };
}

const write = { method: 'POST', path: '/objects/deals', writes: true };
const read = { method: 'GET', path: '/objects/deals', writes: false };

test('a fault without a lifetime meets one call', () => {
  const { plan } = openPlan();
  plan.add({ kind: 'throttle' });

  expect(plan.meetCall(read).refusal).toEqual({ kind: 'throttle' });
  expect(plan.meetCall(read).refusal).toBeUndefined();
});

test('a fault meets exactly as many calls as asked, after those it lets through', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }), (count, skip) => {
      const { plan } = openPlan();
      plan.add({ kind: 'unavailable', count, skip });

      const met = Array.from({ length: 50 }, () => plan.meetCall(read).refusal !== undefined);

      expect(met.indexOf(true)).toBe(skip);
      expect(met.filter(Boolean)).toHaveLength(count);
      expect(plan.open()).toEqual([]);
    }),
  );
});

test('a fault for a time meets every call until then, and with a count whichever ends first', () => {
  const { plan, clock } = openPlan();
  plan.add({ kind: 'throttle', forMs: 100 });
  plan.add({ kind: 'daily-limit', forMs: 100_000, count: 1 });

  for (let call = 0; call < 5; call += 1) expect(plan.meetCall(read).refusal?.kind).toBe('throttle');
  clock.now += 100;
  expect(plan.meetCall(read).refusal?.kind).toBe('daily-limit');
  expect(plan.meetCall(read).refusal).toBeUndefined();
});

test('a lost answer waits for a call that writes, and is not spent on one that is refused', () => {
  const { plan } = openPlan();
  plan.add({ kind: 'throttle', match: { method: 'POST' } });
  plan.add({ kind: 'lose-answer' });

  expect(plan.meetCall(read).loseAnswer).toBe(false);
  expect(plan.meetCall(write)).toMatchObject({ refusal: { kind: 'throttle' }, loseAnswer: false });
  expect(plan.meetCall(write).loseAnswer).toBe(true);
  expect(plan.meetCall(write).loseAnswer).toBe(false);
});

test('a slow answer comes on top of anything else', () => {
  const { plan } = openPlan();
  plan.add({ kind: 'slow', delayMs: 40, count: 2 });
  plan.add({ kind: 'unavailable', status: 502 });
  plan.add({ kind: 'slow', delayMs: 2 });

  expect(plan.meetCall(read)).toEqual({
    delayMs: 42,
    refusal: { kind: 'unavailable', status: 502 },
    loseAnswer: false,
  });
  expect(plan.meetCall(read)).toEqual({ delayMs: 40, loseAnswer: false });
});

test('a fault meets only the calls it is meant for', () => {
  const { plan } = openPlan();
  plan.add({ kind: 'cut-request', match: { method: 'POST', pathIncludes: '/deals' } });

  expect(plan.meetCall(read).refusal).toBeUndefined();
  expect(plan.meetCall({ ...write, path: '/objects/leads' }).refusal).toBeUndefined();
  expect(plan.meetCall(write).refusal?.kind).toBe('cut-request');
});

test('rows fail by object, field and value, or simply next', () => {
  const { plan } = openPlan();
  const row = (object: string, values: Record<string, unknown>) => plan.meetRow({ object, values });
  plan.add({ kind: 'fail-rows', object: 'deals', field: 'amount', value: '5', code: 'LOCKED', count: 2 });
  plan.add({ kind: 'fail-rows', object: 'leads', field: 'city' });

  expect(row('deals', { amount: '6' })).toBeUndefined();
  expect(row('companies', { amount: '5' })).toBeUndefined();
  expect(row('deals', { amount: 5 })).toEqual({ code: 'LOCKED' });
  expect(row('leads', { city: null })).toBeUndefined();
  expect(row('leads', { city: 'Oslo' })).toEqual({ code: undefined });
  expect(row('deals', { amount: '5' })).toBeDefined();
  expect(row('deals', { amount: '5' })).toBeUndefined();
  plan.add({ kind: 'fail-rows' });
  expect(row('anything', {})).toBeDefined();
});

test('refusing connections is handed on at once, and clearing forgets the rest', () => {
  const { plan, refused } = openPlan();

  plan.add({ kind: 'refuse-connections', forMs: 700 });
  plan.add({ kind: 'throttle', count: 5 });
  expect(refused).toEqual([700]);
  expect(plan.open()).toEqual([{ fault: { kind: 'throttle', count: 5 }, remaining: 5, untilMs: undefined }]);
  plan.clear();

  expect(plan.meetCall(read).refusal).toBeUndefined();
});

test('open faults are bounded: the oldest is forgotten', () => {
  const { plan } = openPlan();
  for (let count = 1; count <= 1_001; count += 1) plan.add({ kind: 'throttle', count });

  const open = plan.open();

  expect(open).toHaveLength(1_000);
  expect(open[0]?.remaining).toBe(2);
});

test.each([
  { kind: 'earthquake' },
  { kind: 'throttle', count: 0 },
  { kind: 'slow' },
  { kind: 'throttle', unknown: 1 },
  { kind: 'unavailable', status: 404 },
])('a fault that makes no sense is not accepted: %j', (fault) => {
  expect(injectedFaultSchema.safeParse(fault).success).toBe(false);
});
