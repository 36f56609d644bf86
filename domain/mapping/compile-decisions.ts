import type { Value } from '../model/value.ts';
import { isEmptyValue } from '../model/value.ts';
import type { DecisionRule, VocabularyField } from '../model/vocabulary.ts';
import { compileFilter } from './conditions.ts';
import type { VocabularyDocument } from './documents.ts';
import type { Report } from './mapping-issue.ts';
import { suggestion } from './suggestion.ts';

/** Compiles the rules by which the hub itself sets fields of a kind. Mistakes are reported. */
export function compileDecisions(
  rules: NonNullable<VocabularyDocument['decisions']>,
  fields: ReadonlyMap<string, VocabularyField>,
  report: Report,
): readonly DecisionRule[] {
  return rules.map(({ name, when, set }, index) => {
    const path = ['decisions', index];
    for (const field of Object.keys(when)) {
      if (!fields.has(field)) {
        report([...path, 'when', field], `no field is called "${field}"${suggestion(field, fields.keys())}`);
      }
    }
    for (const [field, value] of Object.entries(set))
      checkSet(fields.get(field), field, value, [...path, 'set'], report);
    return { name, holds: compileFilter(when), set };
  });
}

function checkSet(
  field: VocabularyField | undefined,
  name: string,
  value: Value,
  path: readonly PropertyKey[],
  report: Report,
): void {
  if (field === undefined) {
    report([...path, name], `no field is called "${name}"`);
    return;
  }
  if (field.survivorship.by !== 'hub') {
    report([...path, name], `"${name}" is not the hub's to decide; its survivorship would have to be hub`);
  }
  if (isEmptyValue(value)) report([...path, name], 'a rule sets something; it cannot empty a field');
  if (field.choices !== undefined && typeof value === 'string' && !field.choices.includes(value)) {
    report([...path, name], `"${value}" is none of ${field.choices.join(', ')}`);
  }
}
