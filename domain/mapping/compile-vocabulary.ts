import type { Kind } from '../model/kind.ts';
import type { ExchangeFields, FieldType, Survivorship, Vocabulary, VocabularyField } from '../model/vocabulary.ts';
import { isPhoneRegion } from './canonical/phone.ts';
import { compileDecisions } from './compile-decisions.ts';
import { compileIdentity } from './compile-identity.ts';
import { compileRequests } from './compile-requests.ts';
import type { VocabularyDocument } from './documents.ts';
import type { Report } from './mapping-issue.ts';
import { suggestion } from './suggestion.ts';

type FieldDocument = VocabularyDocument['fields'][number];

/** Compiles what `vocabulary/<kind>.yaml` says. Mistakes are reported; what is answered then is not to be used. */
export function compileVocabulary(kind: Kind, document: VocabularyDocument, report: Report): Vocabulary {
  const fields = new Map<string, VocabularyField>();
  const tags = new Map((document.retiredTags ?? []).map((tag) => [tag, 'a field that is gone']));
  for (const [index, field] of document.fields.entries()) {
    if (fields.has(field.name)) report(['fields', index, 'name'], `the field "${field.name}" is there twice`);
    const holder = tags.get(field.tag);
    if (holder !== undefined) report(['fields', index, 'tag'], `the tag "${field.tag}" belongs to ${holder}`);
    tags.set(field.tag, `"${field.name}"`);
    checkField(field, (path, reason) => report(['fields', index, ...path], reason));
    fields.set(field.name, asField(field));
  }
  checkGroups(document, report);
  for (const [index, name] of (document.called ?? []).entries()) {
    const field = fields.get(name);
    if (field === undefined)
      report(['called', index], `no field is called "${name}"${suggestion(name, fields.keys())}`);
    else if (field.type !== 'text' || field.isMany) report(['called', index], `"${name}" is no single text`);
  }
  const identity = document.identity && compileIdentity(document.identity, fields, report);
  const decisions = document.decisions && compileDecisions(document.decisions, fields, report);
  const requests = document.requests && compileRequests(document.requests, fields, report);
  if (document.exchange !== undefined) checkExchange(document.exchange, fields, report);
  return {
    kind,
    fields,
    ...(document.called === undefined ? {} : { called: document.called }),
    ...(identity === undefined ? {} : { identity }),
    ...(decisions === undefined ? {} : { decisions }),
    ...(document.exchange === undefined ? {} : { exchange: document.exchange }),
    ...(requests === undefined ? {} : { requests }),
  };
}

const EXCHANGE_TYPES: Readonly<Record<keyof ExchangeFields, FieldType>> = {
  amount: 'decimal',
  currency: 'currency',
  rate: 'decimal',
  day: 'date',
  into: 'currency',
};

/** What the hub sets itself must be nobody else's to set. */
function checkExchange(exchange: ExchangeFields, fields: ReadonlyMap<string, VocabularyField>, report: Report): void {
  for (const role of ['amount', 'currency', 'rate', 'day', 'into'] as const) {
    const field = fields.get(exchange[role]);
    const path = ['exchange', role];
    if (field === undefined) {
      report(path, `no field is called "${exchange[role]}"${suggestion(exchange[role], fields.keys())}`);
      continue;
    }
    if (field.type !== EXCHANGE_TYPES[role])
      report(path, `must be of type ${EXCHANGE_TYPES[role]}; "${field.name}" is of type ${field.type}`);
    const isOwn = role !== 'amount' && role !== 'currency';
    if (isOwn && field.survivorship.by !== 'hub') report(path, `"${field.name}" must have "survivorship: hub"`);
  }
}

function asField(field: FieldDocument): VocabularyField {
  return {
    name: field.name,
    tag: field.tag,
    type: field.type,
    isMany: field.many === true,
    survivorship: survivorshipOf(field),
    isPersonal: field.personal === true,
    note: field.note,
    ...(field.choices === undefined ? {} : { choices: field.choices }),
    ...(field.ends === undefined ? {} : { ends: field.ends }),
    ...(field.to === undefined ? {} : { kind: field.to }),
    ...(field.region === undefined ? {} : { region: field.region }),
    ...(field.group === undefined ? {} : { group: field.group }),
  };
}

function survivorshipOf({ survivorship = 'newest' }: FieldDocument): Survivorship {
  return typeof survivorship === 'string'
    ? { by: survivorship }
    : { by: 'authority', connections: survivorship.authority };
}

const MANY_TYPES: readonly FieldType[] = ['text', 'choice', 'reference'];

function checkField(field: FieldDocument, report: Report): void {
  const { type, many, choices, ends, to, region, survivorship, group, through } = field;
  if (type === 'choice' && choices === undefined && through === undefined) report([], 'a choice needs its choices');
  if (type !== 'choice' && choices !== undefined) report(['choices'], `a field of type ${type} has no choices`);
  for (const [index, choice] of (choices ?? []).entries()) {
    if (choice === 'hold' || choice === 'ignore')
      report(['choices', index], `"${choice}" has its own meaning in lookups`);
    if (choices?.indexOf(choice) !== index) report(['choices', index], `the choice "${choice}" is there twice`);
  }
  if (type !== 'choice' && ends !== undefined) report(['ends'], `a field of type ${type} has no choices to end with`);
  for (const [index, end] of (ends ?? []).entries()) {
    if (choices?.includes(end) === false) report(['ends', index], `"${end}" is no choice${suggestion(end, choices)}`);
  }
  if (type === 'reference' && to === undefined) report([], 'a reference needs "to", the kind it refers to');
  if (type !== 'reference' && to !== undefined) report(['to'], `a field of type ${type} refers to nothing`);
  if (type !== 'phone' && region !== undefined) report(['region'], 'only phones have a region');
  if (region !== undefined && !isPhoneRegion(region)) report(['region'], `no country "${region}" has phone numbers`);
  if (many === true && !MANY_TYPES.includes(type)) report(['many'], `a set of type ${type} is not possible`);
  if (survivorship === 'union' && many !== true) report(['survivorship'], 'only sets can be united; add "many: true"');
  if (survivorship === 'union' && group !== undefined)
    report(['group'], 'a union is merged by element, not in a group');
}

/** A group wins as one, so its fields must win by one rule. */
function checkGroups({ fields }: VocabularyDocument, report: Report): void {
  const first = new Map<string, FieldDocument>();
  for (const [index, field] of fields.entries()) {
    if (field.group === undefined) continue;
    const lead = first.get(field.group) ?? field;
    first.set(field.group, lead);
    if (JSON.stringify(survivorshipOf(field)) !== JSON.stringify(survivorshipOf(lead))) {
      report(['fields', index], `the group "${field.group}" must win by one rule, but "${lead.name}" has another one`);
    }
  }
}
