import { describe, expect, it } from 'vitest';
import { type ContractBench, hostileText, unifiedIdAt } from './contract-bench.ts';
import { type ContractSubject, isLacking } from './contract-stage.ts';

/** What every connector promises of writing; part of the connector contract. */
export function describeWritingContract<Api>(subject: ContractSubject<Api>, bench: ContractBench): void {
  const { connector, samples } = subject;
  const { object, hubIdField, nameField, textField } = samples;

  describe('writing', () => {
    it.skipIf(isLacking(subject, 'deletions'))(
      'creates, updates and deletes in one batch, and answers in the order of the items',
      async () => {
        const [changed = '', removed = ''] = await bench.stage.create(bench.named(2));

        const outcomes = await bench.write([
          bench.newItem(1),
          { ...bench.patch(removed, {}), operation: 'delete' },
          bench.patch(changed, { [textField]: 'updated' }),
          bench.newItem(2),
        ]);

        const created = outcomes.map((each) => each.outcome === 'written' && each.created);
        expect(created).toEqual([true, false, false, true]);
        const ids = outcomes.map((each) => (each.outcome === 'written' ? each.externalId : ''));
        expect(ids.slice(1, 3)).toEqual([removed, changed]);
        const after = await bench.read([ids[0] ?? '', removed, changed, ids[3] ?? '']);
        expect(after.map((each) => each.outcome)).toEqual(['found', 'deleted', 'found', 'found']);
        expect(after[0]).toMatchObject({
          snapshot: { values: { [hubIdField]: unifiedIdAt(1), [nameField]: 'New 1' } },
        });
        expect(after[2]).toMatchObject({ snapshot: { values: { [textField]: 'updated' } } });
      },
    );

    it('keeps the order over more items than one batch takes', async () => {
      const count = (connector.objects[object]?.writeMax ?? 0) + 3;

      const outcomes = await bench.write(Array.from({ length: count }, (_, index) => bench.newItem(index)));

      const ids = outcomes.map((each) => (each.outcome === 'written' ? each.externalId : ''));
      const names = (await bench.read(ids)).map((each) => each.outcome === 'found' && each.snapshot.values[nameField]);
      expect(names).toEqual(Array.from({ length: count }, (_, index) => `New ${index}`));
    });

    it('clears what is null and leaves alone what is absent', async () => {
      const [id = ''] = await bench.stage.create([{ [nameField]: 'Kept', [textField]: 'to be cleared' }]);

      await bench.write([bench.patch(id, { [nameField]: 'Renamed' }, { [nameField]: 'Kept' })]);
      const left = await bench.stage.held(id, [textField]);
      await bench.write([bench.patch(id, { [textField]: null }, { [textField]: 'to be cleared' })]);
      const cleared = await bench.stage.held(id, [nameField, textField]);

      expect(left[textField]).toBe('to be cleared');
      expect(cleared[nameField]).toBe('Renamed');
      expect([null, '']).toContain(cleared[textField]);
    });

    it('carries hostile text unharmed both ways', async () => {
      const [outcome] = await bench.write([bench.newItem(0, { [textField]: hostileText })]);
      const id = outcome?.outcome === 'written' ? outcome.externalId : '';

      const [back] = await bench.read([id]);

      expect(back).toMatchObject({ outcome: 'found', snapshot: { values: { [textField]: hostileText } } });
      expect(await bench.stage.count()).toBe(1);
    });

    it('fails a bad row alone, naming the field', async () => {
      const outcomes = await bench.write([
        bench.newItem(0),
        bench.newItem(1, samples.refused.values),
        bench.newItem(2),
      ]);

      expect(outcomes.map((each) => each.outcome)).toEqual(['written', 'failed', 'written']);
      expect(outcomes[1]).toMatchObject({ fault: { kind: 'rejected', fields: [samples.refused.field] } });
      expect(await bench.stage.count()).toBe(2);
    });

    it.skipIf(isLacking(subject, 'deletions'))('answers missing for an update of a record that is gone', async () => {
      const [gone = '', there = ''] = await bench.stage.create(bench.named(2));
      await bench.stage.remove(gone);

      const outcomes = await bench.write([
        bench.patch(gone, { [textField]: 'x' }),
        bench.patch(there, { [textField]: 'y' }),
      ]);

      expect(outcomes[0]).toMatchObject({ outcome: 'failed', fault: { kind: 'missing' } });
      expect(outcomes[1]).toMatchObject({ outcome: 'written' });
    });

    it('makes one record, not two, when the answer to a create is lost', async () => {
      bench.stage.inject({ kind: 'lose-answer', count: 3 });
      const items = [bench.newItem(0), bench.newItem(1)];

      const first = await bench.write(items);
      const found = await bench.find(items.map(({ unifiedId }) => unifiedId));
      const again = await bench.write(items.filter(({ unifiedId }) => !found.has(unifiedId)));

      for (const each of first) {
        if (each.outcome === 'failed') expect(['uncertain', 'transient']).toContain(each.fault.kind);
      }
      expect(again.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      expect(await bench.stage.count()).toBe(2);
    });

    it('finds what creations made by the hub’s id, in as many calls as it takes', async () => {
      const served = connector.objects[object];
      if (served?.find === undefined) return;
      const [made] = await bench.write([bench.newItem(0)]);
      const others = Array.from({ length: served.writeMax }, (_, index) => unifiedIdAt(index + 1));

      const found = await bench.find([unifiedIdAt(0), ...others]);

      expect(made).toMatchObject({ outcome: 'written' });
      expect([...found]).toEqual([[unifiedIdAt(0), made?.outcome === 'written' && made.externalId]]);
    });

    it.skipIf(isLacking(subject, 'deletions'))('does not find what was created and is gone', async () => {
      if (connector.objects[object]?.find === undefined) return;
      const [made] = await bench.write([bench.newItem(0)]);
      await bench.stage.remove(made?.outcome === 'written' ? made.externalId : '');

      expect([...(await bench.find([unifiedIdAt(0)]))]).toEqual([]);
    });

    it.skipIf(isLacking(subject, 'repetition'))(
      'makes no second record of a unified id that was created before',
      async () => {
        const [first] = await bench.write([bench.newItem(0)]);
        const [second] = await bench.write([bench.newItem(0)]);

        expect(second).toMatchObject({ outcome: 'written', created: false });
        expect(second?.outcome === 'written' && second.externalId).toBe(
          first?.outcome === 'written' && first.externalId,
        );
        expect(await bench.stage.count()).toBe(1);
      },
    );
  });
}
