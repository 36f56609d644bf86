import type { JsonObject, WireFault, WireResult } from '../wire/wire-result.ts';
import { refused } from '../wire/wire-result.ts';

/** One entry of a batch request, with its id. */
export interface BatchEntry {
  readonly id: string;
  readonly fields: JsonObject;
}

/** A fault of one entry; the others go on. */
export interface FailedEntry {
  readonly Id: string;
  readonly SenderFault: true;
  readonly Code: string;
  readonly Message: string;
}

const ENTRIES_MAX = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** Reads the entries of a batch request: 1 to 10 of them, with distinct ids. */
export function readBatch(
  input: JsonObject,
): { readonly entries: readonly BatchEntry[] } | { readonly refusal: WireResult } {
  const raw = Array.isArray(input.Entries) ? input.Entries : [];
  if (raw.length === 0)
    return { refusal: refused('EmptyBatchRequest', 'The batch request does not contain any entries.') };
  if (raw.length > ENTRIES_MAX) {
    return {
      refusal: refused('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${ENTRIES_MAX}.`),
    };
  }
  const entries = raw.map((entry: unknown) => {
    const fields = typeof entry === 'object' && entry !== null ? (entry as JsonObject) : {};
    return { id: String(fields.Id ?? ''), fields };
  });
  const malformed = entries.find(({ id }) => !ENTRY_ID.test(id));
  if (malformed !== undefined) {
    return {
      refusal: refused(
        'InvalidBatchEntryId',
        'A batch entry id holds up to 80 letters, digits, hyphens and underscores.',
      ),
    };
  }
  if (new Set(entries.map(({ id }) => id)).size !== entries.length) {
    return { refusal: refused('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same id.') };
  }
  return { entries };
}

/** The failed half of a batch answer. */
export function failedEntry(id: string, fault: WireFault): FailedEntry {
  return { Id: id, SenderFault: true, Code: fault.code, Message: fault.message };
}
