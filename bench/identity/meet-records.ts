import type { Kind } from '../../domain/model/kind.ts';
import type { UnifiedField, UnifiedRecord } from '../../domain/model/unified-record.ts';
import type { Vocabulary } from '../../domain/model/vocabulary.ts';
import { askAboutDoubts } from '../../domain/pipeline/identify/find-likeness.ts';
import { identifyRecord } from '../../domain/pipeline/identify/identify-record.ts';
import type { Hub, HubStore } from '../../domain/pipeline/ports.ts';
import { countedStore, type StoreCounts } from './counted-store.ts';
import type { LabelledRecord } from './labelled-set.ts';

/** What a person is asked: whether a unified record is the same as one or several others that are shown beside it. */
export interface Question {
  /** A question that grew comes again under its id. */
  readonly id: string;
  readonly about: string;
  readonly others: readonly string[];
}

/** What the hub made of records it met one after the other. */
export interface Meeting {
  /** The unified record each labelled record ended in, by its id. */
  readonly unifiedOf: ReadonlyMap<string, string>;
  /** Those put to a person, in their order. */
  readonly questions: readonly Question[];
  readonly counts: StoreCounts;
}

/** A meeting that is under way. */
export interface OpenMeeting extends Meeting {
  /** Lets the hub meet the next records, in their order. */
  meet(records: readonly LabelledRecord[]): Promise<void>;
}

/** Lets the hub meet records; see {@link openMeeting}. */
export async function meetRecords(
  records: readonly LabelledRecord[],
  vocabularies: ReadonlyMap<Kind, Vocabulary>,
  store: HubStore,
): Promise<Meeting> {
  const meeting = openMeeting(vocabularies, store);
  await meeting.meet(records);
  return meeting;
}

/**
 * Begins a meeting: the real identification over the store in memory, and after each record the unified one as a first source
 * makes it. Nobody answers questions meanwhile, which is the hardest case.
 */
export function openMeeting(vocabularies: ReadonlyMap<Kind, Vocabulary>, store: HubStore): OpenMeeting {
  const unifiedOf = new Map<string, string>();
  const questions: Question[] = [];
  const counted = countedStore({
    ...store,
    async openProblem(problem, as) {
      const [about, ...others] = problem.candidates ?? [];
      if (problem.cause === 'doubtful-match' && about !== undefined) questions.push({ id: problem.id, about, others });
      return store.openProblem(problem, as);
    },
  });
  let serial = 0;
  const hub = hubOn(counted.store, vocabularies, () => `01BENCH${String(++serial).padStart(19, '0')}`);
  return {
    unifiedOf,
    questions,
    counts: counted.counts,
    async meet(records) {
      for (const { id, kind, values } of records) {
        const ref = { connection: 'bench', object: kind, externalId: id };
        const identified = await identifyRecord(hub, { kind, ref, hubId: undefined, values });
        if ('waitsFor' in identified) throw new Error('nothing may wait here');
        const { unifiedId, claimedKeys, doubts, doubtedBecause } = identified;
        unifiedOf.set(id, unifiedId);
        const record = await keep(store, kind, unifiedId, values, claimedKeys, doubts);
        if (doubts.length > 0) await askAboutDoubts(hub, record, ref, doubtedBecause);
      }
    },
  };
}

/** Writes the unified record: what was found first stays, what was missing is filled in. */
async function keep(
  store: HubStore,
  kind: Kind,
  id: string,
  values: LabelledRecord['values'],
  claimed: readonly string[],
  doubts: readonly string[],
): Promise<UnifiedRecord> {
  const stored = (await store.readUnified(kind, [id])).get(id);
  const found = Object.entries(values).flatMap(([field, value]): [string, UnifiedField][] =>
    value === null || value === '' ? [] : [[field, { value, at: 0, from: 'bench', origin: 'found', rule: 'only' }]],
  );
  const record: UnifiedRecord = {
    kind,
    id,
    state: 'present',
    version: 1,
    createdAt: 0,
    changedAt: 0,
    seats: {},
    own: {},
    ...(doubts.length === 0 ? {} : { doubts }),
    ...stored,
    counter: (stored?.counter ?? 0) + 1,
    fields: { ...Object.fromEntries(found), ...stored?.fields },
    keys: [...new Set([...(stored?.keys ?? []), ...claimed])],
  };
  await store.putUnified(record, stored?.counter ?? null);
  return record;
}

function hubOn(store: HubStore, vocabularies: ReadonlyMap<Kind, Vocabulary>, newId: () => string): Hub {
  const unused = (): never => {
    throw new Error('identification needs no system, queue or connection');
  };
  return {
    store,
    vocabularies,
    newId,
    outbox: { notice: unused, deliver: unused, deliverLater: unused, changed: unused, sweep: unused },
    connections: [],
    mapping: unused,
    receiveEvent: unused,
    mappingsOf: unused,
    system: unused,
    directory: unused,
    connectionState: unused,
    now: () => 0,
    random: () => 0.5,
    log: () => undefined,
  };
}
