import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '../../../domain/model/source-record.ts';
import type { Seat } from '../../../domain/model/unified-record.ts';
import { assignSeats } from '../../../domain/unify/assign-seats.ts';
import { tinySource, tinyUnified } from '../../support/tiny-records.ts';

const NOW = 10_000;
const at = (connection: string, externalId: string, state: SourceRecord['state'] = 'present'): SourceRecord =>
  tinySource({}, { connection, externalId, state });
const creating = (until: number, token = 'T'): Seat => ({
  creating: { token, until },
  intents: {},
  refused: {},
  isUncertain: false,
  problems: [],
});
const ids = (sources: readonly SourceRecord[]): string[] => sources.map(({ externalId }) => externalId);

describe('seats', () => {
  test('are given to the first record of each connection', () => {
    const seating = assignSeats(undefined, [at('one', '1'), at('two', '2')], NOW, undefined);

    expect(seating.seats).toEqual({ 'one#thing': { externalId: '1' }, 'two#thing': { externalId: '2' } });
    expect(ids(seating.seated)).toEqual(['1', '2']);
    expect(seating.shadows).toEqual([]);
  });

  test('stay with who sits there; another record of the connection is a shadow', () => {
    const unified = tinyUnified({}, { seats: { 'one#thing': { externalId: '5' } } });
    const seating = assignSeats(unified, [at('one', '1'), at('one', '5')], NOW, undefined);

    expect(seating.seats).toEqual({ 'one#thing': { externalId: '5' } });
    expect(ids(seating.seated)).toEqual(['5']);
    expect(ids(seating.shadows)).toEqual(['1']);
  });

  test.each(['deleted', 'merged'] as const)('of a record that was %s go to the one that is left', (state) => {
    const unified = tinyUnified({}, { seats: { 'one#thing': { externalId: '5' } } });
    const seating = assignSeats(unified, [at('one', '5', state), at('one', '6')], NOW, undefined);

    expect(seating.seats).toEqual({ 'one#thing': { externalId: '6' } });
    expect(ids(seating.seated)).toEqual(['6']);
  });

  test('of a deleted record stay its own while nobody else is there, so that it is not made again', () => {
    const unified = tinyUnified({}, { seats: { 'one#thing': { externalId: '5' } } });
    const seating = assignSeats(unified, [at('one', '5', 'deleted')], NOW, undefined);

    expect(seating.seats).toEqual({ 'one#thing': { externalId: '5', isGone: true } });
    expect(seating.seated).toEqual([]);
  });

  test('do not depend on the order in which records come', () => {
    const records = fc.uniqueArray(fc.constantFrom<string>('1', '2', '3', '4', '5'), { minLength: 1 });
    fc.assert(
      fc.property(records, records, (some, order) => {
        const sources = some.map((id) => at('one', id));
        const shuffled = [...sources].sort((a, b) => order.indexOf(a.externalId) - order.indexOf(b.externalId));
        expect(assignSeats(undefined, shuffled, NOW, undefined)).toEqual(
          assignSeats(undefined, sources, NOW, undefined),
        );
      }),
    );
  });
});

describe('a create in flight', () => {
  const unified = tinyUnified({}, { seats: { 'one#thing': creating(NOW + 5_000) } });

  test('keeps its seat, and a stranger waits until its lease ends', () => {
    const seating = assignSeats(unified, [at('one', '1')], NOW, undefined);

    expect(seating).toMatchObject({ seats: unified.seats, seated: [], shadows: [], waitsUntil: NOW + 5_000 });
  });

  test('gives way to the record that carries the hub’s id: that is what it made', () => {
    const seating = assignSeats(unified, [at('one', '1')], NOW, 'one#thing#1');

    expect(seating.seats).toEqual({ 'one#thing': { externalId: '1' } });
    expect(seating.waitsUntil).toBeUndefined();
  });

  test('gives way to no other record than that', () => {
    expect(assignSeats(unified, [at('one', '1')], NOW, 'one#thing#2').waitsUntil).toBe(NOW + 5_000);
  });

  test('whose lease is over gives way to whoever is there', () => {
    const over = tinyUnified({}, { seats: { 'one#thing': creating(NOW) } });

    expect(assignSeats(over, [at('one', '1')], NOW, undefined).seats).toEqual({ 'one#thing': { externalId: '1' } });
  });

  test('keeps nobody of another connection waiting', () => {
    const seating = assignSeats(unified, [at('two', '2')], NOW, undefined);

    expect(ids(seating.seated)).toEqual(['2']);
    expect(seating.waitsUntil).toBeUndefined();
  });

  test('of several keeps waiting until the last lease ends', () => {
    const both = tinyUnified({}, { seats: { 'one#thing': creating(NOW + 9_000), 'two#thing': creating(NOW + 5_000) } });

    expect(assignSeats(both, [at('one', '1'), at('two', '2')], NOW, undefined).waitsUntil).toBe(NOW + 9_000);
  });
});
