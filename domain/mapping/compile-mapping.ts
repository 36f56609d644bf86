import type { Kind } from '../model/kind.ts';
import { compileLine, type LineSurroundings } from './compile-line.ts';
import { compileWaits } from './compile-waits.ts';
import type { CompiledMapping, MappedField } from './compiled-mapping.ts';
import { compileFilter, compileTake } from './conditions.ts';
import type { MappingDocument } from './documents.ts';
import type { Report } from './mapping-issue.ts';
import { suggestion } from './suggestion.ts';

/** Which mapping a document is, as its path says. */
export interface MappingName {
  readonly system: string;
  readonly object: string;
  readonly kind: Kind;
}

/** Compiles what `<system>/<object>.<kind>.yaml` says. Mistakes are reported; what is answered then is not to be used. */
export function compileMapping(
  name: MappingName,
  document: MappingDocument,
  around: LineSurroundings,
  report: Report,
): CompiledMapping {
  checkLines(document, report);
  checkFilter(document, around, report);
  const fields = document.fields.flatMap(
    (line, index) => compileLine(line, around, (path, reason) => report(['fields', index, ...path], reason)) ?? [],
  );
  return {
    id: `${name.system}/${name.object}.${name.kind}`,
    ...name,
    version: document.version,
    hubIdField: document.hubId,
    fields,
    byField: new Map(fields.map((field) => [field.field, field])),
    theirFields: theirFields(document, fields),
    onDelete: document.onDelete ?? 'keep',
    isMadeWhole: document.whole === true,
    waits: compileWaits(document, fields, around, report),
    isSent: compileFilter(document.filter),
    isTaken: compileTake(document.take),
  };
}

function theirFields({ hubId, take }: MappingDocument, fields: readonly MappedField[]): readonly string[] {
  return [...new Set([hubId, ...fields.map(({ theirs }) => theirs), ...Object.keys(take ?? {})])];
}

/** A hub field has one line, and a field of the system is written by one line at most; several may read it. */
function checkLines({ hubId, fields }: MappingDocument, report: Report): void {
  const hubLines = new Set<string>();
  const writers = new Map([[hubId, 'the hub’s id']]);
  for (const [index, { hub, theirs, flow }] of fields.entries()) {
    if (hubLines.has(hub)) report(['fields', index, 'hub'], `"${hub}" has a line already`);
    hubLines.add(hub);
    if (flow === 'in') continue;
    const writer = writers.get(theirs);
    if (writer !== undefined) report(['fields', index, 'theirs'], `"${theirs}" is already written by ${writer}`);
    writers.set(theirs, `"${hub}"`);
  }
}

function checkFilter({ filter }: MappingDocument, { vocabulary }: LineSurroundings, report: Report): void {
  for (const [name, condition] of Object.entries(filter ?? {})) {
    const field = vocabulary.fields.get(name);
    if (field === undefined) {
      const hint = suggestion(name, vocabulary.fields.keys());
      report(['filter', name], `the vocabulary of ${vocabulary.kind} has no field "${name}"${hint}`);
      continue;
    }
    if (field.choices === undefined || typeof condition === 'string') continue;
    const values = 'not' in condition ? condition.not : condition;
    for (const value of values) {
      if (field.choices.includes(String(value))) continue;
      report(['filter', name], `"${value}" is no choice of "${name}"${suggestion(String(value), field.choices)}`);
    }
  }
}
