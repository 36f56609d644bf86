import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intentHash } from '../../../domain/absorb/absorb-snapshot.ts';
import { type JudgeInput, judgeRecord } from '../../../domain/audit/judge-record.ts';
import type { CompiledMapping, MappedField } from '../../../domain/mapping/compiled-mapping.ts';
import type { SourceRecord } from '../../../domain/model/source-record.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { NOBODY, tinyMapping } from '../../support/tiny-mapping.ts';
import { edited, tinySource, tinyUnified, written } from '../../support/tiny-records.ts';

const MAPPING = tinyMapping('fake');
const EMPTY: SystemValues = Object.fromEntries(MAPPING.theirFields.map((theirs) => [theirs, null]));

function lineOf(field: string, mapping: CompiledMapping = MAPPING): MappedField {
  const line = mapping.byField.get(field);
  if (line === undefined) throw new Error(`no line ${field}`);
  return line;
}

/** A record `1` whose system shows `seen`, whose source holds `source` and whose unified record says `expected`. */
function judge(
  seen: SystemValues,
  source: SourceRecord,
  expected: Readonly<Record<string, string | null | readonly string[]>>,
  change: Partial<JudgeInput> = {},
) {
  return judgeRecord({
    snapshot: { externalId: '1', modifiedAt: 5_000, values: { ...EMPTY, ...seen } },
    unified: tinyUnified(expected),
    through: {},
    source,
    isSeated: true,
    isSettled: true,
    mapping: MAPPING,
    directory: NOBODY,
    resolved: {},
    referenceTo: () => 'pending',
    isDeletedElsewhere: false,
    isOpen: true,
    now: 10_000,
    ...change,
  });
}

/** `MAPPING` with one line changed. */
function withLine(field: string, change: Partial<MappedField>): CompiledMapping {
  const fields = MAPPING.fields.map((line) => (line.field === field ? { ...line, ...change } : line));
  return { ...MAPPING, fields, byField: new Map(fields.map((line) => [line.field, line])) };
}

describe('a record', () => {
  test('is the same when every field means the same', () => {
    const { reasons, there, known } = judge({ NAME: ' Acme ' }, tinySource({ name: edited('Acme') }), { name: 'Acme' });

    expect(reasons).toEqual({});
    expect(known).toBe(there);
  });

  test('has hashes that agree if and only if there is no reason', () => {
    const value = fc.constantFrom('a', 'b', '?c', ' a', null);
    fc.assert(
      fc.property(value, value, value, fc.boolean(), fc.boolean(), (seen, stored, expected, isOpen, isSettled) => {
        const source = tinySource({ note: edited(stored) });
        const { reasons, there, known } = judge({ NOTE: seen }, source, { note: expected }, { isOpen, isSettled });

        expect(there === known).toBe(Object.keys(reasons).length === 0);
      }),
    );
  });

  test('the hash of what is there depends on its meaning only', () => {
    const one = judge({ NOTE: 'a' }, tinySource({ note: edited('a') }), { note: 'a' });
    const other = judge({ NOTE: ' a ' }, tinySource({ note: written('x') }), { note: 'y' }, { isOpen: false });

    expect(other.there).toBe(one.there);
  });

  test('is not taken in while the unified record is not what its sources make it', () => {
    const source = tinySource({ name: edited('Acme') });

    expect(judge({ NAME: 'Acme' }, source, { name: 'Acme' }, { isSettled: false }).reasons).toEqual({
      '*': 'not-absorbed',
    });
    // What looks behind may be an edit that has not been unified; nobody would write over it.
    expect(judge({ NAME: 'Acme' }, source, { name: 'Other' }, { isSettled: false }).reasons).toEqual({
      '*': 'not-absorbed',
      name: 'not-absorbed',
    });
  });

  test('that should have been deleted with the others is behind as a whole', () => {
    const change = { isDeletedElsewhere: true, mapping: { ...MAPPING, onDelete: 'delete' } } as const;
    const source = tinySource({ name: edited('Acme') });

    expect(judge({ NAME: 'Acme' }, source, { name: 'Acme' }, change).reasons).toEqual({ '*': 'behind' });
  });
});

describe('a field', () => {
  const stored = tinySource({ note: written('old') });

  test('is not shown when the system leaves it out, unless nothing is expected there', () => {
    const { NOTE: _hidden, ...rest } = EMPTY;
    const snapshot = { externalId: '1', modifiedAt: 5_000, values: rest };

    expect(judge({}, stored, { note: 'old' }, { snapshot }).reasons).toEqual({ note: 'not-shown' });
    expect(judge({}, tinySource({}), {}, { snapshot }).reasons).toEqual({});
    expect(judge({}, tinySource({}), { note: 'of another' }, { snapshot }).reasons).toEqual({ note: 'not-shown' });
    const reading = withLine('note', { flow: 'in' });
    expect(judge({}, tinySource({}), { note: 'of another' }, { snapshot, mapping: reading }).reasons).toEqual({});
  });

  test('is on its way when the system already shows what is being written', () => {
    const intents = { note: { hash: intentHash(lineOf('note'), 'new', NOBODY), at: 1 } };

    const { reasons } = judge({ NOTE: 'new' }, { ...stored, intents }, { note: 'new' });

    expect(reasons).toEqual({ note: 'on-its-way' });
  });

  test('is older when the system answers with a state from before the last one taken in', () => {
    const source = { ...stored, revision: 6_000 };

    expect(judge({ NOTE: 'older still' }, source, { note: 'old' }).reasons).toEqual({ note: 'older' });
  });

  test('is refused only while it is this very value', () => {
    const refused = { note: intentHash(lineOf('note'), 'new', NOBODY) };

    expect(judge({ NOTE: 'old' }, { ...stored, refused }, { note: 'new' }).reasons).toEqual({ note: 'refused' });
    expect(judge({ NOTE: 'old' }, { ...stored, refused }, { note: 'newer' }).reasons).toEqual({ note: 'behind' });
  });

  test('is not explained when it is behind and no delivery would write it', () => {
    // The planner writes nothing to a record that is gone; that it is there after all nobody can explain.
    const gone = { ...stored, state: 'deleted' } as const;

    expect(judge({ NOTE: 'old' }, gone, { note: 'new' }).reasons).toEqual({ note: 'unexplained' });
  });

  test('that is only written is put right, once the hub has seen that somebody changed it', () => {
    const mapping = withLine('note', { flow: 'out' });

    expect(judge({ NOTE: 'by hand' }, stored, { note: 'old' }, { mapping }).reasons).toEqual({ note: 'not-absorbed' });
    expect(judge({ NOTE: 'old' }, stored, { note: 'new' }, { mapping }).reasons).toEqual({ note: 'behind' });
  });

  test('the mapping leaves alone is as it should be, whatever it holds', () => {
    const ignored = () => ({ ok: false, reason: 'left alone', isIgnored: true }) as const;
    const mapping = withLine('note', { readIn: ignored });

    expect(judge({ NOTE: 'old' }, stored, { note: 'new' }, { mapping }).reasons).toEqual({});
  });

  test('waits with its group when a member of it is held', () => {
    const source = tinySource(
      { street: edited('?'), city: written('Bern') },
      { held: { street: 'no lookup lists it' } },
    );

    expect(judge({ STREET: '?', CITY: 'Bern' }, source, { street: 'A', city: 'Basel' }).reasons).toEqual({
      street: 'held',
      city: 'held',
    });
  });

  test('that no lookup lists on the way out is held', () => {
    expect(judge({ NOTE: 'old' }, stored, { note: '?new' }).reasons).toEqual({ note: 'held' });
  });

  test('with references waits for those the system does not hold yet', () => {
    const source = tinySource({ parent: written('P1') }, { resolved: { P1: 'U-P1' } });
    const resolved = { P1: 'U-P1' };
    const given = { resolved, referenceTo: (id: string) => (id === 'U-P2' ? { id: 'P2' } : ('pending' as const)) };

    expect(judge({ PARENT: 'P1' }, source, { parent: 'U-P1' }, given).reasons).toEqual({});
    expect(judge({ PARENT: 'P1' }, source, { parent: 'U-P2' }, given).reasons).toEqual({ parent: 'behind' });
    expect(judge({ PARENT: 'P1' }, source, { parent: 'U-P3' }, given).reasons).toEqual({ parent: 'waiting' });
  });

  test('with a reference to a merged record is the same when the system calls both the same', () => {
    const source = tinySource({ parent: written('P1') }, { resolved: { P1: 'U-SURVIVOR' } });

    const { reasons } = judge(
      { PARENT: 'P1' },
      source,
      { parent: 'U-MERGED' },
      {
        resolved: { P1: 'U-SURVIVOR' },
        referenceTo: () => ({ id: 'P1' }),
      },
    );

    expect(reasons).toEqual({});
  });
});
