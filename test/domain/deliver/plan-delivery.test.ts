import { describe, expect, test } from 'vitest';
import { type DeliveryPlan, type PlanInput, planDelivery, recordHash } from '../../../domain/deliver/plan-delivery.ts';
import type { CompiledMapping, MappedField, Wait } from '../../../domain/mapping/compiled-mapping.ts';
import type { SourceRecord } from '../../../domain/model/source-record.ts';
import type { SystemValue } from '../../../domain/model/value.ts';
import { NOBODY, tinyMapping } from '../../support/tiny-mapping.ts';
import { edited, found, tinySource, tinyUnified, written } from '../../support/tiny-records.ts';

const mapping = tinyMapping('crm');

function plan(input: Partial<PlanInput> & Pick<PlanInput, 'unified'>): DeliveryPlan {
  return planDelivery({
    through: {},
    refused: input.source?.refused ?? {},
    mapping,
    directory: NOBODY,
    referenceTo: () => 'pending',
    isDeletedElsewhere: false,
    ...input,
  });
}

/** What would be sent, by the vendor's field. */
function sent({ fields }: DeliveryPlan): Record<string, unknown> {
  return Object.fromEntries(fields.map(({ line, value }) => [line.theirs, value]));
}

function mappingWith(change: Partial<CompiledMapping>, lines: Partial<MappedField> = {}): CompiledMapping {
  return { ...mapping, fields: mapping.fields.map((line) => ({ ...line, ...lines })), ...change };
}

function waitOnTier(fields: readonly string[]): Wait {
  const isMetBy = (value: SystemValue): boolean => value === 'In review';
  return { theirs: 'TIER', readAs: 'tier', fields: new Set(fields), isWhole: false, note: 'reviewed', isMetBy };
}

describe('a record the connection holds', () => {
  test('is written with the fields that differ, each with the time of the value that won', () => {
    const planned = plan({
      unified: tinyUnified({ name: 'New', note: 'Same' }),
      source: tinySource({ name: edited('Old'), note: edited('Same') }),
    });

    expect(planned.operation).toBe('update');
    expect(sent(planned)).toEqual({ NAME: 'New' });
    expect(planned.fields[0]?.intent.at).toBe(4_000);
  });

  test('is left alone when everything means the same, also in another spelling', () => {
    const planned = plan({
      unified: tinyUnified({ name: 'Acme', note: null }),
      source: tinySource({ name: edited('  Acme '), note: edited('') }),
    });

    expect(planned).toEqual({
      operation: 'none',
      fields: [],
      pending: [],
      held: {},
      missing: [],
      refused: [],
      waiting: [],
    });
  });

  test('is cleared where the winning value is empty, but not where it never held the field', () => {
    const planned = plan({
      unified: tinyUnified({ note: null, name: null }),
      source: tinySource({ note: edited('call on Monday') }),
    });

    expect(sent(planned)).toEqual({ NOTE: null });
  });

  test('keeps a value that the mapping cannot read: it is somebody else’s', () => {
    const planned = plan({ unified: tinyUnified({ note: 'listed' }), source: tinySource({ note: edited('?odd') }) });

    expect(planned.operation).toBe('none');
  });

  test('keeps a field that waits for a person', () => {
    const source = tinySource({ note: edited('old') }, { held: { note: 'frozen: loop' } });

    expect(plan({ unified: tinyUnified({ note: 'new' }), source }).operation).toBe('none');
  });

  test('names the value that no lookup carries outwards, and writes the rest', () => {
    const planned = plan({
      unified: tinyUnified({ note: '?odd', name: 'New' }),
      source: tinySource({ note: edited('old'), name: edited('Old') }),
    });

    expect(planned.held).toEqual({ note: 'no lookup lists this value' });
    expect(sent(planned)).toEqual({ NAME: 'New' });
  });

  test('says nothing of a value that the mapping ignores on purpose', () => {
    const ignoring = mappingWith({}, { writeOut: () => ({ ok: false, reason: 'ignored', isIgnored: true }) });
    const source = tinySource({ note: edited('old') });

    expect(plan({ unified: tinyUnified({ note: 'new' }), source, mapping: ignoring }).held).toEqual({});
  });

  test('does not get a value again that the system refused, until the value is another', () => {
    const source = tinySource({ note: edited('old') });
    const [refused] = plan({ unified: tinyUnified({ note: 'too long' }), source }).fields;
    const remembering = { ...source, refused: { note: refused?.intent.hash ?? '' } };

    expect(plan({ unified: tinyUnified({ note: 'too long' }), source: remembering }).operation).toBe('none');
    expect(sent(plan({ unified: tinyUnified({ note: 'short' }), source: remembering }))).toEqual({ NOTE: 'short' });
  });

  test('is not written through a line that only reads', () => {
    const reading = mappingWith({}, { flow: 'in' });
    const source = tinySource({ name: edited('Old') });

    expect(plan({ unified: tinyUnified({ name: 'New' }), source, mapping: reading }).operation).toBe('none');
  });

  test.each([
    ['deleted there', { state: 'deleted' }],
    ['merged there', { state: 'merged', mergedInto: '9' }],
  ] as const)('is not written when it was %s', (_name, change) => {
    const source: SourceRecord = tinySource({ name: edited('Old') }, change);

    expect(plan({ unified: tinyUnified({ name: 'New' }), source }).operation).toBe('none');
  });

  test('is not written for a unified record that was merged away', () => {
    const unified = tinyUnified({ name: 'New' }, { state: 'merged', mergedInto: 'V' });

    expect(plan({ unified, source: tinySource({ name: edited('Old') }) }).operation).toBe('none');
  });
});

describe('a record deleted elsewhere', () => {
  const source = tinySource({ name: edited('Old') });

  test('stays by default and goes on being written', () => {
    const planned = plan({ unified: tinyUnified({ name: 'New' }), source, isDeletedElsewhere: true });

    expect(planned.operation).toBe('update');
  });

  test.each(['archive', 'delete'] as const)('is deleted here when the mapping says %s', (onDelete) => {
    const planned = plan({
      unified: tinyUnified({ name: 'New' }),
      source,
      isDeletedElsewhere: true,
      mapping: mappingWith({ onDelete }),
    });

    expect(planned).toMatchObject({ operation: 'delete', fields: [] });
  });

  test('is not deleted a second time', () => {
    const gone = tinySource({ name: edited('Old') }, { state: 'deleted' });
    const deleting = mappingWith({ onDelete: 'delete' });

    expect(
      plan({ unified: tinyUnified({}), source: gone, isDeletedElsewhere: true, mapping: deleting }).operation,
    ).toBe('none');
  });
});

describe('a record the connection does not hold', () => {
  test('is created with everything that holds something', () => {
    const planned = plan({ unified: tinyUnified({ name: 'Acme', note: null, skills: [], tier: 'gold' }) });

    expect(planned.operation).toBe('create');
    expect(sent(planned)).toEqual({ NAME: 'Acme', TIER: 'gold' });
  });

  test('is not created without a field the system requires, and says which', () => {
    const planned = plan({ unified: tinyUnified({ note: 'no name' }) });

    expect(planned).toMatchObject({ operation: 'none', fields: [], missing: ['name'] });
  });

  test('lacks nothing while the value of a required field is there and refused; emptied, it is missing', () => {
    const unified = tinyUnified({ name: 'Acme' });
    const refused = { name: plan({ unified }).fields[0]?.intent.hash ?? '' };

    expect(plan({ unified, refused })).toMatchObject({ operation: 'none', fields: [], missing: [] });
    expect(plan({ unified: tinyUnified({ name: 'Other' }), refused }).operation).toBe('create');
    expect(plan({ unified: tinyUnified({ name: null, note: 'x' }), refused }).missing).toEqual(['name']);
  });

  test('waits without a word while what is required is a reference that is on its way', () => {
    const requiring = mappingWith({
      fields: mapping.fields.map((line) => ({ ...line, isRequired: line.field === 'parent' })),
    });
    const planned = plan({ unified: tinyUnified({ name: 'Child', parent: 'P' }), mapping: requiring });

    expect(planned).toMatchObject({ operation: 'none', pending: ['parent'], missing: [] });
  });

  test.each([
    ['it is doubtful whether it is another one', tinyUnified({ name: 'Acme' }, { doubts: ['V'] }), {}],
    ['the filter of the mapping leaves it out', tinyUnified({ name: 'Acme' }), { isSent: () => false }],
    ['nobody ever told anything about it', tinyUnified({}), {}],
    ['it is deleted', tinyUnified({ name: 'Acme' }, { state: 'deleted' }), {}],
  ])('is not created when %s', (_name, unified, change) => {
    expect(plan({ unified, mapping: mappingWith(change) })).toEqual({
      operation: 'none',
      fields: [],
      pending: [],
      held: {},
      missing: [],
      refused: [],
      waiting: [],
    });
  });

  test('refused as a whole, is not sent again until one of its values is another', () => {
    const unified = tinyUnified({ name: 'Acme', tier: 'gold' });
    const refused = { '*': recordHash(plan({ unified }).fields) };

    expect(plan({ unified, refused }).operation).toBe('none');
    expect(plan({ unified: tinyUnified({ name: 'Acme', tier: 'silver' }), refused }).operation).toBe('create');
  });

  test('where it is made whole or not at all, is not created while one value waits or was refused, whether needed or not', () => {
    const whole = mappingWith({ isMadeWhole: true });
    const unified = tinyUnified({ name: 'Acme', note: 'bad word' });
    const hash = plan({ unified }).fields.find(({ line }) => line.field === 'note')?.intent.hash ?? '';
    const held = tinyUnified({ name: 'Acme', note: '?' });

    expect(plan({ unified, mapping: whole }).operation).toBe('create');
    expect(plan({ unified, mapping: whole, refused: { note: hash } })).toMatchObject({
      operation: 'none',
      refused: ['note'],
    });
    expect(plan({ unified: held, mapping: whole })).toMatchObject({
      operation: 'none',
      held: { note: expect.any(String) },
    });
    expect(plan({ unified: held }).operation).toBe('create');
  });

  test('a needed value that cannot be carried over is held, and not asked for as well', () => {
    expect(plan({ unified: tinyUnified({ name: '?', note: 'N' }) })).toMatchObject({
      operation: 'none',
      held: { name: expect.any(String) },
      missing: [],
    });
  });

  test('is created without the values that were refused', () => {
    const unified = tinyUnified({ name: 'Acme', note: 'bad word' });
    const hash = plan({ unified }).fields.find(({ line }) => line.field === 'note')?.intent.hash ?? '';

    expect(sent(plan({ unified, refused: { note: hash } }))).toEqual({ NAME: 'Acme' });
  });
});

describe('references', () => {
  const source = tinySource({ name: edited('Child'), parent: found(null) });
  const unified = tinyUnified({ name: 'Child', parent: 'P' });

  test('go out under the target’s own id', () => {
    expect(sent(plan({ unified, source, referenceTo: (id) => ({ id: `crm-${id}` }) }))).toEqual({ PARENT: 'crm-P' });
  });

  test('that the target does not hold yet are left out and looked at again', () => {
    expect(plan({ unified, source })).toMatchObject({ operation: 'none', pending: ['parent'] });
  });

  test('that the target never will hold are left out for good', () => {
    expect(plan({ unified, source, referenceTo: () => 'never' })).toMatchObject({ operation: 'none', pending: [] });
  });

  test('that are empty need no target', () => {
    const known = tinySource({ parent: written('crm-P') }, { resolved: { 'crm-P': 'P' } });

    expect(sent(plan({ unified: tinyUnified({ parent: null }), source: known }))).toEqual({ PARENT: null });
  });

  test('that nobody can resolve are not written over', () => {
    const unresolved = tinySource({ name: edited('Child'), parent: edited('crm-X') });

    expect(plan({ unified, source: unresolved, referenceTo: () => ({ id: 'crm-P' }) }).operation).toBe('none');
  });

  describe('in a set', () => {
    const many = mappingWith({
      fields: mapping.fields.map((line) =>
        line.field === 'parent'
          ? { ...line, vocabulary: { ...line.vocabulary, isMany: true, survivorship: { by: 'union' } as const } }
          : line,
      ),
    });
    const referenceTo = (id: string): { id: string } | 'pending' => (id === 'Q' ? 'pending' : { id: `crm-${id}` });

    test('go out as far as the target holds them; the rest is looked at again', () => {
      const planned = plan({ unified: tinyUnified({ parent: ['P', 'Q'] }), source, mapping: many, referenceTo });

      expect(sent(planned)).toEqual({ PARENT: ['crm-P'] });
      expect(planned.pending).toEqual(['parent']);
    });

    test('leave in place what the target holds and the hub does not know', () => {
      const holding = tinySource({ parent: edited(['crm-A', 'crm-X']) }, { resolved: { 'crm-A': 'A' } });
      const planned = plan({ unified: tinyUnified({ parent: ['P'] }), source: holding, mapping: many, referenceTo });

      expect(sent(planned)).toEqual({ PARENT: ['crm-P', 'crm-X'] });
    });
  });
});

describe('a record in a state in which its system takes no edits', () => {
  const source = tinySource({
    tier: edited('In review'),
    name: edited('Old'),
    note: edited('old'),
    city: edited('Ulm'),
  });
  const unified = tinyUnified({ tier: 'In review', name: 'New', note: 'new', city: 'Bonn' });
  const some = mappingWith({ waits: [waitOnTier(['note', 'city'])] });
  const whole = mappingWith({ waits: [{ ...waitOnTier(mapping.fields.map(({ field }) => field)), isWhole: true }] });

  test('is written but for the fields that wait', () => {
    const planned = plan({ unified, source, mapping: some });

    expect(sent(planned)).toEqual({ NAME: 'New' });
    expect(planned.waiting).toEqual([{ fields: ['city', 'note'], note: 'reviewed' }]);
  });

  test('is not written at all where every field waits', () => {
    const planned = plan({ unified, source, mapping: whole });

    expect(planned).toMatchObject({ operation: 'none', fields: [] });
    expect(planned.waiting).toEqual([{ fields: ['name', 'city', 'note'], note: 'reviewed' }]);
  });

  test('says nothing of fields that are as they should be', () => {
    expect(plan({ unified: tinyUnified({ note: 'old' }), source, mapping: some }).waiting).toEqual([]);
  });

  test.each([
    ['is another', { ...source.fields, tier: edited('Approved') }],
    ['is not shown', { name: edited('Old'), note: edited('old'), city: edited('Ulm') }],
  ])('is written when the state %s', (_name, fields) => {
    const planned = plan({ unified, source: tinySource(fields), mapping: whole });

    expect(sent(planned)).toMatchObject({ NAME: 'New', NOTE: 'new', CITY: 'Bonn' });
    expect(planned.waiting).toEqual([]);
  });

  test('neither looks again for a reference nor asks a person about a value', () => {
    const waits = [waitOnTier(['note', 'parent'])];
    const planned = plan({
      unified: tinyUnified({ note: '?odd', parent: 'P' }),
      source: tinySource({ ...source.fields, parent: found(null) }),
      mapping: mappingWith({ waits }),
    });

    expect(planned).toMatchObject({ operation: 'none', pending: [], held: {} });
    expect(planned.waiting).toEqual([{ fields: ['parent', 'note'], note: 'reviewed' }]);
  });

  test('is not deleted there where every field waits, and is where only some do', () => {
    const deleting = { unified, source, isDeletedElsewhere: true };

    expect(plan({ ...deleting, mapping: { ...whole, onDelete: 'archive' } })).toMatchObject({
      operation: 'none',
      waiting: [{ fields: [], note: 'reviewed' }],
    });
    expect(plan({ ...deleting, mapping: { ...some, onDelete: 'archive' } }).operation).toBe('delete');
  });
});
