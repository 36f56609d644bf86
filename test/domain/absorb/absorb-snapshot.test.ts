import { describe, expect, test } from 'vitest';
import { type AbsorbInput, absorbSnapshot, intentHash } from '../../../domain/absorb/absorb-snapshot.ts';
import type { CompiledMapping } from '../../../domain/mapping/compiled-mapping.ts';
import type { Snapshot } from '../../../domain/model/snapshot.ts';
import { NEVER_READ, NOTHING_KNOWN, type SourceField, type SourceRecord } from '../../../domain/model/source-record.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { NOBODY, tinyMapping } from '../../support/tiny-mapping.ts';

const mapping = tinyMapping('crm');
const CONNECTED = 1_000;

function sourceWith(fields: Record<string, SourceField>, extra: Partial<SourceRecord> = {}): SourceRecord {
  return {
    kind: 'partner',
    unifiedId: 'U',
    connection: 'one',
    object: 'thing',
    externalId: '1',
    state: 'present',
    counter: 3,
    ...NOTHING_KNOWN,
    revision: 5_000,
    readAt: 5_500,
    fields,
    mappingVersion: 1,
    ...extra,
  };
}

function snapshot(values: SystemValues, modifiedAt: number, createdAt = 2_000): Snapshot {
  return { externalId: '1', modifiedAt, createdAt, values };
}

function absorb(
  input: Partial<AbsorbInput> & Pick<AbsorbInput, 'snapshot' | 'source'>,
): ReturnType<typeof absorbSnapshot> {
  return absorbSnapshot({
    mapping,
    directory: NOBODY,
    isKnown: true,
    readAt: 100_000,
    answeredAt: 100_000,
    connectedAt: CONNECTED,
    resolved: {},
    ...input,
  });
}

/** The mapping with a list that wins as a whole, like the line items of a deal. */
function withNewest(name: string): CompiledMapping {
  const fields = mapping.fields.map((line) =>
    line.field === name
      ? { ...line, vocabulary: { ...line.vocabulary, survivorship: { by: 'newest' } as const } }
      : line,
  );
  return { ...mapping, fields, byField: new Map(fields.map((line) => [line.field, line])) };
}

const ours = (value: string, at: number): SourceField => ({ value, at, origin: 'hub' });
const theirs = (value: string | null, at: number): SourceField => ({ value, at, origin: 'system' });

function hashOf(field: string, value: string): string {
  const line = mapping.byField.get(field);
  if (line === undefined) throw new Error(`no line ${field}`);
  return intentHash(line, value, NOBODY);
}

describe('first meeting', () => {
  test('a record older than the connection was found, a younger one was edited', () => {
    const older = absorb({
      isKnown: false,
      source: sourceWith({}, { revision: 0 }),
      snapshot: snapshot({ NAME: 'Acme' }, 9_000, 500),
    });
    const younger = absorb({
      isKnown: false,
      source: sourceWith({}, { revision: 0 }),
      snapshot: snapshot({ NAME: 'Acme' }, 9_000, 2_000),
    });

    expect(older.source.fields.name).toEqual({ value: 'Acme', at: 9_000, origin: 'found' });
    expect(younger.source.fields.name).toEqual({ value: 'Acme', at: 9_000, origin: 'system' });
  });

  test('an empty field of a new record is found, so that it clears nothing elsewhere', () => {
    const { source } = absorb({
      isKnown: false,
      source: sourceWith({}, { revision: 0 }),
      snapshot: snapshot({ NAME: null }, 9_000),
    });

    expect(source.fields.name?.origin).toBe('found');
  });
});

describe('a snapshot of a known record', () => {
  test('tells of a field that was mapped since the last read: what it holds was found, and beats no edit', () => {
    const known = sourceWith({ name: ours('Acme', 4_000) });

    const absorbed = absorb({ source: known, snapshot: snapshot({ NAME: 'Acme', TIER: 'gold' }, 9_000) });

    expect(absorbed.source.fields.tier).toEqual({ value: 'gold', at: 9_000, origin: 'found' });
    expect(absorbed.edited).toEqual([]);
  });

  test('that means the same changes nothing, origin included', () => {
    const known = sourceWith({ name: ours('Acme', 4_000) });
    const absorbed = absorb({ source: known, snapshot: snapshot({ NAME: '  Acme ' }, 5_000) });

    expect(absorbed.isChanged).toBe(false);
    expect(absorbed.source.fields.name).toBe(known.fields.name);
  });

  test('equal to an open intent is ours, with the time of the value that won, and closes the intent', () => {
    const source = sourceWith(
      { name: theirs('Old', 1) },
      { intents: { name: { hash: hashOf('name', 'New'), at: 4_200 } } },
    );
    const absorbed = absorb({ source, snapshot: snapshot({ NAME: 'New ' }, 6_000) });

    expect(absorbed.source.fields.name).toEqual({ value: 'New ', at: 4_200, origin: 'hub' });
    expect(absorbed.source.intents).toEqual({});
    expect(absorbed.edited).toEqual([]);
  });

  test('with another value is an edit that beats what the hub wrote, even by a clock that lags', () => {
    const source = sourceWith({ name: ours('Hub', 90_000) }, { revision: 5_000 });
    const absorbed = absorb({ source, snapshot: snapshot({ NAME: 'Person' }, 6_000) });

    expect(absorbed.source.fields.name).toEqual({ value: 'Person', at: 90_001, origin: 'system' });
    expect(absorbed.edited).toEqual(['name']);
  });

  test('is never dated after the read was answered, and may be dated after it began', () => {
    const datedAt = (modifiedAt: number) =>
      absorb({
        source: sourceWith({ name: theirs('A', 1) }),
        snapshot: snapshot({ NAME: 'B' }, modifiedAt),
        readAt: 50_000,
        answeredAt: 60_000,
      }).source.fields.name?.at;

    expect([datedAt(55_000), datedAt(999_999)]).toEqual([55_000, 60_000]);
  });

  test('whose stamp did not move is dated after the last read', () => {
    const source = sourceWith(
      { skills: { value: ['a'], at: 10, origin: 'system', elements: {} } },
      { revision: 5_000, readAt: 7_777 },
    );
    const absorbed = absorb({ source, snapshot: snapshot({ SKILLS: ['a', 'b'] }, 5_000) });

    expect(absorbed.source.fields.skills?.at).toBe(7_777);
  });

  test('older than the newest absorbed one is ignored', () => {
    const absorbed = absorb({
      source: sourceWith({ name: theirs('New', 5_000) }),
      snapshot: snapshot({ NAME: 'Old' }, 4_999),
    });

    expect(absorbed.isChanged).toBe(false);
    expect(absorbed.source.fields.name?.value).toBe('New');
  });

  test('newer but equal is written down, so that a slower worker with an older one finds itself overtaken', () => {
    const absorbed = absorb({
      source: sourceWith({ name: theirs('A', 5_000) }),
      snapshot: snapshot({ NAME: 'A' }, 6_000),
    });

    expect(absorbed.isChanged).toBe(true);
    expect(absorbed.source.revision).toBe(6_000);
  });

  test('without a field says nothing about it; with null it was cleared', () => {
    const source = sourceWith({ name: theirs('A', 1), note: theirs('N', 1) });
    const absorbed = absorb({ source, snapshot: snapshot({ NOTE: null }, 6_000) });

    expect(absorbed.source.fields.name?.value).toBe('A');
    expect(absorbed.source.fields.note).toMatchObject({ value: null, origin: 'system' });
    expect(absorbed.cleared).toEqual(['note']);
  });

  test('with a value nobody listed holds that field only, and releases it when it is listed', () => {
    const held = absorb({
      source: sourceWith({ note: theirs('N', 1) }),
      snapshot: snapshot({ NOTE: '?odd', NAME: 'A' }, 6_000),
    });
    const released = absorb({ source: held.source, snapshot: snapshot({ NOTE: 'fine', NAME: 'A' }, 7_000) });

    expect(held.newlyHeld).toEqual({ note: 'no lookup lists this value' });
    expect(held.source.fields.name?.value).toBe('A');
    expect(released.released).toEqual(['note']);
    expect(released.source.held).toEqual({});
  });

  test('tells the story of a set element by element', () => {
    const first = absorb({
      isKnown: false,
      source: sourceWith({}, { revision: 0 }),
      snapshot: snapshot({ SKILLS: ['a', 'b'] }, 6_000),
    });
    const second = absorb({ source: first.source, snapshot: snapshot({ SKILLS: ['b', 'c'] }, 8_000) });

    expect(second.source.fields.skills?.elements).toEqual({
      a: { isPresent: false, at: 8_000, origin: 'system' },
      b: { isPresent: true, at: 6_000, origin: 'system' },
      c: { isPresent: true, at: 8_000, origin: 'system' },
    });
  });

  test('lets a value the system refused be sent again once a person changed it', () => {
    const source = sourceWith({ note: theirs('N', 1), name: theirs('A', 1) }, { refused: { note: 'h1', name: 'h2' } });
    const absorbed = absorb({ source, snapshot: snapshot({ NOTE: 'M', NAME: 'A' }, 6_000) });

    expect(absorbed.source.refused).toEqual({ name: 'h2' });
  });
});

describe('a record the hub made', () => {
  const made = sourceWith({ name: ours('Acme', 4_000) }, { revision: 5_000, readAt: NEVER_READ });

  test('was edited where it was modified before the hub first read it', () => {
    const { source } = absorb({ source: made, snapshot: snapshot({ NAME: 'Acme', NOTE: 'call' }, 6_000, 5_000) });

    expect(source.fields.note).toEqual({ value: 'call', at: 6_000, origin: 'system' });
  });

  test('was filled in by its system where nobody touched it since', () => {
    const { source } = absorb({ source: made, snapshot: snapshot({ NAME: 'Acme', NOTE: 'by default' }, 5_000, 5_000) });

    expect(source.fields.note?.origin).toBe('found');
  });

  test.each([
    [
      'was edited where a field that stands elsewhere was',
      6_000,
      5_000,
      { value: 'call', at: 6_000, origin: 'system' },
    ],
    ['was not edited where only the rest of it was', 4_000, 7_000, { value: 'call', at: 4_000, origin: 'found' }],
  ] as const)('%s, by the time of that field', (_name, fieldAt, modifiedAt, expected) => {
    const seen = snapshot({ NAME: 'Acme', NOTE: 'call' }, modifiedAt, 5_000);

    const { source } = absorb({ source: made, snapshot: { ...seen, fieldTimes: { NOTE: fieldAt } } });

    expect(source.fields.note).toEqual(expected);
  });

  test('is known after the first read: what shows up later was there and could not be seen', () => {
    const { source } = absorb({
      source: { ...made, readAt: 5_500 },
      snapshot: snapshot({ NAME: 'Acme', NOTE: 'seen now' }, 6_000, 5_000),
    });

    expect(source.fields.note?.origin).toBe('found');
  });
});

test('an edit of one field of a group beats the newest value it was entered beside, whatever the clock says', () => {
  const source = sourceWith({ street: ours('Old Street', 3_000), city: ours('Bern', 9_000) });

  const { source: after } = absorb({ source, snapshot: snapshot({ STREET: 'New Street' }, 6_000) });

  expect(after.fields.street).toEqual({ value: 'New Street', at: 9_001, origin: 'system' });
});

describe('a record whose creation by the hub went without an answer, seen for the first time', () => {
  const unanswered = { note: { hash: hashOf('note', 'ours'), at: 4_000 } };
  const seen = (values: SystemValues, modifiedAt: number) =>
    absorb({
      isKnown: false,
      source: sourceWith({}, { intents: unanswered }),
      snapshot: snapshot(values, modifiedAt, 3_000),
      unanswered,
    }).source.fields.note;

  test('was emptied by somebody where it was modified since, though the clock is behind', () => {
    expect(seen({ NOTE: null }, 3_500)).toEqual({ value: null, at: 4_001, origin: 'system' });
  });

  test('shows what nobody entered where it was not modified since', () => {
    expect(seen({ NOTE: null }, 3_000)).toMatchObject({ origin: 'found' });
  });

  test('goes by the time of the field where it has one of its own', () => {
    const emptied = (fieldAt: number) =>
      absorb({
        isKnown: false,
        source: sourceWith({}, { intents: unanswered }),
        snapshot: { ...snapshot({ NOTE: null }, 3_000, 3_000), fieldTimes: { NOTE: fieldAt } },
        unanswered,
      }).source.fields.note;

    expect(emptied(3_500)).toEqual({ value: null, at: 4_001, origin: 'system' });
    expect(emptied(3_000)).toMatchObject({ origin: 'found' });
  });
});

test('a field of a group that the hub left empty and somebody filled in beats what the hub wrote beside it', () => {
  const made = sourceWith({ street: ours('Old Street', 9_000) }, { revision: 5_000, readAt: NEVER_READ });

  const { source } = absorb({ source: made, snapshot: snapshot({ STREET: 'Old Street', CITY: 'Bern' }, 6_000, 5_000) });

  expect(source.fields.city).toEqual({ value: 'Bern', at: 9_001, origin: 'system' });
});

describe('a set that was edited on top of a write without an answer', () => {
  const inIt = { isPresent: true, at: 2_000, origin: 'hub' } as const;
  const stored: SourceField = { value: ['a', 'b'], at: 2_000, origin: 'hub', elements: { a: inIt, b: inIt } };
  const line = mapping.byField.get('skills');
  if (line === undefined) throw new Error('no line skills');
  const unanswered = { skills: { hash: intentHash(line, ['c'], NOBODY), at: 6_000, elements: ['c'] } };
  const seen = (skills: readonly string[]) =>
    absorb({
      source: sourceWith({ skills: stored }, { intents: unanswered }),
      snapshot: snapshot({ SKILLS: skills }, 8_000),
      unanswered,
    }).source.fields.skills?.elements;

  test('holds what somebody put back that the write had taken away', () => {
    expect(seen(['b', 'c'])).toEqual({
      a: { isPresent: false, at: 6_000, origin: 'hub' },
      b: { isPresent: true, at: 8_000, origin: 'system' },
      c: { isPresent: true, at: 6_000, origin: 'hub' },
    });
  });

  test('lacks what somebody took away that the write had brought', () => {
    expect(seen([])).toEqual({
      a: { isPresent: false, at: 6_000, origin: 'hub' },
      b: { isPresent: false, at: 6_000, origin: 'hub' },
      c: { isPresent: false, at: 8_000, origin: 'system' },
    });
  });

  test('is only what was stored where nothing tells that the write arrived', () => {
    expect(seen(['a', 'b', 'd'])).toEqual({ a: inIt, b: inIt, d: { isPresent: true, at: 8_000, origin: 'system' } });
  });

  test('is what the write made, where it made the record', () => {
    const first = absorb({
      isKnown: false,
      source: sourceWith({}, { intents: unanswered }),
      snapshot: snapshot({ SKILLS: [] }, 8_000, 6_500),
      unanswered,
    });

    expect(first.source.fields.skills?.elements).toEqual({ c: { isPresent: false, at: 8_000, origin: 'system' } });
  });
});

describe('an edit where a write was declared of which nobody knows whether it was sent', () => {
  const unanswered = { note: { hash: hashOf('note', 'ours'), at: 900_000 } };

  test('is on top of it whatever its stamp: it was not there when the write was declared', () => {
    const seen = (stamp: number) =>
      absorb({
        source: sourceWith({ note: ours('former', 2_000) }, { intents: unanswered }),
        snapshot: snapshot({ NOTE: 'theirs' }, stamp),
        readAt: 2_000_000,
        answeredAt: 2_000_000,
        unanswered,
      }).source.fields.note?.at;

    expect(seen(600_000)).toBe(900_001);
    expect(seen(1_000_001)).toBe(1_000_001);
  });

  test('is on top of it in a list, too', () => {
    const { source } = absorb({
      mapping: withNewest('skills'),
      source: sourceWith(
        { skills: { value: ['former'], at: 2_000, origin: 'hub' } },
        { intents: { skills: { hash: 'ours', at: 900_000 } } },
      ),
      snapshot: snapshot({ SKILLS: ['theirs'] }, 600_000),
      readAt: 2_000_000,
      answeredAt: 2_000_000,
      unanswered: { skills: { hash: 'ours', at: 900_000 } },
    });

    expect(source.fields.skills).toMatchObject({ at: 900_001, origin: 'system' });
  });
});

test('a field that the last snapshot did not show changed some time before the stamp, and not after that read', () => {
  const known = { name: ours('Acme', 4_000), note: ours('before', 4_000) };
  const hidden = absorb({ snapshot: snapshot({ NAME: 'Acme Ltd' }, 6_000), source: sourceWith(known) }).source;
  expect(hidden).toMatchObject({ unseen: ['note'], fields: { note: { value: 'before' } } });
  const shown = snapshot({ NAME: 'Acme Ltd', NOTE: 'entered' }, 6_000);

  const { source } = absorb({ snapshot: shown, source: { ...hidden, readAt: 50_000 } });

  expect(source.fields.note).toEqual(theirs('entered', 6_000));
  expect(source).not.toHaveProperty('unseen');
});
