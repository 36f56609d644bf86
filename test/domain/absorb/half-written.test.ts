import { expect, test } from 'vitest';
import { intentHash } from '../../../domain/absorb/absorb-snapshot.ts';
import { beforeHalfWrite } from '../../../domain/absorb/half-written.ts';
import type { Snapshot } from '../../../domain/model/snapshot.ts';
import type { Intent, SourceField } from '../../../domain/model/source-record.ts';
import { NOBODY, tinyMapping } from '../../support/tiny-mapping.ts';

const mapping = tinyMapping('crm');
const line = mapping.fields.find(({ field }) => field === 'note') ?? mapping.fields[0];

/** What a field is taken to hold where the system has `all` of these, the first of them picked, after the hub sent `sent`. */
function meant(all: readonly string[], stored: string | null, sent: string | undefined): unknown {
  if (line === undefined) throw new Error('the mapping has a field');
  const { theirs, field } = line;
  const snapshot: Snapshot = {
    externalId: '1',
    modifiedAt: 1,
    values: { [theirs]: all[0] ?? null },
    among: { [theirs]: all },
  };
  const fields: Record<string, SourceField> = { [field]: { value: stored, at: 1, origin: 'hub' } };
  const intents: Record<string, Intent> =
    sent === undefined ? {} : { [field]: { hash: intentHash(line, sent, NOBODY), at: 2 } };
  return beforeHalfWrite(mapping, NOBODY, snapshot, { fields, intents }).values[theirs];
}

test('a new value beside the former one is a write by half: nothing has changed yet', () => {
  expect(meant(['new', 'former'], 'former', 'new')).toBe('former');
  expect(meant(['new', 'former', 'third'], 'former', 'new')).toBe('former');
});

test('with nothing there before, a value beside the new one was added since: nothing has changed yet', () => {
  expect(meant(['new', 'added'], null, 'new')).toBeNull();
});

test('the write has arrived where the former value is gone', () => {
  expect(meant(['new', 'third'], 'former', 'new')).toBe('new');
});

test('what is not known to be sent is as the system says', () => {
  expect(meant(['new', 'former'], 'former', undefined)).toBe('new');
  expect(meant(['other', 'former'], 'former', 'new')).toBe('other');
});

test('where the system marks the one it means, nothing is asked', () => {
  const snapshot: Snapshot = { externalId: '1', modifiedAt: 1, values: { NOTE: 'new' } };

  expect(beforeHalfWrite(mapping, NOBODY, snapshot, { fields: {}, intents: {} })).toBe(snapshot);
});
