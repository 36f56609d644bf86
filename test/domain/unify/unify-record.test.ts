import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '../../../domain/model/source-record.ts';
import type { UnifiedRecord } from '../../../domain/model/unified-record.ts';
import { assignSeats } from '../../../domain/unify/assign-seats.ts';
import { canonicalSource } from '../../../domain/unify/canonical-source.ts';
import { type Unification, type UnifyInput, unifyRecord } from '../../../domain/unify/unify-record.ts';
import { NOBODY, tinyMapping, tinyVocabulary } from '../../support/tiny-mapping.ts';
import { edited, found, tinySource, written } from '../../support/tiny-records.ts';

const NOW = 50_000;
const mapping = tinyMapping('crm');

/** What settling does: seats, canonical values, then the unification, in the order of the connections `one`, `two`. */
function unify(
  stored: UnifiedRecord | undefined,
  sources: readonly SourceRecord[],
  change: Partial<UnifyInput> = {},
): Unification {
  const seating = assignSeats(stored, sources, NOW, undefined);
  const canonical = seating.seated.map((source) =>
    canonicalSource(source, mapping, NOBODY, ['one', 'two'].indexOf(source.connection)),
  );
  return unifyRecord({
    kind: 'partner',
    id: 'U',
    stored,
    sources,
    seating,
    canonical,
    vocabulary: tinyVocabulary(),
    keys: stored?.keys ?? [],
    now: NOW,
    ...change,
  });
}

const inOne = (fields: SourceRecord['fields'], change: Partial<SourceRecord> = {}): SourceRecord =>
  tinySource(fields, { connection: 'one', externalId: '1', ...change });
const inTwo = (fields: SourceRecord['fields'], change: Partial<SourceRecord> = {}): SourceRecord =>
  tinySource(fields, { connection: 'two', externalId: '2', ...change });

function values({ record }: Unification): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record.fields).map(([name, { value }]) => [name, value]));
}

describe('the version', () => {
  test('begins at one with the first sources', () => {
    const first = unify(undefined, [inOne({ name: edited('Acme') })], { doubts: ['V'] });

    expect(first).toMatchObject({ isChanged: true, isMoved: true, changes: { name: [undefined, 'Acme'] } });
    expect(first.record).toMatchObject({ version: 1, counter: 1, createdAt: NOW, changedAt: NOW, doubts: ['V'] });
  });

  test('stays, and nothing is written, when nothing moved', () => {
    const { record } = unify(undefined, [inOne({ name: edited('Acme') })]);
    const again = unify(record, [inOne({ name: edited('Acme') })], { now: NOW + 1 });

    expect(again).toMatchObject({ isChanged: false, isMoved: false, changes: {} });
    expect(again.record).toMatchObject({ version: 1, changedAt: NOW });
  });

  test('rises with the content, and says what it was before', () => {
    const { record } = unify(undefined, [inOne({ name: edited('Old', 1) })]);
    const next = unify(record, [inOne({ name: edited('New', 2) })], { now: NOW + 1 });

    expect(next).toMatchObject({ isChanged: true, changes: { name: ['Old', 'New'] } });
    expect(next.record).toMatchObject({ version: 2, createdAt: NOW, changedAt: NOW + 1 });
  });

  test.each<[string, readonly SourceRecord[], Partial<UnifyInput>]>([
    ['the same value came later', [inOne({ name: edited('Acme', 9) })], {}],
    ['another source says the same', [inOne({ name: edited('Acme', 1) }), inTwo({ name: edited('Acme', 9) })], {}],
    ['a seat was taken', [inOne({ name: edited('Acme', 1) }), inTwo({ name: written('Acme', 1) })], {}],
    ['a key was won', [inOne({ name: edited('Acme', 1) })], { keys: ['domain:acme.com'] }],
  ])('stays while the record is written when only %s', (_name, sources, change) => {
    const { record } = unify(undefined, [inOne({ name: edited('Acme', 1) })]);
    const next = unify(record, sources, change);

    expect(next).toMatchObject({ isChanged: false, isMoved: true });
    expect(next.record).toMatchObject({ version: 1, counter: 2 });
  });
});

describe('when a source goes away', () => {
  test('the hub adopts its values with their time, and nothing changes for anybody', () => {
    const gone = inOne({ name: edited('Acme', 7), note: edited('N', 8) });
    const { record } = unify(undefined, [gone, inTwo({ name: written('Acme', 7) })]);
    const next = unify(record, [{ ...gone, state: 'deleted' }, inTwo({ name: written('Acme', 7) })]);

    expect(next.isChanged).toBe(false);
    expect(values(next)).toEqual({ name: 'Acme', note: 'N' });
    expect(next.record.own.name).toEqual({ value: 'Acme', at: 7, origin: 'system', from: 'one#thing#1' });
    expect(next.record.fields.note).toMatchObject({ from: 'hub', at: 8 });
  });

  test('an adopted value loses to a later edit and wins over an earlier one', () => {
    const { record } = unify(undefined, [inOne({ name: edited('Gone', 7) })]);
    const adopted = unify(record, [inOne({}, { state: 'deleted' }), inTwo({ name: edited('Older', 6) })]);
    const beaten = unify(adopted.record, [inTwo({ name: edited('Newer', 8) })]);

    expect(values(adopted).name).toBe('Gone');
    expect(values(beaten).name).toBe('Newer');
  });

  test('what was only found stays below every edit', () => {
    const { record } = unify(undefined, [inOne({ name: found('Found', 900) })]);
    const next = unify(record, [inOne({}, { state: 'deleted' }), inTwo({ name: edited('Edited', 1) })]);

    expect(next.record.own.name?.origin).toBe('found');
    expect(values(next).name).toBe('Edited');
  });

  test('a value that cannot be told now stays as it was', () => {
    const { record } = unify(undefined, [inOne({ note: edited('fine', 7) })]);
    const next = unify(record, [inOne({ note: edited('?odd', 9) }, { held: { note: 'no lookup lists this value' } })]);

    expect(next.isChanged).toBe(false);
    expect(values(next).note).toBe('fine');
  });

  test('a group stays together', () => {
    const { record } = unify(undefined, [
      inOne({ street: edited('1 Main St', 9), city: found('Springfield', 1) }),
      inTwo({ street: edited('2 Side St', 5), city: edited('Shelbyville', 5) }),
    ]);
    const next = unify(record, [
      inOne({}, { state: 'deleted' }),
      inTwo({ street: edited('2 Side St', 5), city: edited('Shelbyville', 5) }),
    ]);

    expect(values(next)).toEqual({ street: '1 Main St', city: 'Springfield' });
  });

  test('a set keeps the elements that nobody else tells of', () => {
    const elementsOf = (...names: string[]) =>
      Object.fromEntries(names.map((name) => [name, { isPresent: true, at: 5, origin: 'system' as const }]));
    const gone = inOne({ skills: { ...edited(['cloud', 'data']), elements: elementsOf('cloud', 'data') } });
    const left = inTwo({ skills: { ...edited(['data']), elements: elementsOf('data') } });
    const { record } = unify(undefined, [gone, left]);
    const next = unify(record, [{ ...gone, state: 'deleted' }, left]);

    expect(values(next).skills).toEqual(['cloud', 'data']);
    expect(next.record.own.skills?.value).toEqual(['cloud']);
  });

  test('what the hub wrote there is not lost with who said it', () => {
    const { record } = unify(undefined, [inOne({ note: edited('N', 8) }), inTwo({ note: written('N', 8) })]);
    const next = unify(record, [inTwo({ note: written('N', 8) })]);

    expect(values(next).note).toBe('N');
  });
});

describe('the state', () => {
  const gone = inOne({ name: edited('Acme') }, { state: 'deleted' });

  test('is deleted when a system deleted it and none holds it, which is a new version', () => {
    const { record } = unify(undefined, [inOne({ name: edited('Acme') })]);
    const next = unify(record, [gone]);

    expect(next).toMatchObject({ isChanged: true, changes: {} });
    expect(next.record).toMatchObject({ state: 'deleted', version: 2 });
    expect(values(next).name).toBe('Acme');
  });

  test('is present while another system holds it', () => {
    const { record } = unify(undefined, [inOne({ name: edited('Acme') })]);

    expect(unify(record, [gone, inTwo({ name: written('Acme') })]).record.state).toBe('present');
  });

  test('is present again when the record comes back', () => {
    const { record } = unify(unify(undefined, [inOne({ name: edited('Acme') })]).record, [gone]);

    expect(unify(record, [inOne({ name: edited('Acme') })]).record).toMatchObject({ state: 'present', version: 3 });
  });

  test('is present while its source was merged into another, not deleted', () => {
    expect(unify(undefined, [inOne({}, { state: 'merged' })]).record.state).toBe('present');
  });
});

test('what is in doubt for somebody who met the record in the same moment is in doubt as well', () => {
  const { record } = unify(undefined, [inOne({ name: edited('Acme') })], { doubts: ['V'] });

  const again = unify(record, [inOne({ name: edited('Acme') })], { doubts: ['V', 'W'] });

  expect(again.record.doubts).toEqual(['V', 'W']);
  expect([again.isMoved, again.isChanged]).toEqual([true, false]);
});

test('doubts stay when somebody settles the record who has none', () => {
  const { record } = unify(undefined, [inOne({ name: edited('Acme') })], { doubts: ['V'] });

  const again = unify(record, [inOne({ name: edited('Acme') })]);

  expect([again.record.doubts, again.isMoved]).toEqual([['V'], false]);
});
