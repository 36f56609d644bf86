import { isKind, KINDS, type Kind } from '../model/kind.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import { checkExamples } from './check-examples.ts';
import { compileMapping } from './compile-mapping.ts';
import { checkMoves } from './compile-moves.ts';
import { linkThrough, type SoundVocabulary } from './compile-through.ts';
import { compileVocabulary } from './compile-vocabulary.ts';
import type { CompiledMapping, Mappings } from './compiled-mapping.ts';
import {
  type LookupDocument,
  lookupDocument,
  type MappingDocument,
  mappingDocument,
  ownersDocument,
  productsDocument,
  type VocabularyDocument,
  vocabularyDocument,
} from './documents.ts';
import type { Compiled, MappingIssue, Report } from './mapping-issue.ts';
import { ownerAliases } from './owner-aliases.ts';
import { parseDocument } from './parse-document.ts';
import { productNames } from './product-names.ts';
import { suggestion } from './suggestion.ts';
import { SYSTEM_FORMS } from './system-form.ts';

/** Everything the files under `mappings/` say, compiled. */
export interface MappingSet {
  readonly mappings: Mappings;
  readonly vocabularies: ReadonlyMap<Kind, Vocabulary>;
}

/**
 * Compiles mapping documents that were parsed before, by their paths: `vocabulary/<kind>.yaml`, `lookups/<name>.yaml`,
 * `owners.yaml`, `products.yaml`, `<system>/<object>.<kind>.yaml`, with any folder before them. Pure; all mistakes at once. The examples
 * of the files are checked unless told otherwise: a Lambda need not check again what the build has checked.
 */
export function compileMappings(
  documents: Readonly<Record<string, unknown>>,
  options: { readonly examples: 'check' | 'skip' } = { examples: 'check' },
): Compiled<MappingSet> {
  const issues: MappingIssue[] = [];
  const reportIn =
    (file: string): Report =>
    (path, reason) =>
      issues.push({ file, path, reason });
  const parsed = parseDocuments(documents, reportIn);
  const vocabularies = compileVocabularies(parsed.vocabularies, issues, reportIn);
  for (const { file, document } of parsed.lookups.values()) checkMoves(document, reportIn(file));
  const lookups = new Map([...parsed.lookups].map(([name, { document }]) => [name, document]));
  const mappings: CompiledMapping[] = [];
  for (const { file, document, ...name } of parsed.mappings) {
    const form = SYSTEM_FORMS[name.system];
    const vocabulary = vocabularies.get(name.kind);
    const report = reportIn(file);
    if (form === undefined || vocabulary === undefined) {
      if (form === undefined)
        report([], `no system is called "${name.system}"${suggestion(name.system, Object.keys(SYSTEM_FORMS))}`);
      if (!parsed.kindsWithFile.has(name.kind)) report([], `there is no vocabulary/${name.kind}.yaml`);
      continue;
    }
    const before = issues.length;
    const owners = ownerAliases(parsed.people, name.system);
    const products = productNames(parsed.products, name.system);
    const around = { system: name.system, form, vocabulary, lookups, owners, products };
    const mapping = compileMapping(name, document, around, report);
    mappings.push(mapping);
    if (issues.length === before && options.examples === 'check') checkExamples(mapping, document, report);
  }
  checkSet(parsed.mappings, reportIn);
  for (const { file, document } of parsed.vocabularies.values())
    checkSeekers(document, parsed.mappings, reportIn(file));
  return issues.length > 0
    ? { ok: false, issues }
    : { ok: true, value: { mappings: findable(mappings), vocabularies } };
}

/** Mappings of a faulty vocabulary would only repeat its mistakes, so it is left out. */
function compileVocabularies(
  parsed: ReadonlyMap<Kind, Placed<VocabularyDocument>>,
  issues: readonly MappingIssue[],
  reportIn: (file: string) => Report,
): ReadonlyMap<Kind, Vocabulary> {
  const sound = new Map<Kind, SoundVocabulary>();
  for (const [kind, { file, document }] of parsed) {
    const before = issues.length;
    const vocabulary = compileVocabulary(kind, document, reportIn(file));
    if (issues.length === before) sound.set(kind, { vocabulary, document });
  }
  const linked = new Map<Kind, Vocabulary>();
  for (const [kind, each] of sound) {
    const before = issues.length;
    const vocabulary = linkThrough(each, sound, reportIn(parsed.get(kind)?.file ?? ''));
    if (issues.length === before) linked.set(kind, vocabulary);
  }
  return linked;
}

interface Placed<T> {
  readonly file: string;
  readonly document: T;
}

type NamedMapping = Placed<MappingDocument> & { readonly system: string; readonly object: string; readonly kind: Kind };

interface ParsedDocuments {
  readonly vocabularies: ReadonlyMap<Kind, Placed<VocabularyDocument>>;
  /** Kinds that have a vocabulary file, be it a good one or not. */
  readonly kindsWithFile: ReadonlySet<Kind>;
  readonly lookups: ReadonlyMap<string, Placed<LookupDocument>>;
  readonly people: readonly { readonly email: string; readonly aliases: Readonly<Record<string, string>> }[];
  readonly products: readonly ProductRow[];
  readonly mappings: readonly NamedMapping[];
}

interface ProductRow {
  readonly code: string;
  readonly names: Readonly<Record<string, string>>;
}

function parseDocuments(
  documents: Readonly<Record<string, unknown>>,
  reportIn: (file: string) => Report,
): ParsedDocuments {
  const vocabularies = new Map<Kind, Placed<VocabularyDocument>>();
  const kindsWithFile = new Set<Kind>();
  const lookups = new Map<string, Placed<LookupDocument>>();
  const people: { email: string; aliases: Record<string, string> }[] = [];
  const products: ProductRow[] = [];
  const mappings: NamedMapping[] = [];
  for (const [file, content] of Object.entries(documents)) {
    const report = reportIn(file);
    const [name = '', folder = ''] = file
      .replace(/\.ya?ml$/, '')
      .split('/')
      .reverse();
    if (folder === 'vocabulary') {
      if (!isKind(name)) {
        report([], `no kind is called "${name}"; there are ${KINDS.join(', ')}`);
        continue;
      }
      kindsWithFile.add(name);
      const document = parseDocument(vocabularyDocument, content, report);
      if (document !== undefined) vocabularies.set(name, { file, document });
    } else if (folder === 'lookups') {
      const document = parseDocument(lookupDocument, content, report);
      if (document !== undefined) lookups.set(name, { file, document });
    } else if (name === 'owners') {
      people.push(...parsePeople(content, report));
    } else if (name === 'products') {
      products.push(...parseProducts(content, report));
    } else {
      const place = placeOf(folder, name, report);
      const document = place && parseDocument(mappingDocument, content, report);
      if (document !== undefined && place !== undefined) mappings.push({ file, document, ...place });
    }
  }
  return { vocabularies, kindsWithFile, lookups, people, products, mappings };
}

function placeOf(system: string, name: string, report: Report) {
  const [object = '', kind = '', ...more] = name.split('.');
  if (system !== '' && object !== '' && isKind(kind) && more.length === 0) return { system, object, kind };
  report([], `a mapping is called <system>/<object>.<kind>.yaml, with a kind out of ${KINDS.join(', ')}`);
  return undefined;
}

function parseProducts(content: unknown, report: Report): readonly ProductRow[] {
  const document = parseDocument(productsDocument, content, report);
  const known = new Set<string>();
  return (document?.products ?? []).map(({ code, ...names }, index) => {
    for (const [system, name] of Object.entries(names)) {
      const path = ['products', index, system];
      if (SYSTEM_FORMS[system] === undefined)
        report(path, `no system is called "${system}"${suggestion(system, Object.keys(SYSTEM_FORMS))}`);
      if (known.has(`${system} ${name}`)) report(path, `"${name}" is another product already`);
      known.add(`${system} ${name}`);
    }
    return { code, names };
  });
}

function parsePeople(content: unknown, report: Report) {
  const document = parseDocument(ownersDocument, content, report);
  const known = new Set<string>();
  let isFaulty = false;
  const refuse: Report = (path, reason) => {
    isFaulty = true;
    report(path, reason);
  };
  const people = (document?.people ?? []).map(({ email, ...others }, index) => {
    const aliases = Object.entries(others).map(([system, address]) => [system, address.toLowerCase()] as const);
    for (const system of Object.keys(others)) {
      const hint = suggestion(system, Object.keys(SYSTEM_FORMS));
      if (SYSTEM_FORMS[system] === undefined)
        refuse(['people', index, system], `no system is called "${system}"${hint}`);
    }
    for (const address of new Set([email.toLowerCase(), ...aliases.map(([, other]) => other)])) {
      if (known.has(address)) refuse(['people', index], 'one of these addresses belongs to another person already');
      known.add(address);
    }
    return { email: email.toLowerCase(), aliases: Object.fromEntries(aliases) };
  });
  return isFaulty ? [] : people;
}

/** What only the whole set shows: one mapping per object, and references that lead to a mapped object. */
function checkSet(mappings: readonly NamedMapping[], reportIn: (file: string) => Report): void {
  const places = new Map<string, string>();
  for (const { file, system, object } of mappings) {
    const place = `${system}/${object}`;
    const other = places.get(place);
    if (other !== undefined) reportIn(file)([], `${place} is mapped already, in ${other}`);
    places.set(place, file);
  }
  for (const { file, system, document } of mappings) {
    const objects = mappings.filter((other) => other.system === system).map(({ object }) => object);
    for (const [index, { reference }] of document.fields.entries()) {
      if (reference === undefined || objects.includes(reference)) continue;
      const path = ['fields', index, 'reference'];
      reportIn(file)(path, `no mapping of ${system} is for the object "${reference}"${suggestion(reference, objects)}`);
    }
  }
}

/** An object that no mapping is for would look for nothing, and nobody would notice. A system that is not mapped at all may come later. */
function checkSeekers({ identity }: VocabularyDocument, mappings: readonly NamedMapping[], report: Report): void {
  for (const [index, { seekers }] of (identity?.sole ?? []).entries()) {
    for (const place of Object.keys(seekers)) {
      const [system] = place.split('/');
      const mapped = mappings.filter((each) => each.system === system).map((each) => `${each.system}/${each.object}`);
      if (mapped.length === 0 || mapped.includes(place)) continue;
      report(['identity', 'sole', index, 'seekers', place], `no mapping is for ${place}${suggestion(place, mapped)}`);
    }
  }
}

function findable(all: readonly CompiledMapping[]): Mappings {
  const byObject = new Map(all.map((mapping) => [`${mapping.system}/${mapping.object}`, mapping]));
  const byKind = Map.groupBy(all, (mapping) => `${mapping.system}/${mapping.kind}`);
  return {
    of: (system, object) => byObject.get(`${system}/${object}`),
    ofKind: (system, kind) => byKind.get(`${system}/${kind}`) ?? [],
    all: () => all,
  };
}
