import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isKind } from '../../../domain/model/kind.ts';
import type { SourceElement, SourceField, SourceRecord } from '../../../domain/model/source-record.ts';
import { type Item, numberAttribute, numberOf, textOf } from './attribute.ts';
import type { FieldTags } from './field-tags.ts';
import { type IndexTable, indexTable, packTime, unpackTime } from './index-table.ts';
import { ITEM_SCHEMA, keyAttributes, SOURCE_PREFIX, sourceKey } from './item-keys.ts';
import { type LongValues, longValueHashes, packValues, unpackValue } from './long-values.ts';
import {
  byField,
  decoded,
  ORIGIN_CODES,
  originOf,
  packIntended,
  packIntents,
  packTallies,
  packTexts,
  rowAttributes,
  rowsOf,
  timeAt,
  unpackIntents,
  unpackTallies,
  unpackTexts,
} from './packed-fields.ts';

/**
 * A source record as an item, and its values over 256 bytes, which must be in the table before it.
 *
 * *Shape*: `pk` `<kind>#<unified id>`, `sk` `source#<connection>#<object>#<external id>`, and
 *
 * | attribute | holds |
 * |---|---|
 * | `c` | counter, for conditions |
 * | `s` | schema number, for conditions |
 * | `h` | state, revision, time of reading, mapping version, what it was merged into |
 * | `v` | values by field tag |
 * | `m` | by field: tag, one character for the origin, place of its time |
 * | `t` | table of times |
 * | `e` | by element of a set: field tag, element, present or not, origin, place of its time |
 * | `l` | claim: token, end of the lease |
 * | `i` `j` `n` | intents; elements that intents of sets name; tallies |
 * | `r` `w` | hash of a refused value; why a field waits |
 * | `x` `p` | resolved references; ids of problems |
 * | `u` | tags of fields that the last snapshot did not show |
 *
 * Times are milliseconds in base 36; rows are packed by `packRows`; what is empty is left out.
 *
 * *Bounds*: 20 usual fields, a claim and their intents are less than 1 KB, one write unit.
 */
export function encodeSource(
  source: SourceRecord,
  tags: FieldTags,
): { readonly item: Item; readonly long: LongValues } {
  const times = indexTable();
  const long = new Map<string, AttributeValue>();
  const fields = Object.entries(source.fields);
  const values = packValues(Object.fromEntries(fields.map(([field, { value }]) => [field, value])), tags, long);
  const rows = {
    h: [
      [
        STATE_CODES[source.state],
        packTime(source.revision),
        packTime(source.readAt),
        source.mappingVersion.toString(36),
        ...(source.mergedInto === undefined ? [] : [source.mergedInto]),
      ],
    ],
    m: fields.map(([field, { at, origin }]) => [tags.tagOf(field) + stamp(origin, at, times)]),
    e: fields.flatMap(([field, { elements }]) => packElements(tags.tagOf(field), elements, times)),
    l: source.claim === undefined ? [] : [[source.claim.token, packTime(source.claim.until)]],
    i: packIntents(source.intents, tags, times),
    j: packIntended(source.intents, tags),
    n: packTallies(source.tallies, tags, times),
    r: packTexts(source.refused, tags),
    w: packTexts(source.held, tags),
    x: Object.entries(source.resolved),
    p: source.problems.map((problem) => [problem]),
    u: (source.unseen ?? []).map((field) => [tags.tagOf(field)]),
  };
  const item: Item = {
    ...keyAttributes(sourceKey(source.kind, source.unifiedId, source)),
    c: numberAttribute(source.counter),
    s: numberAttribute(ITEM_SCHEMA),
    v: values,
    ...rowAttributes({ ...rows, t: times.texts().map((time) => [time]) }),
  };
  return { item, long };
}

/** The inverse of {@link encodeSource}. *Faults*: throws a defect for an item it cannot read or a long value not given. */
export function decodeSource(item: Item, tags: FieldTags, long: LongValues): SourceRecord {
  const [kind = '', unifiedId = ''] = split(textOf(item, 'pk'), 2);
  if (!isKind(kind)) throw new Error(`A source record is of the kind ${kind}, which this version does not know.`);
  const [connection = '', object = '', externalId = ''] = split(textOf(item, 'sk').slice(SOURCE_PREFIX.length), 3);
  const [state, revision = '', readAt = '', mappingVersion = '', mergedInto] = rowsOf(item.h)[0] ?? [];
  const times = rowsOf(item.t).map(([time = '']) => time);
  const [token, until = ''] = rowsOf(item.l)[0] ?? [];
  const unseen = rowsOf(item.u).flatMap(([tag = '']) => tags.fieldOf(tag) ?? []);
  return {
    kind,
    unifiedId,
    connection,
    object,
    externalId,
    state: decoded(STATE_CODES, state),
    counter: numberOf(item, 'c'),
    revision: unpackTime(revision),
    readAt: unpackTime(readAt),
    fields: unpackFields(item, tags, times, long),
    ...(unseen.length === 0 ? {} : { unseen }),
    resolved: Object.fromEntries(rowsOf(item.x).map(([key = '', id = '']) => [key, id])),
    ...(token === undefined ? {} : { claim: { token, until: unpackTime(until) } }),
    intents: unpackIntents(rowsOf(item.i), rowsOf(item.j), tags, times),
    refused: unpackTexts(rowsOf(item.r), tags),
    held: unpackTexts(rowsOf(item.w), tags),
    tallies: unpackTallies(rowsOf(item.n), tags, times),
    problems: rowsOf(item.p).map(([problem = '']) => problem),
    ...(mergedInto === undefined ? {} : { mergedInto }),
    mappingVersion: Number.parseInt(mappingVersion, 36),
  };
}

/** The hashes of the long values that a source record's item refers to. */
export function longValuesOfSource(item: Item): readonly string[] {
  return longValueHashes(item, ['v']);
}

/** One character for a state. Append-only. */
const STATE_CODES: Readonly<Record<SourceRecord['state'], string>> = {
  present: 'p',
  deleted: 'd',
  merged: 'm',
  erased: 'e',
};

/** A tag ends before the last capital: the origin's code; what follows is a place in lower case. */
const FIELD_META = /^(.*)([A-Z])([0-9a-z]+)$/s;

function stamp(origin: SourceField['origin'], at: number, times: IndexTable): string {
  return ORIGIN_CODES[origin] + times.indexOf(packTime(at));
}

function unpackFields(
  item: Item,
  tags: FieldTags,
  times: readonly string[],
  long: LongValues,
): Record<string, SourceField> {
  const elements = unpackElements(rowsOf(item.e), times);
  const rows = rowsOf(item.m).map(([meta = '']) => FIELD_META.exec(meta)?.slice(1) ?? []);
  return byField(rows, tags, ([tag = '', origin, place]) => {
    const ofTag = elements.get(tag);
    return {
      value: unpackValue(item.v, tag, long),
      at: timeAt(times, place),
      origin: originOf(origin),
      ...(ofTag === undefined ? {} : { elements: ofTag }),
    };
  });
}

/** A set without any element yet is a row of the tag alone, so that it stays apart from a field that is no set. */
function packElements(tag: string, elements: SourceField['elements'], times: IndexTable): readonly string[][] {
  if (elements === undefined) return [];
  const rows = Object.entries(elements).map(([element, { isPresent, at, origin }]) => [
    tag,
    element,
    (isPresent ? '+' : '-') + stamp(origin, at, times),
  ]);
  return rows.length === 0 ? [[tag]] : rows;
}

function unpackElements(
  rows: readonly (readonly string[])[],
  times: readonly string[],
): ReadonlyMap<string, Record<string, SourceElement>> {
  const byTag = new Map<string, [string, SourceElement][]>();
  for (const [tag = '', element, mark = ''] of rows) {
    const known = byTag.get(tag) ?? [];
    byTag.set(tag, known);
    if (element === undefined) continue;
    const isPresent = mark.startsWith('+');
    known.push([element, { isPresent, at: timeAt(times, mark.slice(2)), origin: originOf(mark.charAt(1)) }]);
  }
  return new Map([...byTag].map(([tag, entries]) => [tag, Object.fromEntries(entries)]));
}

/** The first parts of a text with `#` between them; the last part keeps any further `#`. */
function split(text: string, parts: number): readonly string[] {
  const all = text.split('#');
  return [...all.slice(0, parts - 1), all.slice(parts - 1).join('#')];
}
