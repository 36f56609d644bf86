import { isEmptyValue, type SystemValue, type SystemValues, type Value, type Values } from '../model/value.ts';
import type { Condition } from './documents.ts';

/** Whether a record meets all conditions of a `filter`: a field the hub does not know counts as empty. */
export function compileFilter(
  conditions: Readonly<Record<string, Condition>> | undefined,
): (values: Values) => boolean {
  const tests = Object.entries(conditions ?? {}).map(([field, condition]) => ({
    field,
    holds: compileCondition(condition),
  }));
  return (values) => tests.every(({ field, holds }) => holds(values[field] ?? null));
}

/**
 * Whether a record meets all conditions of a `take`. A field the snapshot does not show, because the connection may not
 * see it, turns no record away.
 */
export function compileTake(
  conditions: Readonly<Record<string, Condition>> | undefined,
): (values: SystemValues) => boolean {
  const tests = Object.entries(conditions ?? {}).map(([field, condition]) => ({
    field,
    holds: compileCondition(condition),
  }));
  return (values) =>
    tests.every(({ field, holds }) => {
      const value = values[field];
      return value === undefined || holds(value);
    });
}

function compileCondition(condition: Condition): (value: Value | SystemValue) => boolean {
  if (condition === 'present') return (value) => !isEmptyValue(value);
  if (condition === 'absent') return (value) => isEmptyValue(value);
  if ('not' in condition) {
    const isRefused = isAmong(condition.not);
    return (value) => !isRefused(value);
  }
  return isAmong(condition);
}

/** Systems write `false` as a word or as a boolean, so values are compared as text; of a set one element is enough. */
export function isAmong(allowed: readonly (string | number | boolean)[]): (value: Value | SystemValue) => boolean {
  const texts = new Set(allowed.map((value) => String(value).toLowerCase()));
  return (value) => {
    const elements = value !== null && typeof value === 'object' ? value : [value ?? ''];
    return elements.some((element) => texts.has(String(element).toLowerCase()));
  };
}
