import { describe, expect, it } from 'vitest';
import type { ChangesPage } from '../../../domain/pipeline/ports.ts';
import type { ContractBench } from './contract-bench.ts';
import { type ContractSubject, isLacking } from './contract-stage.ts';
import { drain } from './served-connection.ts';

/** What every connector promises of sweeps; part of the connector contract. */
export function describeSweepingContract<Api>(subject: ContractSubject<Api>, bench: ContractBench): void {
  const { samples } = subject;
  const { object, textField } = samples;
  const hourMs = 3_600_000;

  describe('sweeping', () => {
    const idsOf = (pages: readonly ChangesPage[]): readonly string[] => pages.flatMap((page) => page.ids);

    it('pages a backfill to the end, and goes on from any position', async () => {
      const ids = await bench.stage.create(bench.named(samples.walkCount));
      const start = { position: undefined, connectedAt: bench.clock.now() };

      const pages = await drain(bench.served.port, object, 'backfill', start);

      expect(pages.length).toBeGreaterThan(2);
      expect(idsOf(pages).toSorted()).toEqual(ids.toSorted());
      for (const [index, page] of pages.slice(0, -1).entries()) {
        const rest = await drain(bench.serve().port, object, 'backfill', { ...start, position: page.position });
        expect(idsOf(rest)).toEqual(idsOf(pages.slice(index + 1)));
      }
    });

    it('loses none of many records that share one change time, and reads them no more once time moved on', async () => {
      const connectedAt = bench.clock.now() - 1_000;
      const ids = await bench.stage.create(bench.named(samples.tieCount));

      const first = await drain(bench.served.port, object, 'changes', { position: undefined, connectedAt });
      bench.clock.advance(hourMs);
      const second = await drain(bench.served.port, object, 'changes', {
        position: first.at(-1)?.position,
        connectedAt,
      });
      bench.clock.advance(hourMs);
      const third = await drain(bench.served.port, object, 'changes', {
        position: second.at(-1)?.position,
        connectedAt,
      });

      expect(first.length).toBeGreaterThan(1);
      expect(new Set(idsOf(first))).toEqual(new Set(ids));
      expect(idsOf(first).length).toBe(ids.length);
      expect(idsOf(third)).toEqual([]);
    });

    it('goes on from any position of a pass over changes', async () => {
      const connectedAt = bench.clock.now() - 1_000;
      const early = await bench.stage.create(bench.named(samples.tieCount));
      bench.clock.advance(1_000);
      const late = await bench.stage.create(bench.named(3));
      const pages = await drain(bench.served.port, object, 'changes', { position: undefined, connectedAt });

      expect(new Set(idsOf(pages))).toEqual(new Set([...early, ...late]));
      for (const [index, page] of pages.slice(0, -1).entries()) {
        const rest = await drain(bench.serve().port, object, 'changes', { position: page.position, connectedAt });
        expect(new Set(idsOf(rest))).toEqual(new Set(idsOf(pages.slice(index + 1))));
      }
    });

    it('finds a change made between two passes, and one made just before a pass', async () => {
      const [early = '', late = ''] = await bench.stage.create(bench.named(2));
      const connectedAt = bench.clock.now();
      bench.clock.advance(hourMs);
      const first = await drain(bench.served.port, object, 'changes', { position: undefined, connectedAt });
      bench.clock.advance(hourMs);
      await bench.stage.change(early, { [textField]: 'one' });
      bench.clock.advance(hourMs);
      await bench.stage.change(late, { [textField]: 'two' });

      const second = await drain(bench.served.port, object, 'changes', {
        position: first.at(-1)?.position,
        connectedAt,
      });

      expect(idsOf(second).toSorted()).toEqual([early, late].toSorted());
    });

    it.skipIf(isLacking(subject, 'deletions', 'merges'))('finds deletions and the losers of merges', async () => {
      const [kept = '', removed = '', survivor = '', loser = ''] = await bench.stage.create(bench.named(4));
      const connectedAt = bench.clock.now();
      bench.clock.advance(1_000);
      await bench.stage.remove(removed);
      const livesOnAs = await bench.stage.merge(survivor, loser);
      bench.clock.advance(60_000);

      const pages = await drain(bench.served.port, object, 'deletions', { position: undefined, connectedAt });

      expect(idsOf(pages)).toContain(removed);
      expect(idsOf(pages)).not.toContain(kept);
      // Some systems report the loser as deleted, others only the survivor as changed; either leads to the merge.
      const changes = await drain(bench.served.port, object, 'changes', { position: undefined, connectedAt });
      expect([...idsOf(pages), ...idsOf(changes)].filter((id) => id === loser || id === livesOnAs)).not.toEqual([]);
    });
  });
}
