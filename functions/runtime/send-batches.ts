import { inParallel } from '../../domain/pipeline/in-parallel.ts';
import { backoffMs, type Patience } from './backoff.ts';

/** What one call to a queue or bus may carry. */
export interface BatchLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
}

/** Why an entry was not accepted. */
export interface Refusal<Entry> {
  readonly entry: Entry;
  readonly code: string;
  /** The entry itself is at fault: sending it again cannot help. */
  readonly isFinal: boolean;
}

/**
 * Sends entries in as few calls as the limits allow, several calls at a time, and sends again what was refused.
 *
 * *Bounds*: 5 attempts for each call's entries, with back-off and jitter; 32 calls at a time.
 *
 * *Faults*: rejects when an entry was not accepted in the end, naming how many and why, never what was in them. Others may have
 * been accepted; whoever sent them sends them again, and the receivers take repetition.
 */
export async function sendBatches<Entry>(
  entries: readonly Entry[],
  options: {
    readonly destination: string;
    readonly limits: BatchLimits;
    readonly bytesOf: (entry: Entry) => number;
    /** Sends one call and answers the entries that were refused. */
    readonly send: (entries: readonly Entry[]) => Promise<readonly Refusal<Entry>[]>;
    readonly patience: Patience;
  },
): Promise<void> {
  const { destination, limits, bytesOf, send, patience } = options;
  const refused = await inParallel(batchesOf(entries, limits, bytesOf), async (batch) => {
    let left: readonly Refusal<Entry>[] = [];
    let open = batch;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      left = await send(open);
      open = left.map(({ entry }) => entry);
      if (open.length === 0 || left.some(({ isFinal }) => isFinal)) break;
      if (attempt < ATTEMPTS_MAX) await patience.wait(backoffMs(attempt, patience.random()));
    }
    return left;
  });
  const codes = refused.flat().map(({ code }) => code);
  if (codes.length > 0) {
    const reasons = [...new Set(codes)].join(', ');
    throw new Error(`${destination} did not accept ${codes.length} of ${entries.length} entries: ${reasons}.`);
  }
}

const ATTEMPTS_MAX = 5;

/** Cuts entries into calls, order kept. An entry that is too large by itself goes alone, to be refused by the service. */
function batchesOf<Entry>(
  entries: readonly Entry[],
  { entriesMax, bytesMax }: BatchLimits,
  bytesOf: (entry: Entry) => number,
): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let current: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = bytesOf(entry);
    if (current.length > 0 && (current.length === entriesMax || bytes + size > bytesMax)) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(entry);
    bytes += size;
  }
  return current.length === 0 ? batches : [...batches, current];
}
