import { matchKeys } from '../../identity/match-keys.ts';
import { soleKeys } from '../../identity/sole-keys.ts';
import type { Kind } from '../../model/kind.ts';
import type { Value, Values } from '../../model/value.ts';
import { canonicalSources, vocabularyOf } from '../connection-scope.ts';
import type { Hub, MatchKey } from '../ports.ts';
import type { ErasureScope } from './erasure-scope.ts';

/**
 * Every match key that may name a record, as `type:value`: those it lists, those it was entered under, and those that its values
 * give, former ones included as far as the journal and the merges tell; for a crash may have left a key behind that nothing lists.
 */
export async function possibleKeys(hub: Hub, kind: Kind, scope: ErasureScope): Promise<readonly string[]> {
  const vocabulary = vocabularyOf(hub, kind);
  const texts = new Set<string>();
  const add = (values: Values): void => {
    const { strong, weak } = matchKeys(kind, values, vocabulary);
    for (const { type, value } of soleKeys(values, vocabulary)) texts.add(`${type}:${value}`);
    for (const { type, value } of [...strong, ...weak]) {
      texts.add(`${type}:${value}`);
      // Whoever was met first with a mailbox that several have holds the mark that says so.
      if (type === 'email') texts.add(`shared-email:${value}`);
    }
  };
  for (const [id, bundle] of scope.bundles) {
    for (const text of await hub.store.readNotedKeys(kind, id)) texts.add(text);
    for (const text of bundle.unified?.keys ?? []) texts.add(text);
    add(plainValues(bundle.unified?.fields));
    add(plainValues(bundle.unified?.own));
    for (const { fields } of await canonicalSources(hub, bundle.sources)) add(plainValues(fields));
    for (const { changes } of await hub.store.readJournal(kind, id, JOURNAL_MAX)) {
      add(pickValues(changes, 0));
      add(pickValues(changes, 1));
    }
  }
  for (const mergeId of scope.mergeIds) {
    const item = await hub.store.readMerge(mergeId);
    for (const record of item === undefined ? [] : [item.survivor, item.loser]) {
      if (!scope.bundles.has(record.id)) continue;
      for (const text of record.keys) texts.add(text);
      add(plainValues(record.fields));
    }
  }
  return [...texts].sort();
}

const JOURNAL_MAX = 200;

/**
 * Takes records off the match keys they hold. A key may be held by several, their ids with spaces between; the others keep it.
 * Answers `false` when somebody else was entered meanwhile and it must be tried again.
 */
export async function leaveKeys(
  hub: Hub,
  kind: Kind,
  texts: readonly string[],
  ids: ReadonlySet<string>,
): Promise<boolean> {
  const keys = texts.map((text): MatchKey => {
    const colon = text.indexOf(':');
    return { kind, type: text.slice(0, colon), value: text.slice(colon + 1) };
  });
  let isComplete = true;
  for (let from = 0; from < keys.length; from += KEYS_A_READ) {
    const part = keys.slice(from, from + KEYS_A_READ);
    const holders = await hub.store.readKeys(part);
    for (const key of part) {
      const held = holders.get(`${key.kind}#${key.type}#${key.value}`);
      const others = held?.split(' ').filter((id) => !ids.has(id)) ?? [];
      if (held === undefined || others.join(' ') === held) continue;
      const isLeft =
        others.length === 0
          ? await hub.store.deleteKey(key, held)
          : await hub.store.putKey(key, others.join(' '), held);
      isComplete &&= isLeft;
    }
  }
  return isComplete;
}

const KEYS_A_READ = 500;

function plainValues(fields: Readonly<Record<string, { readonly value: Value }>> | undefined): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, { value }]) => [name, value]));
}

function pickValues(
  changes: Readonly<Record<string, readonly [Value | undefined, Value | undefined]>>,
  side: 0 | 1,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(changes).flatMap(([name, pair]) => {
      const value = pair[side];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
