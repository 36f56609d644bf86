import { describe, expect, it } from 'vitest';
import { type ContractBench, hostileText } from './contract-bench.ts';
import { type ContractSubject, isLacking } from './contract-stage.ts';

/** What every connector promises of reading by ids, and of what it tells about itself; part of the connector contract. */
export function describeReadingContract<Api>(subject: ContractSubject<Api>, bench: ContractBench): void {
  const { connector, samples } = subject;
  const { object, hubIdField, nameField, textField } = samples;

  describe('reading', () => {
    it('answers every id in the order asked, over several batches', async () => {
      const ids = await bench.stage.create(bench.named(connector.objects[object]?.readMax ?? 0).concat(bench.named(5)));
      const asked = ids.toReversed();

      const outcomes = await bench.read(asked);

      expect(outcomes.map((each) => (each.outcome === 'found' ? each.snapshot.externalId : each.outcome))).toEqual(
        asked,
      );
    });

    it('answers missing for an id that nothing has, and for text that is no id', async () => {
      const [id = ''] = await bench.stage.create(bench.named(1));

      const outcomes = await bench.read([samples.unknownId, id, "' OR Id != '", '../..', hostileText]);

      expect(outcomes.map((each) => each.outcome)).toEqual(['missing', 'found', 'missing', 'missing', 'missing']);
    });

    it('tells a value that is empty from one that was not asked for, and never invents one', async () => {
      const [id = ''] = await bench.stage.create([{ [nameField]: 'Only a name' }]);

      const [outcome] = await bench.read([id]);

      expect(outcome).toMatchObject({ outcome: 'found', snapshot: { values: { [nameField]: 'Only a name' } } });
      const values = outcome?.outcome === 'found' ? outcome.snapshot.values : {};
      expect([null, '']).toContain(values[textField]);
      expect(Object.keys(values).toSorted()).toEqual([hubIdField, nameField, textField].toSorted());
    });

    it('leaves out a field the system does not have, and reads the others', async () => {
      const [id = ''] = await bench.stage.create(bench.named(1));

      const answer = await bench.served.port.read(object, [id], [nameField, 'no_such_field__c']);

      expect(answer).toMatchObject({ ok: true, value: [{ outcome: 'found', snapshot: { externalId: id } }] });
      const [outcome] = answer.ok ? answer.value : [];
      expect(outcome?.outcome === 'found' && Object.hasOwn(outcome.snapshot.values, 'no_such_field__c')).toBe(false);
    });

    it('stamps a snapshot with the time of the last change by the system', async () => {
      const [id = ''] = await bench.stage.create(bench.named(1));
      const createdAt = bench.clock.now();
      bench.clock.advance(60_000);
      await bench.stage.change(id, { [textField]: 'changed' });

      const [outcome] = await bench.read([id]);

      expect(outcome).toMatchObject({ snapshot: { modifiedAt: bench.clock.now(), createdAt } });
    });

    it.skipIf(isLacking(subject, 'deletions'))('answers deleted for a deleted record', async () => {
      const [kept = '', removed = ''] = await bench.stage.create(bench.named(2));
      await bench.stage.remove(removed);

      const outcomes = await bench.read([removed, kept]);

      expect(outcomes.map((each) => each.outcome)).toEqual(['deleted', 'found']);
    });

    it.skipIf(isLacking(subject, 'merges'))('leads from a merged record to the one it lives on under', async () => {
      const [first = '', second = ''] = await bench.stage.create(bench.named(2));
      const survivor = await bench.stage.merge(first, second);

      const [outcome] = await bench.read([second]);

      const livesOn =
        outcome?.outcome === 'found'
          ? outcome.snapshot.externalId
          : outcome?.outcome === 'deleted'
            ? outcome.mergedInto
            : undefined;
      expect(livesOn).toBe(survivor);
    });
  });

  describe('what it tells', () => {
    it('knows the account and its users', async () => {
      const answer = await bench.served.port.account();

      expect(answer.ok).toBe(true);
      const { accountId, owners } = answer.ok ? answer.value : { accountId: '', owners: {} };
      expect(accountId).toBe(bench.stage.settings.accountId ?? accountId);
      expect(accountId).not.toBe('');
      expect(Object.keys(owners).length > 0).toBe(!isLacking(subject, 'owners'));
      for (const email of Object.values(owners)) expect(email).toBe(email.toLowerCase());
    });

    it('logs one line a call with its duration, and nothing personal or secret', async () => {
      const person = 'Jane.Roe@customer.example';
      const [created] = await bench.write([
        bench.newItem(0, { [nameField]: `${person} +49 170 1234567`, [textField]: person }),
        bench.newItem(1, { [nameField]: person, ...samples.refused.values }),
      ]);
      await bench.read([created?.outcome === 'written' ? created.externalId : '']);
      bench.stage.inject({ kind: 'unavailable', count: 10 });
      await bench.write([bench.newItem(2, { [nameField]: person })]);

      expect(bench.served.log.length).toBeGreaterThan(2);
      const text = JSON.stringify(bench.served.log);
      for (const secret of [person, 'Jane', '1234567', ...Object.values(bench.stage.credentials)]) {
        expect(text).not.toContain(secret);
      }
      for (const line of bench.served.log) expect(line.facts.durationMs).toBeGreaterThanOrEqual(0);
    });
  });
}
