import type { ErrorDetail } from './api-error.ts';
import type { ObjectType } from './object-types.ts';
import type { PropertyCatalogue } from './property-catalogue.ts';
import type { PropertyDefinition } from './property-definition.ts';

/** Longer values are refused. https://developers.hubspot.com/docs/guides/api/crm/properties, checked November 2026. */
const valueLengthMax = 65_536;

export type NormalisedValue =
  | { readonly ok: true; readonly value: string | null }
  | { readonly ok: false; readonly error: ErrorDetail };

/**
 * Brings a written value into the form the API answers with: text, `null` for cleared. Dates may come as ISO text or
 * epoch ms; a multi-select that begins with `;` adds to what is there. `isLenient` accepts values that are no option,
 * as records older than an option list hold them.
 */
export function normaliseValue(
  catalogue: PropertyCatalogue,
  type: ObjectType,
  definition: PropertyDefinition,
  raw: string,
  current: string | undefined,
  isLenient = false,
): NormalisedValue {
  if (raw === '') return { ok: true, value: null };
  if (raw.length > valueLengthMax) return invalid(definition, 'is longer than 65536 characters', 'PROPERTY_TOO_LONG');
  switch (definition.type) {
    case 'string':
      return normaliseText(type, definition, raw);
    case 'number':
      return Number.isFinite(Number(raw)) && raw.trim() !== ''
        ? { ok: true, value: raw.trim() }
        : invalid(definition, 'was not a valid number', 'INVALID_INTEGER');
    case 'bool':
      return normaliseOptions(catalogue, definition, raw.toLowerCase(), current, isLenient);
    case 'enumeration':
      return normaliseOptions(catalogue, definition, raw, current, isLenient);
    case 'date':
      return normaliseDate(definition, raw);
    case 'datetime':
      return normaliseInstant(definition, raw);
  }
}

/** Epoch ms of an ISO text or of epoch ms as text, or `undefined`. A date without a time is its UTC midnight. */
export function parseInstant(text: string): number | undefined {
  const value = /^-?\d{5,}$/.test(text) ? Number(text) : isoPattern.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(value) && Math.abs(value) <= 8.64e15 ? value : undefined;
}

const isoPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const emailPattern = /^[^\s@;,]+@[^\s@;,]+\.[^\s@;,.]+$/;

function normaliseText(type: ObjectType, definition: PropertyDefinition, raw: string): NormalisedValue {
  if (type === 'contacts' && definition.name === 'email') {
    const email = raw.trim().toLowerCase();
    return emailPattern.test(email)
      ? { ok: true, value: email }
      : invalid(definition, 'is not a valid email address', 'INVALID_EMAIL');
  }
  if (type === 'companies' && definition.name === 'domain') return { ok: true, value: raw.trim().toLowerCase() };
  return { ok: true, value: raw };
}

function normaliseOptions(
  catalogue: PropertyCatalogue,
  definition: PropertyDefinition,
  raw: string,
  current: string | undefined,
  isLenient: boolean,
): NormalisedValue {
  if (definition.referencedObjectType === 'OWNER') {
    return isLenient || catalogue.isActiveOwner(raw)
      ? { ok: true, value: raw }
      : invalid(definition, 'is not the id of an active owner', 'INVALID_OWNER_ID');
  }
  const isMultiple = definition.fieldType === 'checkbox';
  const written = isMultiple ? raw.split(';').filter((value) => value !== '') : [raw];
  if (!isLenient && !written.every((value) => catalogue.hasOption(definition, value))) {
    return invalid(definition, 'was not one of the allowed options', 'INVALID_OPTION');
  }
  const kept = isMultiple && raw.startsWith(';') && current !== undefined ? current.split(';') : [];
  const value = [...new Set([...kept, ...written])].join(';');
  return { ok: true, value: value === '' ? null : value };
}

function normaliseDate(definition: PropertyDefinition, raw: string): NormalisedValue {
  const instant = parseInstant(raw);
  return instant !== undefined && instant % 86_400_000 === 0
    ? { ok: true, value: new Date(instant).toISOString().slice(0, 10) }
    : invalid(definition, 'is not a date at midnight UTC', 'INVALID_DATE');
}

function normaliseInstant(definition: PropertyDefinition, raw: string): NormalisedValue {
  const instant = parseInstant(raw);
  return instant === undefined
    ? invalid(definition, 'was not a valid long', 'INVALID_LONG')
    : { ok: true, value: new Date(instant).toISOString() };
}

/** The value itself stays out of the message: it may be personal, and messages end in logs. */
function invalid(definition: PropertyDefinition, reason: string, code: string): NormalisedValue {
  return {
    ok: false,
    error: { message: `Property "${definition.name}" ${reason}`, code, context: { propertyName: [definition.name] } },
  };
}
