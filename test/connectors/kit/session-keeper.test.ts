import { describe, expect, it } from 'vitest';
import type { Session } from '../../../connectors/kit/connector.ts';
import { keepSession } from '../../../connectors/kit/session-keeper.ts';
import { fail, type Result, succeed } from '../../../domain/model/fault.ts';
import { stepClock } from '../contract/contract-stage.ts';

function bench(answers: readonly Result<Session>[]) {
  const clock = stepClock(0);
  let fetches = 0;
  const keeper = keepSession({
    now: clock.now,
    fetch: async () => {
      const answer = answers[Math.min(fetches, answers.length - 1)];
      fetches += 1;
      if (answer === undefined) throw new Error('No answer was prepared.');
      return answer;
    },
  });
  return { clock, keeper, fetches: () => fetches };
}

const session = (accessToken: string, expiresAt?: number): Result<Session> =>
  succeed(expiresAt === undefined ? { accessToken } : { accessToken, expiresAt });

describe('the session keeper', () => {
  it('fetches nothing before the first use, and once for callers at the same time', async () => {
    const { keeper, fetches } = bench([session('a')]);
    expect(fetches()).toBe(0);

    const answers = await Promise.all([keeper.current(), keeper.current(), keeper.current()]);

    expect(fetches()).toBe(1);
    expect(new Set(answers.map((answer) => answer.ok && answer.value.accessToken))).toEqual(new Set(['a']));
  });

  it('renews ahead of the expiry, by a fifth of the life or five minutes', async () => {
    const { clock, keeper, fetches } = bench([session('a', 1_800_000), session('b', 3_600_000)]);
    await keeper.current();

    clock.advance(1_499_999);
    const early = await keeper.current();
    clock.advance(1);
    const renewed = await keeper.current();

    expect(early).toMatchObject({ value: { accessToken: 'a' } });
    expect(renewed).toMatchObject({ value: { accessToken: 'b' } });
    expect(fetches()).toBe(2);
  });

  it('replaces a refused session once, whoever of several callers comes first', async () => {
    const { keeper, fetches } = bench([session('a'), session('b')]);
    const refused = await keeper.current();
    if (!refused.ok) throw new Error('There must be a session.');

    const [first, second] = await Promise.all([keeper.replace(refused.value), keeper.replace(refused.value)]);
    const third = await keeper.replace(refused.value);

    expect([first, second, third].map((each) => each.ok && each.value.accessToken)).toEqual(['b', 'b', 'b']);
    expect(fetches()).toBe(2);
  });

  it('remembers a refused credential for a minute', async () => {
    const { clock, keeper, fetches } = bench([
      fail({ kind: 'credential', code: 'invalid_client', message: 'wrong' }),
      session('a'),
    ]);

    await keeper.current();
    const again = await keeper.current();
    clock.advance(60_000);
    const later = await keeper.current();

    expect(again).toMatchObject({ ok: false, fault: { kind: 'credential' } });
    expect(later.ok).toBe(true);
    expect(fetches()).toBe(2);
  });

  it('tries again at once after an outage', async () => {
    const { keeper } = bench([fail({ kind: 'transient', code: 'ECONNREFUSED', message: 'down' }), session('a')]);

    const first = await keeper.current();
    const second = await keeper.current();

    expect([first.ok, second.ok]).toEqual([false, true]);
  });
});
