import { describe, expect, test } from 'vitest';
import { compileMappings } from '../../../domain/mapping/compile-mappings.ts';
import { describeMappingProblem, loadMappings } from '../../../domain/mapping/load-mappings.ts';
import { files, GOOD, MAPPING, mistakesAfter, OWNERS, VOCABULARY } from './small-files.ts';

describe('files without a mistake', () => {
  test('are compiled, in whatever folder they are', () => {
    const loaded = loadMappings(files().map(({ path, text }) => ({ path: `some/where/${path}`, text })));

    expect(loaded.ok && loaded.value.mappings.of('hubspot', 'company')?.id).toBe('hubspot/company.partner');
    expect(loaded.ok && loaded.value.mappings.ofKind('hubspot', 'partner')[0]?.version).toBe(1);
    expect(loaded.ok && loaded.value.mappings.all()).toHaveLength(1);
    expect(loaded.ok && [...loaded.value.vocabularies.keys()]).toEqual(['partner']);
  });

  test('say which fields a read must ask for: lines, the hub’s id and what decides whether a record is taken in', () => {
    const loaded = loadMappings(files());

    expect(loaded.ok && loaded.value.mappings.of('hubspot', 'company')?.theirFields).toEqual([
      'tributary_id',
      'name',
      'colour',
      'tags',
      'hubspot_owner_id',
      'association.company',
      'type',
    ]);
  });

  test('compile to the same again from what was parsed, without a YAML parser', () => {
    const loaded = loadMappings(files());
    if (!loaded.ok) throw new Error('the good files are not good');
    const documents: Record<string, unknown> = JSON.parse(JSON.stringify(loaded.value.documents));

    const compiled = compileMappings(documents, { examples: 'skip' });

    const mapping = compiled.ok ? compiled.value.mappings.of('hubspot', 'company') : undefined;
    expect(mapping?.theirFields).toEqual(loaded.value.mappings.of('hubspot', 'company')?.theirFields);
    expect(mapping?.isSent({ colour: 'red' })).toBe(true);
    expect(mapping?.isSent({ colour: 'blue' })).toBe(false);
    expect(mapping?.isTaken({ type: 'OTHER' })).toBe(false);
    expect(mapping?.onDelete).toBe('keep');
    expect(mapping?.byField.get('parent')?.referenceTo).toEqual({ object: 'company', kind: 'partner' });
  });

  test('may skip their examples once they have been checked', () => {
    const broken = GOOD[MAPPING]?.replace('colour: red,', 'colour: blue,') ?? '';
    const loaded = loadMappings(files({ [MAPPING]: broken }));
    expect(loaded.ok).toBe(false);

    const good = loadMappings(files());
    if (!good.ok) throw new Error('the good files are not good');
    const mapping = good.value.documents[MAPPING] as { examples: unknown };
    const wrong = { ...mapping, examples: [{ note: 'x', theirs: { name: 'A' }, hub: { name: 'B' } }] };

    expect(compileMappings({ ...good.value.documents, [MAPPING]: wrong }, { examples: 'skip' }).ok).toBe(true);
    expect(compileMappings({ ...good.value.documents, [MAPPING]: wrong }).ok).toBe(false);
  });
});

describe('a field that must not be emptied there', () => {
  test.each([
    ['required: true', { ok: false, reason: expect.any(String) }],
    ['keepsValue: true', { ok: false, reason: expect.any(String), isIgnored: true }],
  ])('is not, by %s', (setting, answer) => {
    const loaded = loadMappings(files({ [MAPPING]: GOOD[MAPPING]?.replace('required: true', setting) ?? '' }));
    const line = loaded.ok ? loaded.value.mappings.of('hubspot', 'company')?.byField.get('name') : undefined;
    const nobody = { emailOf: () => undefined, ownerIdOf: () => undefined };

    expect(line?.writeOut(null, nobody)).toEqual(answer);
    expect(line?.writeOut('Acme', nobody)).toEqual({ ok: true, value: 'Acme' });
  });
});

describe('a mistake in the set of files is told with its file, line and reason', () => {
  test.each([
    [
      'a file of no kind',
      { 'vocabulary/customer.yaml': 'note: x' },
      'vocabulary/customer.yaml:1: no kind is called "customer"',
    ],
    [
      'a mapping of no kind',
      { 'hubspot/ticket.yaml': 'note: x' },
      'hubspot/ticket.yaml:1: a mapping is called <system>/<object>.<kind>.yaml',
    ],
    [
      'a mapping of an unknown system',
      { 'hubspt/company.partner.yaml': GOOD[MAPPING] },
      'hubspt/company.partner.yaml:1: no system is called "hubspt"; did you mean "hubspot"?',
    ],
    [
      'a kind without vocabulary',
      { 'hubspot/deal.deal.yaml': GOOD[MAPPING] },
      'hubspot/deal.deal.yaml:1: there is no vocabulary/deal.yaml',
    ],
    ['an empty file', { [OWNERS]: '' }, 'owners.yaml:1: '],
  ])('%s', (_what, changes, expected) => {
    const loaded = loadMappings(files(changes));

    expect(loaded.ok ? [] : loaded.problems.map(describeMappingProblem)).toContainEqual(
      expect.stringContaining(expected),
    );
  });

  test('all mistakes of all files at once', () => {
    const loaded = loadMappings(
      files({
        [MAPPING]:
          GOOD[MAPPING]?.replace('codec: text', 'codec: txt').replace('flow: both, lookup', 'flow: all, lookup') ?? '',
        [VOCABULARY]: GOOD[VOCABULARY]?.replace('tag: t,', 'tag: n,') ?? '',
      }),
    );

    expect(loaded.ok ? [] : loaded.problems.map(({ file, line }) => `${file}:${line}`).sort()).toEqual([
      `${MAPPING}:10`,
      `${MAPPING}:9`,
      `${VOCABULARY}:5`,
    ]);
  });

  test('a bad vocabulary does not bring the mistakes it would cause elsewhere', () => {
    expect(mistakesAfter(VOCABULARY, 'type: url', 'type: link')).toHaveLength(1);
  });
});
