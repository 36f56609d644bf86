import { ATTEMPTS_MAX } from '../../domain/deliver/retry.ts';
import type { Fault } from '../../domain/model/fault.ts';
import type { Notice } from '../../domain/model/notice.ts';
import type { ProblemCause } from '../../domain/model/problem.ts';
import type { SystemValues } from '../../domain/model/value.ts';
import { absorbNotices } from '../../domain/pipeline/absorb/absorb-notices.ts';
import { reportUnreachable } from '../../domain/pipeline/absorb/report-unreachable.ts';
import { pauseConnection } from '../../domain/pipeline/connections/pause-connection.ts';
import { deliverDue } from '../../domain/pipeline/deliver/deliver-due.ts';
import { eraseByPerson } from '../../domain/pipeline/erase/erase-by-person.ts';
import { mergeByPerson } from '../../domain/pipeline/merge/merge-by-person.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';
import { raiseProblem } from '../../domain/pipeline/problems/raise-problem.ts';
import { resumeConnection } from '../../domain/pipeline/problems/retry-problem.ts';
import { absorbOne, dueFor, LEASE_MS } from './due-deliveries.ts';
import { bundleOf, pairedHub, type SmallHub, setConnection, smallHub, withPort } from './small-hub.ts';
import { moneyHub, ratesOf } from './tiny-money.ts';

/** How a problem comes about, and how its cause goes away without anybody answering the problem. */
export interface CauseStory {
  readonly cause: ProblemCause;
  readonly title: string;
  /** What happened has happened: the problem never ends by itself, and what takes it away is a person's answer. */
  readonly isAnswered?: true;
  /** `false`: the cause is over already when the story begins, or it is looked at in the first review only; a look at the record shows it. */
  readonly isSteady?: false;
  /** Brings the problem about; what is answered takes its cause away. */
  begin(): Promise<{ readonly small: SmallHub; readonly mend: () => Promise<void> }>;
}

const REJECTED: Fault = { kind: 'rejected', code: 'NO_SUCH_FIELD', message: 'no such field' };
const BROKEN: Fault = { kind: 'transient', code: 'UNAVAILABLE', message: 'down' };
const HIDDEN = { outcome: 'missing' } as const;
const DEFECT: Fault = { kind: 'defect', code: 'CONNECTOR_THREW', message: 'not foreseen' };

/** At least one story for every cause but those of `aws-problem-stories.ts`, `hidden-record-stories.ts` and `taken-value-stories.ts`. */
export const STORIES: readonly CauseStory[] = [
  {
    cause: 'unmapped-value',
    title: 'of a value read, when the value is corrected there',
    async begin() {
      const { small, a } = await pairedHub();
      await edit(small, 'one', a, { NOTE: '?unknown' });
      return { small, mend: () => edit(small, 'one', a, { NOTE: 'known' }) };
    },
  },
  {
    cause: 'unmapped-value',
    title: 'of a value to be written, when another one wins',
    async begin() {
      const { small, a } = await pairedHub();
      const { unified } = await bundleOf(small, 'one', a);
      if (unified === undefined) throw new Error('not unified');
      const own = { note: { value: '?unlisted', at: small.clock.now, origin: 'system' } } as const;
      await small.store.putUnified({ ...unified, own, counter: unified.counter + 1 }, unified.counter);
      small.clock.now += 1_000;
      await pass(small, 'one', a);
      return { small, mend: () => edit(small, 'one', a, { NOTE: 'listed' }) };
    },
  },
  {
    cause: 'refused-value',
    title: 'when the value is given up again where it came from',
    async begin() {
      const { small, a } = await pairedHub();
      small.systems.two?.refuse('!');
      await edit(small, 'one', a, { NOTE: '!no' });
      return { small, mend: () => edit(small, 'one', a, { NOTE: null }) };
    },
  },
  {
    cause: 'refused-record',
    title: 'of a record to be made, when it is deleted where it is',
    async begin() {
      const small = await smallHub(['one', 'two']);
      const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
      small.systems.two?.failNextWrite(REJECTED, false);
      await pass(small, 'one', a);
      return { small, mend: () => remove(small, 'one', a) };
    },
  },
  {
    cause: 'refused-record',
    title: 'of a record to be read, when it can be read',
    isSteady: false,
    begin: () => readingFails(REJECTED),
  },
  {
    cause: 'defect',
    title: 'in reading a record, when it can be read',
    isSteady: false,
    begin: () => readingFails(DEFECT),
  },
  {
    cause: 'defect',
    title: 'in writing a record, when there is nothing left to write',
    async begin() {
      const { small, a } = await pairedHub();
      small.systems.two?.failNextWrite(DEFECT, false);
      await edit(small, 'one', a, { NOTE: 'x' });
      return { small, mend: () => edit(small, 'one', a, { NOTE: null }) };
    },
  },
  {
    cause: 'required-missing',
    title: 'when somebody fills the field in',
    async begin() {
      const small = await smallHub(['one', 'two']);
      const a = small.systems.one?.create({ NAME: null, DOMAIN: 'acme.com' }) ?? '';
      await pass(small, 'one', a);
      return { small, mend: () => edit(small, 'one', a, { NAME: 'Acme' }) };
    },
  },
  {
    cause: 'duplicate',
    title: 'when the second record is deleted',
    async begin() {
      const { small } = await pairedHub();
      const twin = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
      await pass(small, 'one', twin);
      return { small, mend: () => remove(small, 'one', twin) };
    },
  },
  {
    cause: 'duplicate',
    title: 'when the two are merged in their system',
    async begin() {
      const { small, a } = await pairedHub();
      const twin = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
      await pass(small, 'one', twin);
      return {
        small,
        mend: async () => {
          small.systems.one?.merge(twin, a);
          await pass(small, 'one', twin);
        },
      };
    },
  },
  {
    cause: 'doubtful-match',
    title: 'when one of the two is deleted',
    async begin() {
      const { small, a } = await alike();
      const { sources } = await bundleOf(small, 'one', a);
      return {
        small,
        mend: async () => {
          for (const { connection, externalId } of sources) await remove(small, connection, externalId);
        },
      };
    },
  },
  {
    cause: 'doubtful-match',
    title: 'when one of the two is renamed',
    async begin() {
      const { small, b } = await alike();
      return { small, mend: () => edit(small, 'two', b, { NAME: 'Zebra Shipping' }) };
    },
  },
  {
    cause: 'merge-conflict',
    title: 'when the value that does not belong is corrected',
    async begin() {
      const small = await smallHub(['one', 'two'], { isOpen: false });
      const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
      const b = small.systems.one?.create({ NAME: 'Globex', DOMAIN: 'globex.com' }) ?? '';
      await pass(small, 'one', a);
      await pass(small, 'one', b);
      await edit(small, 'one', b, { DOMAIN: 'acme.com' });
      return { small, mend: () => edit(small, 'one', b, { DOMAIN: 'globex.com' }) };
    },
  },
  {
    cause: 'merge-unfinished',
    title: 'when the hub has finished it',
    isSteady: false,
    async begin() {
      const { small, a } = await alike();
      const { id } = await bundleOf(small, 'one', a);
      const { problems } = await small.store.listProblems({ limit: 1 });
      const other = problems[0]?.candidates?.find((candidate) => candidate !== id) ?? '';
      const store = {
        ...small.store,
        putRef: async () => {
          throw new Error('killed');
        },
      };
      await mergeByPerson({ ...small.hub, store }, 'partner', id, other, 'ada').catch(() => undefined);
      // Both are in `two` by now, where only a person can merge them.
      return { small, mend: () => remove(small, 'two', 'two-2') };
    },
  },
  {
    cause: 'unresolved-reference',
    title: 'when the record referred to can be seen',
    async begin() {
      const small = await smallHub(['one']);
      const parent = small.systems.one?.create({ NAME: 'Holding', DOMAIN: 'holding.com' }) ?? '';
      const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', PARENT: parent }) ?? '';
      const { port } = small.systems.one ?? {};
      if (port === undefined) throw new Error('no system');
      const hub = withPort(small.hub, 'one', () => ({
        read: async (object, ids, fields) => {
          const answer = await port.read(object, ids, fields);
          if (!answer.ok) return answer;
          const seen = answer.value.map((each, index) => (ids[index] === parent ? HIDDEN : each));
          return { ok: true, value: seen };
        },
      }));
      await small.notice('one', [a]);
      for (let round = 0; round < 30; round++) {
        const received = small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false }));
        await absorbNotices(hub, received);
        small.clock.now = small.outbox.nextVisibleAt() ?? small.clock.now;
      }
      return { small, mend: () => pass(small, 'one', parent) };
    },
  },
  {
    cause: 'loop',
    title: 'when both sides hold the same',
    async begin() {
      const { small, a, b } = await pairedHub();
      await edit(small, 'one', a, { TIER: 'gold' });
      for (let round = 0; round < 24; round++) {
        small.clock.now += 60_000;
        await edit(small, 'two', b, { TIER: 'bronze' });
      }
      return { small, mend: () => edit(small, 'two', b, { TIER: 'gold' }) };
    },
  },
  {
    cause: 'mass-change',
    title: 'when the connection is resumed',
    begin: () => paused('mass-change'),
  },
  {
    cause: 'account-changed',
    title: 'when the connection is resumed',
    begin: () => paused('account-changed'),
  },
  {
    cause: 'missing-field',
    title: 'when a read shows the field',
    async begin() {
      const { small, b } = await pairedHub();
      small.systems.two?.lack(['NOTE']);
      await pass(small, 'two', b);
      small.systems.two?.lack([]);
      return { small, mend: () => pass(small, 'two', b) };
    },
  },
  {
    cause: 'unreachable',
    title: 'when the system answers',
    async begin() {
      const { small, a } = await pairedHub();
      await reportUnreachable(small.hub, 'one', BROKEN);
      return { small, mend: () => pass(small, 'one', a) };
    },
  },
  {
    cause: 'credential',
    title: 'when the connection is opened with its own account',
    async begin() {
      const { small } = await pairedHub();
      const draft = { cause: 'credential', connection: 'one', message: 'm', nextStep: 'n' } as const;
      const id = await raiseProblem(small.hub, draft);
      await setConnection(small, 'one', (state) => ({ ...state, problems: [id] }));
      // What functions/runtime/connected-systems.ts does then; that it does is tested there.
      return { small, mend: () => setConnection(small, 'one', (state) => ({ ...state, problems: [] })) };
    },
  },
  {
    cause: 'gave-up',
    title: 'of reading a record, when it can be read',
    isSteady: false,
    async begin() {
      const small = await smallHub(['one']);
      const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
      await absorbNotices(failingReads(small, BROKEN), [
        { notice: { ...noticeOf(a), attempts: ATTEMPTS_MAX }, isRepeated: false },
      ]);
      return { small, mend: async () => undefined };
    },
  },
  {
    cause: 'gave-up',
    title: 'of writing a record, when it is written',
    isSteady: false,
    async begin() {
      const { small, a } = await pairedHub();
      small.systems.one?.edit(a, { NOTE: 'x' });
      await absorbOne(small, [a]);
      small.systems.two?.failNextWrite(BROKEN, false);
      const { id } = await bundleOf(small, 'one', a);
      await deliverDue(small.hub, [{ due: dueFor(id, { attempts: ATTEMPTS_MAX }), isRepeated: false }], LEASE_MS);
      return { small, mend: async () => undefined };
    },
  },
  {
    cause: 'rate-missing',
    title: 'when the rates are imported',
    async begin() {
      const small = await moneyHub();
      const id = small.systems.one?.create({ NAME: 'Deal', STREET: '100', CITY: 'USD' }) ?? '';
      await small.notice('one', [id]);
      await small.settle();
      return { small, mend: () => small.store.putRates([ratesOf('2023-11-14')]) };
    },
  },
  {
    cause: 'rate-missing',
    title: 'when the deal needs none any more',
    async begin() {
      const small = await moneyHub();
      const id = small.systems.one?.create({ NAME: 'Deal', STREET: '100', CITY: 'USD' }) ?? '';
      await small.notice('one', [id]);
      await small.settle();
      return { small, mend: () => edit(small, 'one', id, { CITY: 'EUR' }) };
    },
  },
  {
    cause: 'erasure-waits',
    title: 'when the connection is released',
    // Its message keeps coming back as long as it waits.
    isSteady: false,
    async begin() {
      const { small, a } = await pairedHub();
      await setConnection(small, 'two', ({ releasedAt: _, ...state }) => state);
      const { kind, id } = await bundleOf(small, 'one', a);
      await eraseByPerson(small.hub, { kind, id, keepIn: [], by: 'officer' });
      small.clock.now += 10_000;
      await small.drain();
      return { small, mend: () => setConnection(small, 'two', (state) => ({ ...state, releasedAt: small.clock.now })) };
    },
  },
];

/** Two companies of one name that share nothing which identifies them. */
async function alike(): Promise<{ readonly small: SmallHub; readonly a: string; readonly b: string }> {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Quarry Robotics' }) ?? '';
  await pass(small, 'one', a);
  const b = small.systems.two?.create({ NAME: 'Quarry Robotics' }) ?? '';
  await pass(small, 'two', b);
  return { small, a, b };
}

async function readingFails(fault: Fault): ReturnType<CauseStory['begin']> {
  const small = await smallHub(['one']);
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
  await absorbNotices(failingReads(small, fault), [{ notice: noticeOf(a), isRepeated: false }]);
  return { small, mend: async () => undefined };
}

async function paused(cause: 'mass-change' | 'account-changed'): ReturnType<CauseStory['begin']> {
  const { small } = await pairedHub();
  await pauseConnection(small.hub, 'one', { cause, message: 'm', nextStep: 'n' });
  return { small, mend: () => resumeConnection(small.hub, 'one') };
}

function failingReads(small: SmallHub, fault: Fault): Hub {
  return withPort(small.hub, 'one', () => ({
    read: async (_object, ids) => ({ ok: true, value: ids.map(() => ({ outcome: 'failed', fault })) }),
  }));
}

function noticeOf(id: string): Notice {
  return {
    schema: 1,
    connection: 'one',
    object: 'thing',
    ids: [id],
    reason: 'webhook',
    attempts: 0,
    correlationId: 'c',
  };
}

/** A person's edit, and what follows from it. */
export async function edit(small: SmallHub, connection: string, id: string, values: SystemValues): Promise<void> {
  small.clock.now += 5_000;
  small.systems[connection]?.edit(id, values);
  await pass(small, connection, id);
}

export async function remove(small: SmallHub, connection: string, id: string): Promise<void> {
  small.clock.now += 5_000;
  small.systems[connection]?.remove(id);
  await pass(small, connection, id);
}

/** Somebody hints at the record, and everything that follows is done. */
export async function pass(small: SmallHub, connection: string, id: string): Promise<void> {
  await small.notice(connection, [id]);
  await small.settle();
}
