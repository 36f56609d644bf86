import { type DeliveryPlan, planDelivery, valuesOf } from '../deliver/plan-delivery.ts';
import { throughOfMapping } from '../deliver/through-fields.ts';
import { refKey, seatKey } from '../model/external-ref.ts';
import { OWN_CHECK } from '../model/fault.ts';
import type { Kind } from '../model/kind.ts';
import type { Problem, ProblemCause } from '../model/problem.ts';
import { shortHash } from '../model/short-hash.ts';
import { type SourceRecord, WHOLE } from '../model/source-record.ts';
import { creatingIn, type OwnField, type UnifiedRecord } from '../model/unified-record.ts';
import { isSameValue, type Value } from '../model/value.ts';
import type { RequestRule, RequestState, Vocabulary } from '../model/vocabulary.ts';
import type { CanonicalSource } from '../unify/canonical-source.ts';
import { type DeliveryTarget, targetsOf, vocabularyOf } from './connection-scope.ts';
import { inParallel } from './in-parallel.ts';
import type { ConnectionState, Hub } from './ports.ts';
import { problemId } from './problems/raise-problem.ts';
import { readThrough } from './read-through.ts';

/** The record that asks, as it is about to be, and what its seated sources hold and say. */
export interface AskingRecord {
  readonly draft: UnifiedRecord;
  readonly seated: readonly SourceRecord[];
  readonly canonical: readonly CanonicalSource[];
}

/**
 * What the hub sets in a record about what people asked a system to make of it (`requests` of the vocabulary): how far that is, and why
 * it goes no further, so that whoever asked for it in a CRM reads it there. Worked out whenever the record is settled, from what the
 * planner of deliveries would do and the refusals that stand; only what is another than before is answered. Texts of refusals are those
 * of their problems, redacted where they came from.
 *
 * *Units*: nothing is read for a record that nobody asks anything of, but for what stands with others (`through`); at most {@link REFUSALS_MAX} and two read units where refusals
 * stand, and two while what was asked for is being made.
 */
export async function tellRequests(
  hub: Hub,
  vocabulary: Vocabulary,
  asking: AskingRecord,
): Promise<Readonly<Record<string, OwnField>>> {
  const { own, changedAt: at } = asking.draft;
  const set: Record<string, OwnField> = {};
  for (const rule of vocabulary.requests ?? []) {
    const { state, error, from } = await leastWell(hub, rule, asking);
    const tell = (name: string, value: Value, toldBy?: string): void => {
      if (isSameValue(own[name]?.value ?? null, value)) return;
      set[name] = { value, at, origin: 'system', ...(toldBy === undefined ? {} : { from: toldBy }) };
    };
    tell(rule.state, state ?? null);
    tell(rule.error, error ?? null, from);
  }
  return set;
}

/** Whether records of a kind tell what becomes of an object of a connection. */
export function isToldOf(
  hub: Hub,
  kind: Kind,
  { connection, object }: { readonly connection: string; readonly object: string },
): boolean {
  const { requests = [] } = vocabularyOf(hub, kind);
  const system = hub.connections.find(({ id }) => id === connection)?.system;
  return requests.some((rule) => rule.system === system && rule.object === object);
}

/** What a record says of one thing asked for; without `state` nobody asks. `from`: who says what is wrong, for people, if not the hub. */
interface Told {
  readonly state?: RequestState;
  readonly error?: string;
  readonly from?: string;
}

const NOBODY_ASKS: Told = {};
const BADNESS: readonly RequestState[] = ['made', 'under-way', 'waiting', 'incomplete', 'refused'];

/** Of several accounts that are asked for the same, the one in which it goes least well. */
async function leastWell(hub: Hub, { system, object }: RequestRule, asking: AskingRecord): Promise<Told> {
  const badness = ({ state, error }: Told): number =>
    (state === undefined ? 0 : 1 + BADNESS.indexOf(state)) + (error === undefined ? 0 : BADNESS.length);
  let worst = NOBODY_ASKS;
  for (const target of targetsOf(hub, asking.draft.kind)) {
    if (target.connection.system !== system || target.mapping.object !== object) continue;
    const told = await tellOne(hub, target, asking);
    if (badness(told) > badness(worst)) worst = told;
  }
  return worst;
}

async function tellOne(hub: Hub, target: DeliveryTarget, asking: AskingRecord): Promise<Told> {
  const { connection, mapping } = target;
  const { draft, seated, canonical } = asking;
  if (draft.state !== 'present') return NOBODY_ASKS;
  const through = (await readThrough(hub, throughOfMapping(mapping), [{ unified: draft }]))(draft);
  const seat = draft.seats[seatKey(connection.id, mapping.object)];
  const isAsked = mapping.isSent(valuesOf(draft, through));
  const isMade = seat !== undefined && 'externalId' in seat;
  if (!isAsked && !isMade) return NOBODY_ASKS;
  const source = seated.find((each) => each.connection === connection.id && each.object === mapping.object);
  const said = source && canonical.find(({ from }) => from === refKey(source));
  const refused = source?.refused ?? creatingIn(seat)?.refused ?? {};
  const state = await hub.connectionState(connection.id);
  const plan = planDelivery({
    unified: draft,
    through,
    ...(source === undefined ? {} : { source }),
    ...(said === undefined ? {} : { canonical: said }),
    refused,
    mapping,
    directory: await hub.directory(connection.id),
    // Stands for any id there: what is only not there yet comes by itself.
    referenceTo: (unifiedId) => ({ id: unifiedId }),
    unseen: state.unseen?.[mapping.object] ?? [],
    isDeletedElsewhere: false,
  });
  const refusals = await refusalsOf(hub, target, { draft, source, refused }, plan.refused);
  const lack = lackOf(plan, seated);
  const error = bounded([...refusals.map(({ text }) => text), ...(lack === undefined ? [] : [lack])].join(' '));
  const told: Told = error === '' ? {} : { error, from: refusals[0]?.from ?? `hub, ${OWN_CHECK} to ${connection.id}` };
  if (isMade) return isAsked ? { ...told, state: 'made' } : told;
  if (plan.operation === 'create' && isReady(state, mapping.object)) {
    const stuck = await whyStuck(hub, target, draft);
    // What is left out of a record that need not be made whole is told, and the rest goes on.
    return stuck === undefined ? { ...told, state: 'under-way' } : { state: 'waiting', error: stuck };
  }
  if (plan.operation !== 'create' && refusals.length > 0) return { ...told, state: 'refused' };
  if (plan.operation !== 'create' && lack !== undefined) return { ...told, state: 'incomplete' };
  return { state: 'waiting', error: whyWaiting(connection.id, draft, state) };
}

function isReady({ paused, releasedAt, backfilledAt }: ConnectionState, object: string): boolean {
  return paused === undefined && releasedAt !== undefined && backfilledAt[object] !== undefined;
}

function whyWaiting(connection: string, { doubts = [] }: UnifiedRecord, { paused }: ConnectionState): string {
  if (doubts.length > 0) return 'Another record looks the same; whoever runs the hub is asked whether it is.';
  if (paused !== undefined) return `${connection} is paused; it goes on by itself when that ends.`;
  return `The hub does not write to ${connection} yet; it goes on by itself when it does.`;
}

/** Why nothing is under way that should be: the hub has asked a person, and goes on by itself only now and then. */
async function whyStuck(
  hub: Hub,
  { connection, mapping }: DeliveryTarget,
  { id }: UnifiedRecord,
): Promise<string | undefined> {
  const about = { connection: connection.id, object: mapping.object, unifiedId: id };
  const isOpen = async (cause: ProblemCause): Promise<boolean> =>
    ['open', 'ignored'].includes((await hub.store.readProblem(problemId({ ...about, cause })))?.state ?? '');
  if (await isOpen('value-taken'))
    return `Another record in ${connection.id} is in the way; whoever runs the hub is asked which one it is.`;
  if (await isOpen('gave-up'))
    return `${connection.id} has not taken it for a day; whoever runs the hub is asked, and it is tried again every hour.`;
  return undefined;
}

/** What is empty or cannot be carried over, in a sentence for whoever asked. */
function lackOf({ missing, held }: DeliveryPlan, seated: readonly SourceRecord[]): string | undefined {
  const unusable = (field: string, reason: string): string =>
    `${inWords(field)} cannot be used (${reason.replace(/\.$/, '')})`;
  const lacks = [
    ...missing.map((field) => {
      const waits = seated.map((source) => source.held[field]).find((reason) => reason !== undefined);
      return waits === undefined ? `${inWords(field)} is empty` : unusable(field, waits);
    }),
    ...Object.entries(held).map(([field, reason]) => unusable(field, reason)),
  ];
  return lacks.length === 0 ? undefined : `Not sent: ${lacks.join(', ')}.`;
}

/** `contractMonths` as people say it: contract months. */
function inWords(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Refusals looked up for one text. */
const REFUSALS_MAX = 8;

interface Refusals {
  readonly draft: UnifiedRecord;
  readonly source: SourceRecord | undefined;
  /** Hashes of what was refused, by field. */
  readonly refused: Readonly<Record<string, string>>;
}

/** What was said of the refusals that stand, each once; one that tells nothing where the problem is not there any more. */
async function refusalsOf(
  hub: Hub,
  { connection, mapping }: DeliveryTarget,
  { draft, source, refused }: Refusals,
  fields: readonly string[],
): Promise<readonly { readonly text: string; readonly from: string }[]> {
  if (fields.length === 0) return [];
  const about = { connection: connection.id, object: mapping.object, unifiedId: draft.id };
  const where = source === undefined ? about : { ...about, externalId: source.externalId };
  const idOf = (cause: ProblemCause, field?: string): string =>
    problemId({ ...where, cause, ...(field === undefined ? {} : { field }) });
  const named = fields.filter((field) => field !== WHOLE).slice(0, REFUSALS_MAX);
  const ids = [...named.map((field) => idOf('refused-value', field)), idOf('refused-record'), idOf('defect')];
  const problems = (await inParallel(ids, (id) => hub.store.readProblem(id))).filter(
    (problem) => problem !== undefined,
  );
  // Of a field, the problem is about this very value; of the record, about all that was sent, or about several of its fields.
  const stands = ({ field, about: hash, state }: Problem): boolean => {
    if (field !== undefined) return hash === refused[field];
    return refused[WHOLE] === undefined ? state !== 'closed' : hash === shortHash(refused[WHOLE]);
  };
  const texts = new Map<string, string>();
  for (const { reason, message, toldBy } of problems.filter(stands)) {
    const by = toldBy === OWN_CHECK ? `hub, ${OWN_CHECK} to ${connection.id}` : connection.id;
    texts.set(reason ?? message, toldBy === undefined || toldBy === OWN_CHECK ? by : `${by}, ${toldBy}`);
  }
  if (texts.size === 0) texts.set(`${connection.id} refused it; the problems of the hub say why.`, connection.id);
  return [...texts].map(([text, from]) => ({ text, from }));
}

/** Longest text kept, characters. */
export const ERROR_MAX = 500;

function bounded(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= ERROR_MAX ? line : `${line.slice(0, ERROR_MAX - 1)}…`;
}
