import type { Kind } from '../model/kind.ts';
import type { Through, Vocabulary, VocabularyField } from '../model/vocabulary.ts';
import type { VocabularyDocument } from './documents.ts';
import type { Report } from './mapping-issue.ts';
import { suggestion } from './suggestion.ts';

/** A vocabulary without a mistake of its own, and what it was compiled from. */
export interface SoundVocabulary {
  readonly vocabulary: Vocabulary;
  readonly document: VocabularyDocument;
}

type FieldDocument = VocabularyDocument['fields'][number];

/**
 * A vocabulary with its fields that stand with other records (`through`) linked to those: they are of the same form, and have
 * nothing of their own but name, tag, type and note. Mistakes are reported; what is answered then is not to be used.
 */
export function linkThrough(
  { vocabulary, document }: SoundVocabulary,
  all: ReadonlyMap<Kind, SoundVocabulary>,
  report: Report,
): Vocabulary {
  if (!document.fields.some(({ through }) => through !== undefined)) return vocabulary;
  const fields = new Map(vocabulary.fields);
  for (const [index, field] of document.fields.entries()) {
    if (field.through === undefined) continue;
    const refuse = (reason: string): void => report(['fields', index, 'through'], reason);
    checkBare(field, refuse);
    const found = targetOf(field, field.through, vocabulary, all, refuse);
    const own = vocabulary.fields.get(field.name);
    if (found === undefined || own === undefined) continue;
    const { choices, ends, region, isMany, isPersonal } = found.target;
    fields.set(field.name, {
      ...own,
      isMany,
      isPersonal,
      through: found.through,
      ...(choices === undefined ? {} : { choices }),
      ...(ends === undefined ? {} : { ends }),
      ...(region === undefined ? {} : { region }),
    });
  }
  checkKeys(vocabulary, fields, report);
  return { ...vocabulary, fields };
}

const OF_THE_OTHER = ['many', 'choices', 'ends', 'to', 'region', 'survivorship', 'group', 'personal'] as const;

function checkBare(field: FieldDocument, refuse: (reason: string) => void): void {
  const given = OF_THE_OTHER.filter((setting) => field[setting] !== undefined);
  if (given.length > 0) refuse(`what "${field.name}" holds is said where it stands: leave out ${given.join(', ')}`);
}

/** The field that `reference.field` leads to. */
function targetOf(
  field: FieldDocument,
  path: string,
  { kind, fields }: Vocabulary,
  all: ReadonlyMap<Kind, SoundVocabulary>,
  refuse: (reason: string) => void,
): { readonly through: Through; readonly target: VocabularyField } | undefined {
  const [name = '', theirs = ''] = path.split('.');
  const reference = fields.get(name);
  if (reference === undefined) {
    refuse(`the vocabulary of ${kind} has no field "${name}"${suggestion(name, fields.keys())}`);
    return undefined;
  }
  if (reference.kind === undefined || reference.isMany) {
    refuse(`"${name}" does not refer to one record`);
    return undefined;
  }
  const other = all.get(reference.kind);
  if (other === undefined) {
    refuse(`there is no vocabulary of ${reference.kind}, or none without mistakes`);
    return undefined;
  }
  const target = other.vocabulary.fields.get(theirs);
  if (target === undefined) {
    const hint = suggestion(theirs, other.vocabulary.fields.keys());
    refuse(`the vocabulary of ${reference.kind} has no field "${theirs}"${hint}`);
    return undefined;
  }
  const isBorrowed = other.document.fields.some((each) => each.name === theirs && each.through !== undefined);
  if (isBorrowed || target.type === 'reference')
    refuse(`"${theirs}" of ${reference.kind} stands with another record itself`);
  else if (target.type !== field.type) {
    refuse(`"${theirs}" of ${reference.kind} is of type ${target.type}, "${field.name}" of type ${field.type}`);
  }
  return { through: { reference: name, kind: reference.kind, field: theirs }, target };
}

/** A record is not recognised by what it does not hold. */
function checkKeys({ identity }: Vocabulary, fields: ReadonlyMap<string, VocabularyField>, report: Report): void {
  for (const [index, { fields: of }] of (identity?.keys ?? []).entries()) {
    const borrowed = of.find((name) => fields.get(name)?.through !== undefined);
    if (borrowed !== undefined)
      report(['identity', 'keys', index, 'of'], `"${borrowed}" stands with another record and makes no key`);
  }
  const release = identity?.releasedBy?.field;
  if (release !== undefined && fields.get(release)?.through !== undefined)
    report(['identity', 'releasedBy', release], `"${release}" stands with another record and says nothing of this one`);
}
