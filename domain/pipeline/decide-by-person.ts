import type { Kind } from '../model/kind.ts';
import type { OwnField } from '../model/unified-record.ts';
import { isEmptyValue, type Values } from '../model/value.ts';
import { vocabularyOf } from './connection-scope.ts';
import { noEffects, sendEffects } from './effects.ts';
import type { Hub } from './ports.ts';
import { settleRecord } from './settle-record.ts';

/** What a person decides about a record. */
export interface Decision {
  readonly kind: Kind;
  readonly id: string;
  /** Values of fields that are the hub's to decide, in canonical form. */
  readonly values: Values;
  readonly by: string;
  readonly note?: string;
}

/** How deciding ended. */
export type DecideEnd =
  | { readonly end: 'done' | 'unknown' | 'contended' }
  | { readonly end: 'refused'; readonly reason: string };

const ATTEMPTS_MAX = 5;

/**
 * Sets fields that the hub itself decides (`survivorship: hub`), because a person said so, and queues what follows for the systems.
 * Who, what and why is in the journal.
 *
 * *Faults*: `refused` for fields that are not the hub's, values that are none of the choices, and decisions about what is over
 * (an invitation that was answered or has run out).
 */
export async function decideByPerson(hub: Hub, decision: Decision): Promise<DecideEnd> {
  const { kind, id, values } = decision;
  const flaw = flawOf(hub, decision);
  if (flaw !== undefined) return { end: 'refused', reason: flaw };
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const bundle = await hub.store.readBundle(kind, id);
    const { unified } = bundle;
    if (unified === undefined || unified.state !== 'present') return { end: 'unknown' };
    const status = unified.fields.status?.value;
    if (kind === 'invitation' && status !== 'pending') {
      return {
        end: 'refused',
        reason: `The invitation is ${typeof status === 'string' ? status : 'not pending'}: there is nothing to decide any more.`,
      };
    }
    const at = hub.now();
    const set = Object.entries(values).map(([field, value]): [string, OwnField] => [
      field,
      { value, at, origin: 'system' },
    ]);
    const own = { ...unified.own, ...Object.fromEntries(set) };
    const next = { ...unified, own, counter: unified.counter + 1 };
    if (!(await hub.store.putUnified(next, unified.counter))) continue;
    const correlationId = hub.newId();
    const effects = noEffects();
    const settled = await settleRecord(hub, kind, id, { correlationId, isRepeated: true }, effects);
    effects.journal.push({
      id: hub.newId(),
      kind,
      unifiedId: id,
      at,
      step: 'decided',
      version: unified.version,
      changes: Object.fromEntries(set.map(([field, { value }]) => [field, [unified.fields[field]?.value, value]])),
      correlationId,
      by: decision.by,
      ...(decision.note === undefined ? {} : { note: decision.note }),
    });
    await sendEffects(hub, effects);
    // What was decided is kept; until the record is settled nothing follows from it, which deciding again brings about.
    return { end: settled.outcome === 'contended' ? 'contended' : 'done' };
  }
  return { end: 'contended' };
}

function flawOf(hub: Hub, { kind, values }: Decision): string | undefined {
  const { fields, exchange, requests = [] } = vocabularyOf(hub, kind);
  const reckoned = exchange === undefined ? [] : [exchange.rate, exchange.day, exchange.into];
  const told = requests.flatMap(({ state, error }) => [state, error]);
  const names = Object.keys(values);
  if (names.length === 0) return 'There is nothing to decide in it.';
  for (const [name, value] of Object.entries(values)) {
    const field = fields.get(name);
    if (field === undefined) return `A ${kind} has no field ${name}.`;
    if (field.survivorship.by !== 'hub')
      return `${name} is not the hub's to decide: change it in the system that has it.`;
    if (reckoned.includes(name)) return `${name} is worked out by the hub: import the rates it is worked out from.`;
    if (told.includes(name)) return `${name} is what the hub tells of what was asked for: nobody decides it.`;
    if (!isEmptyValue(value) && typeof value !== (field.type === 'boolean' ? 'boolean' : 'string')) {
      return `${name} must be ${field.type === 'boolean' ? 'true or false' : 'a text'}.`;
    }
    if (field.choices !== undefined && !isEmptyValue(value) && !field.choices.includes(String(value))) {
      return `${name} must be one of ${field.choices.join(', ')}.`;
    }
  }
  return undefined;
}
