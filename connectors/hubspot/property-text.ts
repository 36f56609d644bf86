import type { SystemValue } from '../../domain/model/value.ts';

/**
 * A value as HubSpot takes it: properties are text whatever their type, empty text clears, and a multi-select is its
 * options joined by `;`.
 *
 * *Source*: https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide (checked November 2026).
 */
export function toPropertyText(value: SystemValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.join(';');
  return String(value);
}

/** The properties of a write. A creation leaves empty ones out: there is nothing to clear yet. */
export function toProperties(
  values: Readonly<Record<string, SystemValue>>,
  operation: 'create' | 'update',
): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const text = toPropertyText(value);
    if (operation === 'update' || text !== '') properties[name] = text;
  }
  return properties;
}

/** Properties as read: text or `null`; `''` is what HubSpot sometimes answers for a cleared one. */
export function fromPropertyText(value: unknown): SystemValue {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}
