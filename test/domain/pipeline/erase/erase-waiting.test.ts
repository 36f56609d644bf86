import { expect, test } from 'vitest';
import type { Fault } from '../../../../domain/model/fault.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { eraseByPerson } from '../../../../domain/pipeline/erase/erase-by-person.ts';
import { markedHub } from '../../../support/marked-hub.ts';
import { type SmallHub, setConnection, withPort } from '../../../support/small-hub.ts';

const DOWN: Fault = { kind: 'transient', code: 'UNAVAILABLE', message: 'down' };
const FULL: Fault = { kind: 'throttled', code: 'FULL', message: 'used up', retryAfterMs: 60_000 };

/** A record that is erased while `two` is paused, so that its deletion there waits for some hours. */
async function erasedWhilePaused(): Promise<SmallHub> {
  const { small, id } = await markedHub();
  const paused = { at: small.clock.now, reason: 'test', by: 'person' } as const;
  await setConnection(small, 'two', (state) => ({ ...state, paused }));
  await eraseByPerson(small.hub, { kind: 'partner', id, keepIn: [], by: 'officer' });
  for (let look = 0; look < 20; look++) {
    await small.drain();
    small.clock.now = small.outbox.nextVisibleAt() ?? small.clock.now;
  }
  return small;
}

async function resume(small: SmallHub): Promise<void> {
  await setConnection(small, 'two', ({ paused: _, ...state }) => state);
}

/** Works on what is due with a system that fails every deletion, so many times; answers how long each left it waiting, ms. */
async function failTimes(small: SmallHub, fault: Fault, times: number): Promise<readonly number[]> {
  const hub = withPort(small.hub, 'two', () => ({
    write: async (_object, _hubIdField, items) => items.map(() => ({ outcome: 'failed', fault })),
  }));
  const waits: number[] = [];
  for (let time = 0; time < times; time++) {
    const received = small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false }));
    await absorbNotices(hub, received);
    const next = small.outbox.nextVisibleAt() ?? small.clock.now;
    waits.push(next - small.clock.now);
    small.clock.now = next;
  }
  return waits;
}

test('an erasure that has only waited for a paused connection has not tried yet: what fails then is tried again within seconds', async () => {
  const small = await erasedWhilePaused();
  await resume(small);

  const [wait] = await failTimes(small, DOWN, 1);

  expect(wait).toBeLessThan(5_000);
});

test('a person hears of a deletion that fails again and again, and not because of a limit', async () => {
  const small = await erasedWhilePaused();
  await resume(small);
  const told = async (): Promise<readonly string[]> =>
    (await small.store.listProblems({ limit: 10 })).problems.map(({ message }) => message);

  await failTimes(small, FULL, 10);
  expect((await told()).join()).not.toContain('does not delete it');
  await failTimes(small, DOWN, 4);
  expect((await told()).join()).toContain('two does not delete it: down');
});
