import type { OwnField, UnifiedField } from '../model/unified-record.ts';
import { isEmptyValue, type Values } from '../model/value.ts';
import type { Vocabulary } from '../model/vocabulary.ts';

/**
 * What the rules of a kind say about a record: the hub's own values of the first rule whose conditions hold. Rules only decide what
 * is undecided: where any field that the rule would set has a value already, by a person or by a rule, it stands.
 */
export function decideByRule(
  { decisions = [] }: Vocabulary,
  fields: Readonly<Record<string, UnifiedField>>,
  now: number,
): Readonly<Record<string, OwnField>> {
  if (decisions.length === 0) return {};
  const values: Values = Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value]));
  const rule = decisions.find(({ holds }) => holds(values));
  if (rule === undefined || Object.keys(rule.set).some((field) => !isEmptyValue(values[field]))) return {};
  return Object.fromEntries(
    Object.entries(rule.set).map(([field, value]) => [
      field,
      { value, at: now, origin: 'system', from: `rule ${rule.name}` },
    ]),
  );
}
