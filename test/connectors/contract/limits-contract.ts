import { describe, expect, it } from 'vitest';
import type { ContractBench } from './contract-bench.ts';
import { type ContractSubject, isLacking } from './contract-stage.ts';
import { memoryBudgets } from './served-connection.ts';

/** What every connector promises of its session, of limits and of faults; part of the connector contract. */
export function describeLimitsContract<Api>(subject: ContractSubject<Api>, bench: ContractBench): void {
  const { samples } = subject;
  const { object, nameField } = samples;
  const hourMs = 3_600_000;

  describe('the session', () => {
    const authentications = (): number => bench.served.log.filter((line) => line.step === 'authenticate').length;

    it.skipIf(isLacking(subject, 'sessions'))(
      'is fetched once for callers at the same time, and once more when it has ended',
      async () => {
        const [id = ''] = await bench.stage.create(bench.named(1));
        await Promise.all([bench.read([id]), bench.read([id]), bench.read([id])]);
        const before = authentications();
        bench.stage.expireSessions();

        const outcomes = await Promise.all([bench.read([id]), bench.read([id]), bench.read([id])]);

        expect(before).toBe(1);
        expect(authentications()).toBe(2);
        expect(outcomes.flat().map((each) => each.outcome)).toEqual(['found', 'found', 'found']);
      },
    );

    it('is an administrator matter when the credentials are wrong, and is not asked for again and again', async () => {
      const wrong = Object.fromEntries(Object.keys(bench.stage.credentials).map((key) => [key, 'wrong-secret-value']));
      bench.served = bench.serve({ credentials: wrong });

      const first = await bench.served.port.read(object, [samples.unknownId], [nameField]);
      const second = await bench.served.port.account();

      expect(first).toMatchObject({ ok: false, fault: { kind: 'credential' } });
      expect(second).toMatchObject({ ok: false, fault: { kind: 'credential' } });
      expect(authentications()).toBeLessThanOrEqual(2);
      expect(JSON.stringify([first, second, bench.served.log])).not.toContain('wrong-secret-value');
    });
  });

  describe('limits and faults', () => {
    const callTimes = (): readonly number[] =>
      bench.served.log
        .filter((line) => line.step === 'vendor-call' && line.facts.outcome === 'ok')
        .map((line) => line.at);

    it('keeps a ceiling in every window of the step clock, waiting instead of losing', async () => {
      const [id = ''] = await bench.stage.create(bench.named(1));
      bench.served = bench.serve({ ceilings: { per10Seconds: 8 } });
      const outcomes: string[] = [];

      for (let turn = 0; turn < 40; turn += 1) {
        const answer = await bench.served.port.read(object, [id], [nameField]);
        outcomes.push(answer.ok ? 'ok' : answer.fault.kind);
        if (!answer.ok) bench.clock.advance(answer.fault.retryAfterMs ?? 0);
      }

      expect(outcomes.filter((each) => each !== 'ok' && each !== 'throttled')).toEqual([]);
      const times = callTimes();
      expect(times.length).toBeGreaterThan(20);
      for (const from of times) {
        expect(times.filter((at) => at >= from && at <= from + 10_000).length).toBeLessThanOrEqual(8);
      }
    });

    it('shares its budgets with other processes of the same connection', async () => {
      const [id = ''] = await bench.stage.create(bench.named(1));
      const budgets = memoryBudgets();
      const ceilings = { per10Seconds: 8 };
      const processes = [
        bench.serve({ budgets, ceilings }),
        bench.serve({ budgets, ceilings }),
        bench.serve({ budgets, ceilings }),
      ];

      for (let turn = 0; turn < 60; turn += 1) {
        const answer = await processes[turn % 3]?.port.read(object, [id], [nameField]);
        if (answer?.ok === false) bench.clock.advance(answer.fault.retryAfterMs ?? 0);
      }

      const times = processes
        .flatMap((each) => each.log)
        .filter((line) => line.step === 'vendor-call' && line.facts.outcome === 'ok')
        .map((line) => line.at);
      for (const from of times) {
        expect(times.filter((at) => at >= from && at <= from + 10_000).length).toBeLessThanOrEqual(8);
      }
    });

    it('gets through a moment of throttling by itself or says how to wait, and loses nothing', async () => {
      const [id = ''] = await bench.stage.create(bench.named(1));
      await bench.read([id]);
      bench.stage.inject({ kind: 'throttle', count: 1 });

      const first = await bench.served.port.read(object, [id], [nameField]);
      bench.clock.advance(hourMs);
      const second = await bench.served.port.read(object, [id], [nameField]);

      if (!first.ok) expect(first.fault.kind).toBe('throttled');
      expect(second.ok).toBe(true);
    });

    it('answers throttled to every item of a write while the system throttles', async () => {
      await bench.read([samples.unknownId]);
      bench.stage.inject({ kind: 'throttle', count: 50 });

      const outcomes = await bench.write([bench.newItem(0), bench.newItem(1)]);

      expect(outcomes.map((each) => each.outcome === 'failed' && each.fault.kind)).toEqual(['throttled', 'throttled']);
      expect(await bench.stage.count()).toBe(0);
    });

    it('waits for the day to pass when the daily limit is used up', async () => {
      await bench.read([samples.unknownId]);
      bench.stage.inject({ kind: 'daily-limit', count: 50 });

      const answer = await bench.served.port.read(object, [samples.unknownId], [nameField]);

      expect(answer).toMatchObject({ ok: false, fault: { kind: 'throttled' } });
      expect(!answer.ok && (answer.fault.retryAfterMs ?? 0)).toBeGreaterThanOrEqual(1_000);
    });

    it('repeats a read through a short outage, and gives up within its bounds in a long one', async () => {
      const [id = ''] = await bench.stage.create(bench.named(1));
      await bench.read([id]);
      bench.stage.inject({ kind: 'unavailable', count: 2 });
      const through = await bench.served.port.read(object, [id], [nameField]);
      bench.stage.inject({ kind: 'unavailable', count: 100 });
      const callsBefore = bench.stage.calls().calls;

      const failed = await bench.served.port.read(object, [id], [nameField]);

      expect(through.ok).toBe(true);
      expect(failed).toMatchObject({ ok: false, fault: { kind: 'transient' } });
      expect(bench.stage.calls().calls - callsBefore).toBeLessThanOrEqual(4);
    });

    it('calls nobody when there is no time left', async () => {
      const callsBefore = bench.stage.calls().calls;
      bench.served = bench.serve({ deadline: () => 900 });

      const answer = await bench.served.port.read(object, [samples.unknownId], [nameField]);

      expect(answer).toMatchObject({ ok: false, fault: { kind: 'transient', code: 'DEADLINE_NEAR' } });
      expect(bench.stage.calls().calls).toBe(callsBefore);
    });
  });
}
