import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isKind } from '../../../domain/model/kind.ts';
import type {
  OwnField,
  Rule,
  Seat,
  Tombstone,
  UnifiedField,
  UnifiedRecord,
} from '../../../domain/model/unified-record.ts';
import type { Value } from '../../../domain/model/value.ts';
import { type Item, numberAttribute, numberOf, textOf } from './attribute.ts';
import type { FieldTags } from './field-tags.ts';
import { type IndexTable, indexTable, packTime, unpackTime } from './index-table.ts';
import { ITEM_SCHEMA, keyAttributes, RECORD_SK, recordPartition } from './item-keys.ts';
import { type LongValues, longValueHashes, packValues, unpackValue } from './long-values.ts';
import {
  byField,
  decoded,
  ORIGIN_CODES,
  originOf,
  packIntended,
  packIntents,
  packTexts,
  rowAttributes,
  rowsOf,
  timeAt,
  unpackIntents,
  unpackTexts,
} from './packed-fields.ts';
import { packRows } from './packed-rows.ts';

/**
 * A unified record as an item, and its values over 256 bytes, which must be in the table before it.
 *
 * *Shape*: `pk` `<kind>#<id>`, `sk` `record`, and
 *
 * | attribute | holds |
 * |---|---|
 * | `c` | counter, for conditions |
 * | `s` | schema number, for conditions |
 * | `h` | state, version, times of creation and of the last change, what it was merged into |
 * | `v` | values by field tag |
 * | `m` | by field: tag, one character each for the origin and the rule, places of its time and of its source |
 * | `o` `q` | the hub's own values by field tag; by field: tag, origin, places of its time and, if any, of its source |
 * | `t` `f` | tables of times and of sources |
 * | `z` | seats taken: connection and object, external id, and whether the record is gone |
 * | `y` | seats of creates in flight: connection and object, token, end of the lease, certain or not, packed intents, refused values and problems; other ids it may be under, elements that intents of sets name |
 * | `k` | match keys held |
 * | `d` | ids of records it may be the same as |
 * | `g` | when it was erased and under which id; references it is recognised by |
 *
 * Times are milliseconds in base 36; rows are packed by `packRows`; what is empty is left out.
 *
 * *Bounds*: 20 usual fields from two sources are about 1 KB; at most 2 KB with values of up to 256 bytes among them.
 */
export function encodeUnified(
  record: UnifiedRecord,
  tags: FieldTags,
): { readonly item: Item; readonly long: LongValues } {
  const times = indexTable();
  const sources = indexTable();
  const long = new Map<string, AttributeValue>();
  const fields = Object.entries(record.fields);
  const own = Object.entries(record.own);
  const seats = Object.entries(record.seats);
  const rows = {
    h: [
      [
        STATE_CODES[record.state],
        record.version.toString(36),
        packTime(record.createdAt),
        packTime(record.changedAt),
        ...(record.mergedInto === undefined ? [] : [record.mergedInto]),
      ],
    ],
    m: fields.map(([field, { at, origin, rule, from }]) => [
      tags.tagOf(field) +
        ORIGIN_CODES[origin] +
        RULE_CODES[rule] +
        times.indexOf(packTime(at)) +
        SOURCE_MARK +
        sources.indexOf(from),
    ]),
    q: own.map(([field, { at, origin, from }]) => [
      tags.tagOf(field) +
        ORIGIN_CODES[origin] +
        times.indexOf(packTime(at)) +
        (from === undefined ? '' : SOURCE_MARK + sources.indexOf(from)),
    ]),
    z: seats.flatMap(([seat, taken]) =>
      'externalId' in taken ? [[seat, taken.externalId, ...(taken.isGone === true ? [GONE] : [])]] : [],
    ),
    y: seats.flatMap(([seat, taken]) => ('externalId' in taken ? [] : [packCreate(seat, taken, tags, times)])),
    k: record.keys.map((key) => [key]),
    d: (record.doubts ?? []).map((id) => [id]),
    g: record.erased === undefined ? [] : packTombstone(record.erased),
  };
  const item: Item = {
    ...keyAttributes({ pk: recordPartition(record.kind, record.id), sk: RECORD_SK }),
    c: numberAttribute(record.counter),
    s: numberAttribute(ITEM_SCHEMA),
    v: packValues(valuesOf(fields), tags, long),
    ...(own.length === 0 ? {} : { o: packValues(valuesOf(own), tags, long) }),
    ...rowAttributes({ ...rows, t: times.texts().map((time) => [time]), f: sources.texts().map((from) => [from]) }),
  };
  return { item, long };
}

/** The inverse of {@link encodeUnified}. *Faults*: throws a defect for an item it cannot read or a long value not given. */
export function decodeUnified(item: Item, tags: FieldTags, long: LongValues): UnifiedRecord {
  const pk = textOf(item, 'pk');
  const kind = pk.slice(0, pk.indexOf('#'));
  if (!isKind(kind)) throw new Error(`A unified record is of the kind ${kind}, which this version does not know.`);
  const [state, version = '', createdAt = '', changedAt = '', mergedInto] = rowsOf(item.h)[0] ?? [];
  const times = rowsOf(item.t).map(([time = '']) => time);
  const sources = rowsOf(item.f).map(([from = '']) => from);
  const doubts = rowsOf(item.d).map(([id = '']) => id);
  const [grave, ...graveRefs] = rowsOf(item.g);
  return {
    kind,
    id: pk.slice(kind.length + 1),
    state: decoded(STATE_CODES, state),
    version: Number.parseInt(version, 36),
    counter: numberOf(item, 'c'),
    createdAt: unpackTime(createdAt),
    changedAt: unpackTime(changedAt),
    fields: unpackFields(item, tags, times, sources, long),
    seats: Object.fromEntries([
      ...rowsOf(item.z).map(([seat = '', externalId = '', isGone]): [string, Seat] => [
        seat,
        isGone === GONE ? { externalId, isGone: true } : { externalId },
      ]),
      ...rowsOf(item.y).map((row) => unpackCreate(row, tags, times)),
    ]),
    own: unpackOwn(item, tags, times, sources, long),
    keys: rowsOf(item.k).map(([key = '']) => key),
    ...(doubts.length === 0 ? {} : { doubts }),
    ...(mergedInto === undefined ? {} : { mergedInto }),
    ...(grave === undefined ? {} : { erased: unpackTombstone(grave, graveRefs) }),
  };
}

/** In the row of a seat whose record its system deleted. */
const GONE = 'x';

/** The hashes of the long values that a unified record's item refers to. */
export function longValuesOfUnified(item: Item): readonly string[] {
  return longValueHashes(item, ['v', 'o']);
}

/** One character for a state, and for a rule. Append-only. */
const STATE_CODES: Readonly<Record<UnifiedRecord['state'], string>> = {
  present: 'p',
  deleted: 'd',
  merged: 'm',
  erased: 'e',
};
const RULE_CODES: Readonly<Record<Rule, string>> = {
  only: 'o',
  newest: 'n',
  authority: 'a',
  union: 'u',
  hub: 'h',
  'found-order': 'f',
  'tie-order': 't',
  forward: 'w',
};

type Create = Exclude<Seat, { readonly externalId: string }>;

const SOURCE_MARK = '.';

/** A tag ends before the last capital: the origin's code; what follows is in lower case. */
const FIELD_META = /^(.*)([A-Z])([a-z])([0-9a-z]+)\.([0-9a-z]+)$/s;
const OWN_META = /^(.*)([A-Z])([0-9a-z]+)(?:\.([0-9a-z]+))?$/s;

function unpackFields(
  item: Item,
  tags: FieldTags,
  times: readonly string[],
  sources: readonly string[],
  long: LongValues,
): Record<string, UnifiedField> {
  const rows = rowsOf(item.m).map(([meta = '']) => FIELD_META.exec(meta)?.slice(1) ?? []);
  return byField(rows, tags, ([tag = '', origin, rule, time, source]) => ({
    value: canonicalValue(item.v, tag, long),
    at: timeAt(times, time),
    from: sourceAt(sources, source),
    origin: originOfAnother(origin),
    rule: decoded(RULE_CODES, rule),
  }));
}

function unpackOwn(
  item: Item,
  tags: FieldTags,
  times: readonly string[],
  sources: readonly string[],
  long: LongValues,
): Record<string, OwnField> {
  const rows = rowsOf(item.q).map(([meta = '']) => OWN_META.exec(meta)?.slice(1) ?? []);
  return byField(rows, tags, ([tag = '', origin, time, source]) => ({
    value: canonicalValue(item.o, tag, long),
    at: timeAt(times, time),
    origin: originOfAnother(origin),
    ...(source === undefined ? {} : { from: sourceAt(sources, source) }),
  }));
}

function packTombstone({ at, under, refs }: Tombstone): string[][] {
  return [[packTime(at), under], ...refs.map((ref) => [ref])];
}

function unpackTombstone([at = '', under = '']: readonly string[], refs: readonly (readonly string[])[]): Tombstone {
  return { at: unpackTime(at), under, refs: refs.map(([ref = '']) => ref) };
}

/** A create in flight as one row; what it holds by field is packed once more inside. */
function packCreate(seat: string, create: Create, tags: FieldTags, times: IndexTable): string[] {
  return [
    seat,
    create.creating.token,
    packTime(create.creating.until),
    create.isUncertain ? '?' : '!',
    nested(packIntents(create.intents, tags, times)),
    nested(packTexts(create.refused, tags)),
    nested(create.problems.map((problem) => [problem])),
    ...withoutTail([
      create.alsoUnder === undefined ? '' : nested(create.alsoUnder.map((id) => [id])),
      nested(packIntended(create.intents, tags)),
    ]),
  ];
}

function unpackCreate(row: readonly string[], tags: FieldTags, times: readonly string[]): [string, Create] {
  const [seat = '', token = '', until = '', certainty, intents, refused, problems, alsoUnder, intended] = row;
  return [
    seat,
    {
      creating: { token, until: unpackTime(until) },
      intents: unpackIntents(unnested(intents), unnested(intended), tags, times),
      refused: unpackTexts(unnested(refused), tags),
      isUncertain: certainty === '?',
      problems: unnested(problems).map(([problem = '']) => problem),
      ...(alsoUnder === undefined || alsoUnder === '' ? {} : { alsoUnder: unnested(alsoUnder).map(([id = '']) => id) }),
    },
  ];
}

/** Rows inside a part. The leading mark keeps "no rows" apart from one empty row. */
/** What a row ends with; parts that are empty at its end are left out. */
function withoutTail(parts: readonly string[]): readonly string[] {
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1);
}

function nested(rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `:${packRows(rows)}`;
}

function unnested(part: string | undefined): readonly (readonly string[])[] {
  return part === undefined || part === '' ? [] : rowsOf({ S: part.slice(1) });
}

function valuesOf(fields: readonly (readonly [string, { readonly value: Value }])[]): Record<string, Value> {
  return Object.fromEntries(fields.map(([field, { value }]) => [field, value]));
}

function canonicalValue(values: AttributeValue | undefined, tag: string, long: LongValues): Value {
  const value = unpackValue(values, tag, long);
  if (typeof value === 'number') throw new Error(`A unified record holds a number under the tag ${tag}.`);
  return value;
}

function sourceAt(sources: readonly string[], place: string | undefined): string {
  const from = sources[Number.parseInt(place ?? '', 36)];
  if (from === undefined) throw new Error(`An item names the source ${place}, which its table does not have.`);
  return from;
}

/** An origin that is not the hub's. */
function originOfAnother(code: string | undefined): Exclude<UnifiedField['origin'], 'hub'> {
  const origin = originOf(code);
  if (origin === 'hub') throw new Error('A field of a unified record has the origin hub.');
  return origin;
}
