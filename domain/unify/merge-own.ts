import type { OwnField } from '../model/unified-record.ts';

/** The hub's own values of two records that become one: per field the edit before the find, then the newer, then the first. */
export function mergeOwn(
  a: Readonly<Record<string, OwnField>>,
  b: Readonly<Record<string, OwnField>>,
): Readonly<Record<string, OwnField>> {
  const merged: Record<string, OwnField> = { ...b };
  for (const [name, field] of Object.entries(a)) {
    const other = b[name];
    if (other === undefined || !beats(other, field)) merged[name] = field;
  }
  return merged;
}

function beats(a: OwnField, b: OwnField): boolean {
  if (a.origin !== b.origin) return a.origin === 'system';
  return a.at > b.at;
}
