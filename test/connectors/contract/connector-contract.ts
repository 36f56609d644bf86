import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReadOutcome, WriteItem, WriteOutcome } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import type { ChangesPage } from '../../../domain/pipeline/ports.ts';
import { type ContractStage, type ContractSubject, type StepClock, stepClock } from './contract-stage.ts';
import { drain, memoryBudgets, type ServedConnection, type ServeForTest, serveStage } from './served-connection.ts';
import { describeWebhookContract } from './webhook-contract.ts';

/** Text that breaks whatever pastes it into a query, a path or a document. */
const hostileText = `O'Re\\illy \\' "q" ) OR Id != '' -- ;<b>&amp;</b>\n%00 %27 \u2028 {{x}} ${'\\'}`;
const unifiedIds = Array.from({ length: 300 }, (_, index) => `01J${String(index).padStart(23, '0')}`);
const hourMs = 3_600_000;

/** What every connector promises, checked against its system's simulator. */
export function describeConnectorContract<Api>(name: string, subject: ContractSubject<Api>): void {
  const { connector, samples } = subject;
  const { object, hubIdField, nameField, textField } = samples;

  describe(`the ${name} connector keeps the contract`, () => {
    let clock: StepClock;
    let stage: ContractStage;
    let served: ServedConnection;

    const serve = (options: ServeForTest = {}): ServedConnection => serveStage(connector, stage, clock, options);
    const named = (count: number): SystemValues[] =>
      Array.from({ length: count }, (_, index) => ({ [nameField]: `Record ${index}` }));
    const newItem = (index: number, values: SystemValues = {}): WriteItem => ({
      operation: 'create',
      unifiedId: unifiedIds[index] ?? '',
      values: { [nameField]: `New ${index}`, ...values },
      base: {},
    });
    const patch = (externalId: string, values: SystemValues, base: SystemValues = {}): WriteItem => ({
      operation: 'update',
      unifiedId: unifiedIds[0] ?? '',
      externalId,
      values,
      base,
    });
    const read = async (ids: readonly string[]): Promise<readonly ReadOutcome[]> => {
      const answer = await served.port.read(object, ids, [hubIdField, nameField, textField]);
      if (!answer.ok) throw new Error(`The read failed: ${answer.fault.kind} ${answer.fault.code}`);
      return answer.value;
    };
    const write = (items: readonly WriteItem[]): Promise<readonly WriteOutcome[]> =>
      served.port.write(object, hubIdField, items);

    beforeEach(async () => {
      clock = stepClock();
      stage = await subject.start(clock);
      served = serve();
    });

    afterEach(() => stage.close());

    describe('reading', () => {
      it('answers every id in the order asked, over several batches', async () => {
        const ids = await stage.create(named(connector.objects[object]?.readMax ?? 0).concat(named(5)));
        const asked = ids.toReversed();

        const outcomes = await read(asked);

        expect(outcomes.map((each) => (each.outcome === 'found' ? each.snapshot.externalId : each.outcome))).toEqual(
          asked,
        );
      });

      it('answers missing for an id that nothing has, and for text that is no id', async () => {
        const [id = ''] = await stage.create(named(1));

        const outcomes = await read([samples.unknownId, id, "' OR Id != '", '../..', hostileText]);

        expect(outcomes.map((each) => each.outcome)).toEqual(['missing', 'found', 'missing', 'missing', 'missing']);
      });

      it('tells a value that is empty from one that was not asked for, and never invents one', async () => {
        const [id = ''] = await stage.create([{ [nameField]: 'Only a name' }]);

        const [outcome] = await read([id]);

        expect(outcome).toMatchObject({ outcome: 'found', snapshot: { values: { [nameField]: 'Only a name' } } });
        const values = outcome?.outcome === 'found' ? outcome.snapshot.values : {};
        expect([null, '']).toContain(values[textField]);
        expect(Object.keys(values).toSorted()).toEqual([hubIdField, nameField, textField].toSorted());
      });

      it('leaves out a field the system does not have, and reads the others', async () => {
        const [id = ''] = await stage.create(named(1));

        const answer = await served.port.read(object, [id], [nameField, 'no_such_field__c']);

        expect(answer).toMatchObject({ ok: true, value: [{ outcome: 'found', snapshot: { externalId: id } }] });
        const [outcome] = answer.ok ? answer.value : [];
        expect(outcome?.outcome === 'found' && Object.hasOwn(outcome.snapshot.values, 'no_such_field__c')).toBe(false);
      });

      it('stamps a snapshot with the time of the last change by the system', async () => {
        const [id = ''] = await stage.create(named(1));
        const createdAt = clock.now();
        clock.advance(60_000);
        await stage.change(id, { [textField]: 'changed' });

        const [outcome] = await read([id]);

        expect(outcome).toMatchObject({ snapshot: { modifiedAt: clock.now(), createdAt } });
      });

      it('answers deleted for a deleted record', async () => {
        const [kept = '', removed = ''] = await stage.create(named(2));
        await stage.remove(removed);

        const outcomes = await read([removed, kept]);

        expect(outcomes.map((each) => each.outcome)).toEqual(['deleted', 'found']);
      });

      it('leads from a merged record to the one it lives on under', async () => {
        const [first = '', second = ''] = await stage.create(named(2));
        const survivor = await stage.merge(first, second);

        const [outcome] = await read([second]);

        const livesOn =
          outcome?.outcome === 'found'
            ? outcome.snapshot.externalId
            : outcome?.outcome === 'deleted'
              ? outcome.mergedInto
              : undefined;
        expect(livesOn).toBe(survivor);
      });
    });

    describe('sweeping', () => {
      const idsOf = (pages: readonly ChangesPage[]): readonly string[] => pages.flatMap((page) => page.ids);

      it('pages a backfill to the end, and goes on from any position', async () => {
        const ids = await stage.create(named(samples.walkCount));
        const start = { position: undefined, connectedAt: clock.now() };

        const pages = await drain(served.port, object, 'backfill', start);

        expect(pages.length).toBeGreaterThan(2);
        expect(idsOf(pages).toSorted()).toEqual(ids.toSorted());
        for (const [index, page] of pages.slice(0, -1).entries()) {
          const rest = await drain(serve().port, object, 'backfill', { ...start, position: page.position });
          expect(idsOf(rest)).toEqual(idsOf(pages.slice(index + 1)));
        }
      });

      it('loses none of many records that share one change time, and reads them no more once time moved on', async () => {
        const connectedAt = clock.now() - 1_000;
        const ids = await stage.create(named(samples.tieCount));

        const first = await drain(served.port, object, 'changes', { position: undefined, connectedAt });
        clock.advance(hourMs);
        const second = await drain(served.port, object, 'changes', { position: first.at(-1)?.position, connectedAt });
        clock.advance(hourMs);
        const third = await drain(served.port, object, 'changes', { position: second.at(-1)?.position, connectedAt });

        expect(first.length).toBeGreaterThan(1);
        expect(new Set(idsOf(first))).toEqual(new Set(ids));
        expect(idsOf(first).length).toBe(ids.length);
        expect(idsOf(third)).toEqual([]);
      });

      it('goes on from any position of a pass over changes', async () => {
        const connectedAt = clock.now() - 1_000;
        await stage.create(named(samples.tieCount));
        clock.advance(1_000);
        await stage.create(named(3));
        const pages = await drain(served.port, object, 'changes', { position: undefined, connectedAt });

        for (const [index, page] of pages.slice(0, -1).entries()) {
          const rest = await drain(serve().port, object, 'changes', { position: page.position, connectedAt });
          expect(new Set(idsOf(rest))).toEqual(new Set(idsOf(pages.slice(index + 1))));
        }
      });

      it('finds a change made between two passes, and one made just before a pass', async () => {
        const [early = '', late = ''] = await stage.create(named(2));
        const connectedAt = clock.now();
        clock.advance(hourMs);
        const first = await drain(served.port, object, 'changes', { position: undefined, connectedAt });
        clock.advance(hourMs);
        await stage.change(early, { [textField]: 'one' });
        clock.advance(hourMs);
        await stage.change(late, { [textField]: 'two' });

        const second = await drain(served.port, object, 'changes', { position: first.at(-1)?.position, connectedAt });

        expect(idsOf(second).toSorted()).toEqual([early, late].toSorted());
      });

      it('finds deletions and the losers of merges', async () => {
        const [kept = '', removed = '', survivor = '', loser = ''] = await stage.create(named(4));
        const connectedAt = clock.now();
        clock.advance(1_000);
        await stage.remove(removed);
        const livesOnAs = await stage.merge(survivor, loser);
        clock.advance(60_000);

        const pages = await drain(served.port, object, 'deletions', { position: undefined, connectedAt });

        expect(idsOf(pages)).toContain(removed);
        expect(idsOf(pages)).not.toContain(kept);
        // Some systems report the loser as deleted, others only the survivor as changed; either leads to the merge.
        const changes = await drain(served.port, object, 'changes', { position: undefined, connectedAt });
        expect([...idsOf(pages), ...idsOf(changes)].filter((id) => id === loser || id === livesOnAs)).not.toEqual([]);
      });
    });

    describe('writing', () => {
      it('creates, updates and deletes in one batch, and answers in the order of the items', async () => {
        const [changed = '', removed = ''] = await stage.create(named(2));

        const outcomes = await write([
          newItem(1),
          { ...patch(removed, {}), operation: 'delete' },
          patch(changed, { [textField]: 'updated' }),
          newItem(2),
        ]);

        const created = outcomes.map((each) => each.outcome === 'written' && each.created);
        expect(created).toEqual([true, false, false, true]);
        const ids = outcomes.map((each) => (each.outcome === 'written' ? each.externalId : ''));
        expect(ids.slice(1, 3)).toEqual([removed, changed]);
        const after = await read([ids[0] ?? '', removed, changed, ids[3] ?? '']);
        expect(after.map((each) => each.outcome)).toEqual(['found', 'deleted', 'found', 'found']);
        expect(after[0]).toMatchObject({ snapshot: { values: { [hubIdField]: unifiedIds[1], [nameField]: 'New 1' } } });
        expect(after[2]).toMatchObject({ snapshot: { values: { [textField]: 'updated' } } });
      });

      it('keeps the order over more items than one batch takes', async () => {
        const count = (connector.objects[object]?.writeMax ?? 0) + 3;

        const outcomes = await write(Array.from({ length: count }, (_, index) => newItem(index)));

        const ids = outcomes.map((each) => (each.outcome === 'written' ? each.externalId : ''));
        const names = (await read(ids)).map((each) => each.outcome === 'found' && each.snapshot.values[nameField]);
        expect(names).toEqual(Array.from({ length: count }, (_, index) => `New ${index}`));
      });

      it('clears what is null and leaves alone what is absent', async () => {
        const [id = ''] = await stage.create([{ [nameField]: 'Kept', [textField]: 'to be cleared' }]);

        await write([patch(id, { [nameField]: 'Renamed' }, { [nameField]: 'Kept' })]);
        const left = await stage.held(id, [textField]);
        await write([patch(id, { [textField]: null }, { [textField]: 'to be cleared' })]);
        const cleared = await stage.held(id, [nameField, textField]);

        expect(left[textField]).toBe('to be cleared');
        expect(cleared[nameField]).toBe('Renamed');
        expect([null, '']).toContain(cleared[textField]);
      });

      it('carries hostile text unharmed both ways', async () => {
        const [outcome] = await write([newItem(0, { [textField]: hostileText })]);
        const id = outcome?.outcome === 'written' ? outcome.externalId : '';

        const [back] = await read([id]);

        expect(back).toMatchObject({ outcome: 'found', snapshot: { values: { [textField]: hostileText } } });
        expect(await stage.count()).toBe(1);
      });

      it('fails a bad row alone, naming the field', async () => {
        const outcomes = await write([newItem(0), newItem(1, samples.refused.values), newItem(2)]);

        expect(outcomes.map((each) => each.outcome)).toEqual(['written', 'failed', 'written']);
        expect(outcomes[1]).toMatchObject({ fault: { kind: 'rejected', fields: [samples.refused.field] } });
        expect(await stage.count()).toBe(2);
      });

      it('answers missing for an update of a record that is gone', async () => {
        const [gone = '', there = ''] = await stage.create(named(2));
        await stage.remove(gone);

        const outcomes = await write([patch(gone, { [textField]: 'x' }), patch(there, { [textField]: 'y' })]);

        expect(outcomes[0]).toMatchObject({ outcome: 'failed', fault: { kind: 'missing' } });
        expect(outcomes[1]).toMatchObject({ outcome: 'written' });
      });

      it('makes one record, not two, when the answer to a create is lost', async () => {
        stage.inject({ kind: 'lose-answer', count: 3 });
        const items = [newItem(0), newItem(1)];

        const first = await write(items);
        const again = await write(items.map((item) => ({ ...item, lookFirst: true })));

        for (const each of first) {
          if (each.outcome === 'failed') expect(['uncertain', 'transient']).toContain(each.fault.kind);
        }
        expect(again.map((each) => each.outcome)).toEqual(['written', 'written']);
        expect(await stage.count()).toBe(2);
      });

      it('makes no second record of a unified id that was created before', async () => {
        const [first] = await write([newItem(0)]);
        const [second] = await write([{ ...newItem(0), lookFirst: true }]);

        expect(second).toMatchObject({ outcome: 'written', created: false });
        expect(second?.outcome === 'written' && second.externalId).toBe(
          first?.outcome === 'written' && first.externalId,
        );
        expect(await stage.count()).toBe(1);
      });
    });

    describe('the session', () => {
      const authentications = (): number => served.log.filter((line) => line.step === 'authenticate').length;

      it('is fetched once for callers at the same time, and once more when it has ended', async () => {
        const [id = ''] = await stage.create(named(1));
        await Promise.all([read([id]), read([id]), read([id])]);
        const before = authentications();
        stage.expireSessions();

        const outcomes = await Promise.all([read([id]), read([id]), read([id])]);

        expect(before).toBe(1);
        expect(authentications()).toBe(2);
        expect(outcomes.flat().map((each) => each.outcome)).toEqual(['found', 'found', 'found']);
      });

      it('is an administrator matter when the credentials are wrong, and is not asked for again and again', async () => {
        const wrong = Object.fromEntries(Object.keys(stage.credentials).map((key) => [key, 'wrong-secret-value']));
        served = serve({ credentials: wrong });

        const first = await served.port.read(object, [samples.unknownId], [nameField]);
        const second = await served.port.account();

        expect(first).toMatchObject({ ok: false, fault: { kind: 'credential' } });
        expect(second).toMatchObject({ ok: false, fault: { kind: 'credential' } });
        expect(authentications()).toBeLessThanOrEqual(2);
        expect(JSON.stringify([first, second, served.log])).not.toContain('wrong-secret-value');
      });
    });

    describe('limits and faults', () => {
      const callTimes = (): readonly number[] =>
        served.log.filter((line) => line.step === 'vendor-call' && line.facts.outcome === 'ok').map((line) => line.at);

      it('keeps a ceiling in every window of the step clock, waiting instead of losing', async () => {
        const [id = ''] = await stage.create(named(1));
        served = serve({ ceilings: { per10Seconds: 8 } });
        const outcomes: string[] = [];

        for (let turn = 0; turn < 40; turn += 1) {
          const answer = await served.port.read(object, [id], [nameField]);
          outcomes.push(answer.ok ? 'ok' : answer.fault.kind);
          if (!answer.ok) clock.advance(answer.fault.retryAfterMs ?? 0);
        }

        expect(outcomes.filter((each) => each !== 'ok' && each !== 'throttled')).toEqual([]);
        const times = callTimes();
        expect(times.length).toBeGreaterThan(20);
        for (const from of times) {
          expect(times.filter((at) => at >= from && at <= from + 10_000).length).toBeLessThanOrEqual(8);
        }
      });

      it('shares its budgets with other processes of the same connection', async () => {
        const [id = ''] = await stage.create(named(1));
        const budgets = memoryBudgets();
        const ceilings = { per10Seconds: 8 };
        const processes = [serve({ budgets, ceilings }), serve({ budgets, ceilings }), serve({ budgets, ceilings })];

        for (let turn = 0; turn < 60; turn += 1) {
          const answer = await processes[turn % 3]?.port.read(object, [id], [nameField]);
          if (answer?.ok === false) clock.advance(answer.fault.retryAfterMs ?? 0);
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
        const [id = ''] = await stage.create(named(1));
        stage.inject({ kind: 'throttle', count: 1 });

        const first = await served.port.read(object, [id], [nameField]);
        clock.advance(hourMs);
        const second = await served.port.read(object, [id], [nameField]);

        if (!first.ok) expect(first.fault.kind).toBe('throttled');
        expect(second.ok).toBe(true);
      });

      it('answers throttled to every item of a write while the system throttles', async () => {
        stage.inject({ kind: 'throttle', count: 50 });

        const outcomes = await write([newItem(0), newItem(1)]);

        expect(outcomes.map((each) => each.outcome === 'failed' && each.fault.kind)).toEqual([
          'throttled',
          'throttled',
        ]);
        expect(await stage.count()).toBe(0);
      });

      it('waits for the day to pass when the daily limit is used up', async () => {
        stage.inject({ kind: 'daily-limit', count: 50 });

        const answer = await served.port.read(object, [samples.unknownId], [nameField]);

        expect(answer).toMatchObject({ ok: false, fault: { kind: 'throttled' } });
        expect(!answer.ok && (answer.fault.retryAfterMs ?? 0)).toBeGreaterThanOrEqual(1_000);
      });

      it('repeats a read through a short outage, and gives up within its bounds in a long one', async () => {
        const [id = ''] = await stage.create(named(1));
        await read([id]);
        stage.inject({ kind: 'unavailable', count: 2 });
        const through = await served.port.read(object, [id], [nameField]);
        stage.inject({ kind: 'unavailable', count: 100 });
        const callsBefore = stage.calls().calls;

        const failed = await served.port.read(object, [id], [nameField]);

        expect(through.ok).toBe(true);
        expect(failed).toMatchObject({ ok: false, fault: { kind: 'transient' } });
        expect(stage.calls().calls - callsBefore).toBeLessThanOrEqual(4);
      });

      it('calls nobody when there is no time left', async () => {
        const callsBefore = stage.calls().calls;
        served = serve({ deadline: () => 900 });

        const answer = await served.port.read(object, [samples.unknownId], [nameField]);

        expect(answer).toMatchObject({ ok: false, fault: { kind: 'transient', code: 'DEADLINE_NEAR' } });
        expect(stage.calls().calls).toBe(callsBefore);
      });
    });

    describe('what it tells', () => {
      it('knows the account and its users', async () => {
        const answer = await served.port.account();

        expect(answer.ok).toBe(true);
        const { accountId, owners } = answer.ok ? answer.value : { accountId: '', owners: {} };
        expect(accountId).toBe(stage.settings.accountId ?? accountId);
        expect(accountId).not.toBe('');
        expect(Object.keys(owners).length).toBeGreaterThan(0);
        for (const email of Object.values(owners)) expect(email).toBe(email.toLowerCase());
      });

      it('logs one line a call with its duration, and nothing personal or secret', async () => {
        const person = 'Jane.Roe@customer.example';
        const [created] = await write([
          newItem(0, { [nameField]: `${person} +49 170 1234567`, [textField]: person }),
          newItem(1, { [nameField]: person, ...samples.refused.values }),
        ]);
        await read([created?.outcome === 'written' ? created.externalId : '']);
        stage.inject({ kind: 'unavailable', count: 10 });
        await write([newItem(2, { [nameField]: person })]);

        expect(served.log.length).toBeGreaterThan(2);
        const text = JSON.stringify(served.log);
        for (const secret of [person, 'Jane', '1234567', ...Object.values(stage.credentials)]) {
          expect(text).not.toContain(secret);
        }
        for (const line of served.log) expect(line.facts.durationMs).toBeGreaterThanOrEqual(0);
      });
    });

    describeWebhookContract(connector, samples, () => ({ stage, clock, named }));
  });
}
