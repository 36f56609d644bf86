import { isEmptyValue } from '../model/value.ts';
import type { Vocabulary, VocabularyField } from '../model/vocabulary.ts';
import { type CodecContext, hold, ignore, type Translator } from './codecs/codec.ts';
import { codecNamed } from './codecs/codec-catalogue.ts';
import { referenceTranslator } from './codecs/reference.ts';
import { compileLookupColumn } from './compile-lookup-column.ts';
import { compileMoves } from './compile-moves.ts';
import type { MappedField } from './compiled-mapping.ts';
import type { LookupDocument, MappingLine } from './documents.ts';
import { lookupTranslator } from './lookup.ts';
import type { Report } from './mapping-issue.ts';
import type { OwnerAliases } from './owner-aliases.ts';
import type { ProductNames } from './product-names.ts';
import { suggestion } from './suggestion.ts';
import type { SystemForm } from './system-form.ts';

/** What the lines of one mapping have around them. */
export interface LineSurroundings {
  readonly system: string;
  readonly form: SystemForm;
  readonly vocabulary: Vocabulary;
  readonly lookups: ReadonlyMap<string, LookupDocument>;
  readonly owners: OwnerAliases;
  readonly products: ProductNames;
}

/** Compiles one line of a mapping; `undefined`, with the mistakes reported, when it cannot be. */
export function compileLine(line: MappingLine, around: LineSurroundings, report: Report): MappedField | undefined {
  const field = around.vocabulary.fields.get(line.hub);
  if (field === undefined) {
    const { kind, fields } = around.vocabulary;
    report(['hub'], `the vocabulary of ${kind} has no field "${line.hub}"${suggestion(line.hub, fields.keys())}`);
    return undefined;
  }
  if (field.through !== undefined && line.flow !== 'out')
    report(['flow'], `"${field.name}" stands with another record and is only written: flow must be out`);
  const translator = compileTranslator(line, field, around, report);
  if (line.required === true && line.flow === 'in') report(['required'], 'a line that is only read cannot be required');
  const moves = compileMoves(line, field, around, report);
  if (translator === undefined) return undefined;
  return {
    field: field.name,
    theirs: line.theirs,
    flow: line.flow,
    isRequired: line.required === true,
    vocabulary: field,
    ...(line.reference === undefined || field.kind === undefined
      ? {}
      : { referenceTo: { object: line.reference, kind: field.kind } }),
    ...(moves === undefined ? {} : { moves }),
    ...guardEmpty(line, translator),
  };
}

function compileTranslator(
  line: MappingLine,
  field: VocabularyField,
  around: LineSurroundings,
  report: Report,
): Translator | undefined {
  const isByName = line.codec === 'line-items' && line.unlisted !== undefined;
  const context = {
    form: around.form,
    field,
    owners: around.owners,
    unlisted: line.unlisted ?? 'hold',
    ...(isByName ? { products: around.products } : {}),
  };
  if (field.type === 'reference' || line.reference !== undefined) return compileReference(line, context, report);
  if (line.codec === undefined && line.lookup === undefined) {
    report([], `"${line.hub}" says neither how (codec) nor by which table (lookup) it is carried over`);
    return undefined;
  }
  if (line.unlisted !== undefined && line.lookup === undefined && line.codec !== 'owner' && !isByName) {
    report(['unlisted'], 'only lookups, owners and line items have unlisted values');
  }
  if ((line.codec === 'owner' || isByName) && !['hold', 'ignore'].includes(context.unlisted)) {
    report(['unlisted'], `for ${isByName ? 'line items' : 'owners'} this is hold or ignore`);
  }
  // Two names may stand for one product, so what was read could not be written back.
  if (isByName && line.flow !== 'in')
    report(['flow'], 'line items read by the names of products.yaml are only read: flow must be in');
  return line.codec === undefined
    ? compileLookupLine(line, context, around, report)
    : compileCodecLine(line, line.codec, context, around, report);
}

function compileReference(line: MappingLine, context: CodecContext, report: Report): Translator | undefined {
  const { field } = context;
  if (field.type !== 'reference') report(['reference'], `"${field.name}" is of type ${field.type}, not a reference`);
  if (line.reference === undefined)
    report([], `"${field.name}" needs "reference", the object whose ids "${line.theirs}" holds`);
  if (line.codec !== undefined || line.lookup !== undefined) report([], 'a reference has neither a codec nor a lookup');
  return field.type === 'reference' && line.reference !== undefined ? referenceTranslator(context) : undefined;
}

function compileLookupLine(
  line: MappingLine,
  context: CodecContext,
  around: LineSurroundings,
  report: Report,
): Translator | undefined {
  const { field } = context;
  if (field.type !== 'choice') {
    report(['lookup'], `a lookup is for choices; "${field.name}" is of type ${field.type}`);
    return undefined;
  }
  if (field.isMany) report(['lookup'], `"${field.name}" is a set: its line also needs "codec: multi-select"`);
  const lookup = compileLookupColumn(line, field, around, report);
  return lookup && lookupTranslator(lookup, context.form);
}

function compileCodecLine(
  line: MappingLine,
  name: string,
  context: CodecContext,
  around: LineSurroundings,
  report: Report,
): Translator | undefined {
  const { field } = context;
  const codec = codecNamed(name);
  if (codec === undefined) return undefined;
  if (!codec.types.includes(field.type)) {
    report(
      ['codec'],
      `the codec "${name}" is for ${codec.types.join(' and ')}; "${field.name}" is of type ${field.type}`,
    );
  }
  if (codec.isMany !== field.isMany) {
    report(
      ['codec'],
      codec.isMany
        ? `"${field.name}" is no set, "${name}" is for sets`
        : `"${field.name}" is a set, "${name}" is not for sets`,
    );
  }
  if (codec.isReadOnly === true && line.flow !== 'in')
    report(['flow'], `the codec "${name}" only reads: flow must be in`);
  if (codec.isWriteOnly === true && line.flow !== 'out')
    report(['flow'], `the codec "${name}" only writes: flow must be out`);
  if (line.lookup !== undefined && codec.takesLookup !== true)
    report(['lookup'], `the codec "${name}" takes no lookup`);
  if (line.lookup === undefined && field.type === 'choice') {
    report([], `"${field.name}" is a choice: its line needs a lookup`);
    return undefined;
  }
  const lookup = line.lookup === undefined ? undefined : compileLookupColumn(line, field, around, report);
  if (line.lookup !== undefined && lookup === undefined) return undefined;
  return codec.compile({ ...context, ...(lookup === undefined ? {} : { lookup }) });
}

/** Where the system must not be left without a value, an empty one is not written over it. */
function guardEmpty(line: MappingLine, { readIn, writeOut }: Translator): Translator {
  if (line.required !== true && line.keepsValue !== true) return { readIn, writeOut };
  const refusal = line.keepsValue
    ? ignore('The system keeps its value when the hub has none.')
    : hold('The system takes no record without this field, so it cannot be emptied there.');
  return { readIn, writeOut: (value, directory) => (isEmptyValue(value) ? refusal : writeOut(value, directory)) };
}
