import type { Intent, Origin, WriteTally } from '../../../domain/model/source-record.ts';
import type { FieldTags } from './field-tags.ts';
import { type IndexTable, packTime, unpackTime } from './index-table.ts';
import { packRows, unpackRows } from './packed-rows.ts';

/** One character for an origin. Append-only. */
export const ORIGIN_CODES: Readonly<Record<Origin, string>> = { system: 'S', hub: 'H', found: 'F' };

/** The inverse of {@link ORIGIN_CODES}. *Faults*: throws a defect for a code it does not know. */
export function originOf(code: string | undefined): Origin {
  return decoded(ORIGIN_CODES, code);
}

/** The name that has this code. *Faults*: throws a defect when none has: an older worker meets a newer item. */
export function decoded<Name extends string>(codes: Readonly<Record<Name, string>>, code: string | undefined): Name {
  for (const name in codes) if (codes[name] === code) return name;
  throw new Error(`An item holds the code ${code}, which this version does not know.`);
}

/** A place in a table of times, as the time. *Faults*: throws a defect when the table is shorter. */
export function timeAt(times: readonly string[], place: string | undefined): number {
  const packed = times[Number.parseInt(place ?? '', 36)];
  if (packed === undefined) throw new Error(`An item names the time ${place}, which its table does not have.`);
  return unpackTime(packed);
}

/** Texts by field, one row each. */
export function packTexts(texts: Readonly<Record<string, string>>, tags: FieldTags): string[][] {
  return Object.entries(texts).map(([field, text]) => [tags.tagOf(field), text]);
}

/** The inverse of {@link packTexts}; a field that is not known is left out. */
export function unpackTexts(rows: readonly (readonly string[])[], tags: FieldTags): Record<string, string> {
  return byField(rows, tags, ([, text = '']) => text);
}

/** Intents, one row for each time: the time's place, then tag and hash of each field; all of a delivery share few times. */
export function packIntents(intents: Readonly<Record<string, Intent>>, tags: FieldTags, times: IndexTable): string[][] {
  const byTime = Map.groupBy(Object.entries(intents), ([, { at }]) => at);
  return [...byTime].map(([at, group]) => [
    times.indexOf(packTime(at)),
    ...group.flatMap(([field, { hash }]) => [tags.tagOf(field), hash]),
  ]);
}

/**
 * The elements that intents of sets name, one row each, by tag: tag, then the elements. Apart, since older workers read intents in
 * pairs, and in an order of their own, since those are told by time.
 */
export function packIntended(intents: Readonly<Record<string, Intent>>, tags: FieldTags): string[][] {
  const rows = Object.entries(intents).flatMap(([field, { elements }]) =>
    elements === undefined ? [] : [[tags.tagOf(field), ...elements]],
  );
  return rows.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

/** The inverse of {@link packIntents} and {@link packIntended}. */
export function unpackIntents(
  rows: readonly (readonly string[])[],
  intended: readonly (readonly string[])[],
  tags: FieldTags,
  times: readonly string[],
): Record<string, Intent> {
  const elements = byField(intended, tags, ([, ...each]) => ({ elements: each }));
  const entries: [string, Intent][] = [];
  for (const [place, ...pairs] of rows) {
    const at = timeAt(times, place);
    for (let index = 0; index < pairs.length; index += 2) {
      const field = tags.fieldOf(pairs[index] ?? '');
      if (field !== undefined) entries.push([field, { hash: pairs[index + 1] ?? '', at, ...elements[field] }]);
    }
  }
  return Object.fromEntries(entries);
}

/** Write tallies by field: tag, place of the time, count. */
export function packTallies(
  tallies: Readonly<Record<string, WriteTally>>,
  tags: FieldTags,
  times: IndexTable,
): string[][] {
  return Object.entries(tallies).map(([field, { since, count }]) => [
    tags.tagOf(field),
    times.indexOf(packTime(since)),
    count.toString(36),
  ]);
}

/** The inverse of {@link packTallies}. */
export function unpackTallies(
  rows: readonly (readonly string[])[],
  tags: FieldTags,
  times: readonly string[],
): Record<string, WriteTally> {
  return byField(rows, tags, ([, place, count = '0']) => ({
    since: timeAt(times, place),
    count: Number.parseInt(count, 36),
  }));
}

/** Rows as an object by field; the first part of a row is the field's tag. Rows of unknown fields are left out. */
export function byField<T>(
  rows: readonly (readonly string[])[],
  tags: FieldTags,
  read: (row: readonly string[]) => T,
): Record<string, T> {
  const entries: [string, T][] = [];
  for (const row of rows) {
    const field = tags.fieldOf(row[0] ?? '');
    if (field !== undefined) entries.push([field, read(row)]);
  }
  return Object.fromEntries(entries);
}

/** The attributes of those packed texts that hold something. */
export function rowAttributes(
  rows: Readonly<Record<string, readonly (readonly string[])[]>>,
): Record<string, { S: string }> {
  const entries = Object.entries(rows).filter(([, packed]) => packed.length > 0);
  return Object.fromEntries(entries.map(([name, packed]) => [name, { S: packRows(packed).toWellFormed() }]));
}

/** The rows of an attribute; none when it is not there. */
export function rowsOf(attribute: { readonly S?: string | undefined } | undefined): readonly (readonly string[])[] {
  return attribute?.S === undefined ? [] : unpackRows(attribute.S);
}
