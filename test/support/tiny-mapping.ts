import type { CompiledMapping, Directory, MappedField } from '../../domain/mapping/compiled-mapping.ts';
import type { Kind } from '../../domain/model/kind.ts';
import type { Value } from '../../domain/model/value.ts';
import type { FieldType, Survivorship, Vocabulary, VocabularyField } from '../../domain/model/vocabulary.ts';
import { REQUEST_STATES } from '../../domain/model/vocabulary.ts';

/** A directory that knows nobody. */
export const NOBODY: Directory = { emailOf: () => undefined, ownerIdOf: () => undefined };

function field(
  name: string,
  tag: string,
  extra: Partial<VocabularyField> = {},
  by: Survivorship = { by: 'newest' },
): VocabularyField {
  const type: FieldType = extra.kind === undefined ? 'text' : 'reference';
  return { name, tag, type, isMany: false, survivorship: by, isPersonal: false, note: '', ...extra };
}

/** A small vocabulary with one field of every way to win. */
export function tinyVocabulary(kind: Kind = 'partner'): Vocabulary {
  const fields = [
    field('name', 'a'),
    field('domain', 'b', { type: 'domain' }),
    field('tier', 'c', {}, { by: 'authority', connections: ['one'] }),
    field('street', 'd', { group: 'address' }),
    field('city', 'e', { group: 'address' }),
    field('skills', 'f', { isMany: true }, { by: 'union' }),
    field('note', 'g'),
    field('parent', 'h', { kind: 'partner' }),
    field('stage', 'i', { type: 'choice', choices: ['first', 'second', 'won', 'lost'], ends: ['won', 'lost'] }),
    field('parentName', 'j', { through: { reference: 'parent', kind: 'partner', field: 'name' } }),
  ];
  return {
    kind,
    fields: new Map(fields.map((each) => [each.name, each])),
    identity: {
      keys: [
        { recipe: 'domain', fields: ['domain'] },
        { recipe: 'company-name', fields: ['name'] },
      ],
    },
  };
}

/** The vocabulary, with records that tell in `request` and `flaw` what became of their thing in a system. */
export function tellingOf(system: string, vocabulary: Vocabulary): Vocabulary {
  const own = [
    field('request', 'y', { type: 'choice', choices: REQUEST_STATES }, { by: 'hub' }),
    field('flaw', 'z', { type: 'long-text' }, { by: 'hub' }),
  ];
  const fields = new Map([...vocabulary.fields, ...own.map((each) => [each.name, each] as const)]);
  return { ...vocabulary, fields, requests: [{ system, object: 'thing', state: 'request', error: 'flaw' }] };
}

/** Values that begin with `?` cannot be carried, as if no lookup listed them; texts are trimmed, as codecs do. */
function line(vocabulary: VocabularyField, theirs: string, object: string): MappedField {
  const carry = (value: unknown): { ok: true; value: Value } | { ok: false; reason: string } => {
    if (Array.isArray(value)) return { ok: true, value: [...value].sort() };
    if (value === null || value === '') return { ok: true, value: null };
    if (typeof value !== 'string') return { ok: true, value: String(value) };
    return value.startsWith('?')
      ? { ok: false, reason: 'no lookup lists this value' }
      : { ok: true, value: value.trim() };
  };
  return {
    field: vocabulary.name,
    theirs,
    flow: 'both',
    isRequired: vocabulary.name === 'name',
    vocabulary,
    ...(vocabulary.kind === undefined ? {} : { referenceTo: { object, kind: vocabulary.kind } }),
    readIn: carry,
    writeOut: carry,
  };
}

/** What is special about the mappings of some connections: they may only move `stage` forward, but for `lost`. */
export function forwardIn(...connections: readonly string[]) {
  const moves = { back: new Set(['lost']) };
  return (connection: string, mapping: CompiledMapping): CompiledMapping => {
    if (!connections.includes(connection)) return mapping;
    const fields = mapping.fields.map((each) => (each.field === 'stage' ? { ...each, moves } : each));
    return { ...mapping, fields, byField: new Map(fields.map((each) => [each.field, each])) };
  };
}

/** What is special about the mappings of some connections: they are told the name of the parent, as `PARENTNAME`. */
export function parentNameIn(...connections: readonly string[]) {
  return (connection: string, mapping: CompiledMapping): CompiledMapping => {
    const vocabulary = tinyVocabulary(mapping.kind).fields.get('parentName');
    if (vocabulary === undefined || !connections.includes(connection)) return mapping;
    const told: MappedField = { ...line(vocabulary, 'PARENTNAME', mapping.object), flow: 'out' };
    const fields = [...mapping.fields, told];
    const byField = new Map(fields.map((each) => [each.field, each]));
    return { ...mapping, fields, byField, theirFields: [...mapping.theirFields, told.theirs] };
  };
}

/** A mapping of {@link tinyVocabulary} in which the vendor's field is the hub's in capitals; `parentName` has no line. */
export function tinyMapping(system: string, object = 'thing', kind: Kind = 'partner'): CompiledMapping {
  const own = [...tinyVocabulary(kind).fields.values()].filter(({ through }) => through === undefined);
  const fields = own.map((each) => line(each, each.name.toUpperCase(), object));
  return {
    id: `${system}/${object}.${kind}`,
    system,
    object,
    kind,
    version: 1,
    hubIdField: 'HUB_ID',
    fields,
    byField: new Map(fields.map((each) => [each.field, each])),
    theirFields: [...fields.map(({ theirs }) => theirs), 'HUB_ID'],
    onDelete: 'keep',
    isMadeWhole: false,
    waits: [],
    isSent: () => true,
    isTaken: () => true,
  };
}
