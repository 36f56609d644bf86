import { expect, test } from 'vitest';
import { type AbsenceInput, judgeAbsence } from '../../../domain/audit/judge-absence.ts';
import { planDelivery, recordHash } from '../../../domain/deliver/plan-delivery.ts';
import type { Seat } from '../../../domain/model/unified-record.ts';
import { NOBODY, tinyMapping } from '../../support/tiny-mapping.ts';
import { tinyUnified } from '../../support/tiny-records.ts';

const MAPPING = tinyMapping('fake');

function absence(change: Partial<AbsenceInput> = {}): AbsenceInput {
  return {
    unified: tinyUnified({ name: 'Acme', note: 'n' }),
    through: {},
    seat: undefined,
    mapping: MAPPING,
    directory: NOBODY,
    referenceTo: () => 'pending',
    isDeletedElsewhere: false,
    isOpen: true,
    now: 10_000,
    ...change,
  };
}

function creating(change: Partial<Extract<Seat, { creating: unknown }>> = {}): Seat {
  return { creating: { token: 't', until: 0 }, intents: {}, refused: {}, isUncertain: false, problems: [], ...change };
}

const hashes = planDelivery({ ...absence(), refused: {} }).fields;

test.each<[string, Partial<AbsenceInput>, ReturnType<typeof judgeAbsence>]>([
  ['is behind when nothing stands in its way', {}, { '*': 'behind' }],
  ['does not belong where the filter keeps it away', { mapping: { ...MAPPING, isSent: () => false } }, undefined],
  [
    'does not belong anywhere once it is deleted',
    { unified: tinyUnified({ name: 'A' }, { state: 'deleted' }) },
    undefined,
  ],
  ['does not belong where there is nothing to tell of it', { unified: tinyUnified({}) }, undefined],
  [
    'is in doubt until a person has said',
    { unified: tinyUnified({ name: 'A' }, { doubts: ['U2'] }) },
    { '*': 'in-doubt' },
  ],
  ['is kept out of a closed connection', { isOpen: false }, { '*': 'closed' }],
  ['is held for want of a field', { unified: tinyUnified({ note: 'n' }) }, { name: 'held' }],
  [
    'is held when a needed value cannot be written',
    { unified: tinyUnified({ name: '?', note: 'n' }) },
    { name: 'held' },
  ],
  [
    'is on its way while it is being made',
    { seat: creating({ creating: { token: 't', until: 10_001 } }) },
    { '*': 'on-its-way' },
  ],
  ['is behind when its making was cut short', { seat: creating() }, { '*': 'behind' }],
  ['is refused as a whole', { seat: creating({ refused: { '*': recordHash(hashes) } }) }, { '*': 'refused' }],
  [
    'is tried again when a value has changed since',
    { seat: creating({ refused: { '*': 'other' } }) },
    { '*': 'behind' },
  ],
  [
    'is refused by a needed field',
    { seat: creating({ refused: { name: hashes[0]?.intent.hash ?? '' } }) },
    { name: 'refused' },
  ],
  [
    'is made without a value refused that is not needed',
    { seat: creating({ refused: { note: hashes[1]?.intent.hash ?? '' } }) },
    { '*': 'behind' },
  ],
])('a missing record %s', (_name, change, reasons) => {
  expect(judgeAbsence(absence(change))).toEqual(reasons);
});

test('a missing record waits for one it cannot be made without', () => {
  const fields = MAPPING.fields.map((line) => (line.field === 'parent' ? { ...line, isRequired: true } : line));
  const mapping = { ...MAPPING, fields };

  expect(judgeAbsence(absence({ mapping, unified: tinyUnified({ name: 'A', parent: 'U9' }) }))).toEqual({
    parent: 'waiting',
  });
});
