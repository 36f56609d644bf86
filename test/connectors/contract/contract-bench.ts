import { afterEach, beforeEach } from 'vitest';
import type { Fault } from '../../../domain/model/fault.ts';
import type { ReadOutcome, WriteItem, WriteOutcome } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { type ContractStage, type ContractSubject, type StepClock, stepClock } from './contract-stage.ts';
import { type ServedConnection, type ServeForTest, serveStage } from './served-connection.ts';

/** Text that breaks whatever pastes it into a query, a path or a document. */
export const hostileText = `O'Re\\illy \\' "q" ) OR Id != '' -- ;<b>&amp;</b>\n%00 %27 \u2028 {{x}} ${'\\'}`;

/** Distinct unified ids. */
export function unifiedIdAt(index: number): string {
  return `01J${String(index).padStart(23, '0')}`;
}

/** What a test of the contract works with; made anew for every test. */
export interface ContractBench {
  readonly clock: StepClock;
  readonly stage: ContractStage;
  /** The connection as served by default; a test may put another one in its place. */
  served: ServedConnection;
  serve(options?: ServeForTest): ServedConnection;
  /** So many records' values, with a name only. */
  named(count: number): readonly SystemValues[];
  newItem(index: number, values?: SystemValues): WriteItem;
  patch(externalId: string, values: SystemValues, base?: SystemValues): WriteItem;
  /** Reads hub id, name and text; a read that fails as a whole fails the test. */
  read(ids: readonly string[]): Promise<readonly ReadOutcome[]>;
  /** Looks for creations by their unified ids. */
  find(unifiedIds: readonly string[]): Promise<ReadonlyMap<string, string | Fault>>;
  write(items: readonly WriteItem[]): Promise<readonly WriteOutcome[]>;
}

/** Starts a simulator before each test of the current `describe`, and closes it afterwards. */
export function contractBench<Api>(subject: ContractSubject<Api>): ContractBench {
  const { connector, samples } = subject;
  const { object, hubIdField, nameField, textField } = samples;
  let current: { clock: StepClock; stage: ContractStage; served: ServedConnection } | undefined;
  const present = () => {
    if (current === undefined) throw new Error('The bench is there inside of tests only.');
    return current;
  };

  beforeEach(async () => {
    const clock = stepClock();
    const stage = await subject.start(clock);
    current = { clock, stage, served: serveStage(connector, stage, clock) };
  });
  afterEach(() => current?.stage.close());

  return {
    get clock() {
      return present().clock;
    },
    get stage() {
      return present().stage;
    },
    get served() {
      return present().served;
    },
    set served(served) {
      present().served = served;
    },
    serve: (options) => serveStage(connector, present().stage, present().clock, options),
    named: (count) => Array.from({ length: count }, (_, index) => ({ [nameField]: `Record ${index}` })),
    newItem: (index, values = {}) => ({
      operation: 'create',
      unifiedId: unifiedIdAt(index),
      values: { [nameField]: `New ${index}`, ...values },
      base: {},
    }),
    patch: (externalId, values, base = {}) => ({
      operation: 'update',
      unifiedId: unifiedIdAt(0),
      externalId,
      values,
      base,
    }),
    async read(ids) {
      const answer = await present().served.port.read(object, ids, [hubIdField, nameField, textField]);
      if (!answer.ok) throw new Error(`The read failed: ${answer.fault.kind} ${answer.fault.code}`);
      return answer.value;
    },
    async find(unifiedIds) {
      const answer = await present().served.port.find(object, hubIdField, unifiedIds);
      if (!answer.ok) throw new Error(`The look failed: ${answer.fault.kind} ${answer.fault.code}`);
      return answer.value;
    },
    write: (items) => present().served.port.write(object, hubIdField, items),
  };
}
