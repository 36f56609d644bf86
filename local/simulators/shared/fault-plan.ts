import * as z from 'zod';

/** Which calls a fault meets; a call must satisfy every part that is given. */
const callMatchSchema = z.strictObject({
  /** HTTP method, upper case. */
  method: z.string().optional(),
  /** A part of the path as it was called, for example `/companies/batch/`. */
  pathIncludes: z.string().min(1).optional(),
});

/** A fault lasts `count` calls (or rows), `forMs` ms, or until the first of the two; 1 when neither is given. */
const lifetime = {
  count: z.int().min(1).max(1_000_000).optional(),
  forMs: z.int().min(1).max(86_400_000).optional(),
  /** Calls (or rows) that match and are let through before the fault begins. Default 0. */
  skip: z.int().min(0).max(1_000_000).optional(),
};

const onCalls = { ...lifetime, match: callMatchSchema.optional() };

/**
 * One fault asked of a simulator. Deterministic: it meets the next matching calls in the order they arrive.
 * - `throttle`, `daily-limit`: answered as the vendor answers over its short or daily limit; nothing is done.
 * - `unavailable`: answered `status` (default 503); nothing is done.
 * - `cut-request`: the connection is cut, nothing was done.
 * - `lose-answer`: the write is done, then the connection is cut. Meets only calls that write.
 * - `slow`: the answer is held back by `delayMs`.
 * - `fail-rows`: the next rows written are refused one by one, as the vendor refuses a row: those of `object` whose
 *   `field` holds `value` (or any value when only `field` is given, or every row when neither is).
 * - `refuse-connections`: nothing listens for `forMs`.
 */
export const injectedFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('throttle'), ...onCalls }),
  z.strictObject({ kind: z.literal('daily-limit'), ...onCalls }),
  z.strictObject({ kind: z.literal('unavailable'), status: z.int().min(500).max(599).optional(), ...onCalls }),
  z.strictObject({ kind: z.literal('cut-request'), ...onCalls }),
  z.strictObject({ kind: z.literal('lose-answer'), ...onCalls }),
  z.strictObject({ kind: z.literal('slow'), delayMs: z.int().min(1).max(600_000), ...onCalls }),
  z.strictObject({
    kind: z.literal('fail-rows'),
    object: z.string().optional(),
    field: z.string().optional(),
    value: z.string().optional(),
    /** The vendor's error code to answer with; the simulator has a default. */
    code: z.string().optional(),
    ...lifetime,
  }),
  z.strictObject({ kind: z.literal('refuse-connections'), forMs: z.int().min(1).max(600_000) }),
]);

export type InjectedFault = z.infer<typeof injectedFaultSchema>;
type RowsFault = Extract<InjectedFault, { kind: 'fail-rows' }>;
type PlannedFault = Exclude<InjectedFault, { kind: 'refuse-connections' }>;

export interface FaultedCall {
  readonly method: string;
  readonly path: string;
  /** Whether the call changes records; a search by POST does not. */
  readonly writes: boolean;
}

/** What the plan holds for one call. At most one of the refusals is due; `delayMs` may come on top of anything. */
export interface CallFate {
  readonly delayMs: number;
  readonly refusal?:
    | { readonly kind: 'throttle' | 'daily-limit' | 'cut-request' }
    | { readonly kind: 'unavailable'; readonly status: number };
  readonly loseAnswer: boolean;
}

export interface FaultedRow {
  readonly object: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface RowFate {
  readonly code: string | undefined;
}

export interface FaultPlanOptions {
  readonly now: () => number;
  /** Carries out `refuse-connections`; usually the server's own method. */
  readonly refuseConnections: (durationMs: number) => void;
}

/** A fault that is still due, as the admin address shows it. */
export interface OpenFault {
  readonly fault: PlannedFault;
  readonly remaining: number | undefined;
  readonly untilMs: number | undefined;
}

/** The faults a simulator has been asked for. Never random; at most 1,000 open faults, the oldest is forgotten first. */
export class FaultPlan {
  readonly #options: FaultPlanOptions;
  #open: { fault: PlannedFault; skip: number; remaining: number; untilMs: number }[] = [];

  constructor(options: FaultPlanOptions) {
    this.#options = options;
  }

  add(fault: InjectedFault): void {
    if (fault.kind === 'refuse-connections') {
      this.#options.refuseConnections(fault.forMs);
      return;
    }
    const untilMs = fault.forMs === undefined ? Number.POSITIVE_INFINITY : this.#options.now() + fault.forMs;
    const remaining = fault.count ?? (fault.forMs === undefined ? 1 : Number.POSITIVE_INFINITY);
    this.#open.push({ fault, skip: fault.skip ?? 0, remaining, untilMs });
    if (this.#open.length > 1_000) this.#open.shift();
  }

  clear(): void {
    this.#open = [];
  }

  open(): readonly OpenFault[] {
    this.#forgetEnded();
    return this.#open.map(({ fault, remaining, untilMs }) => ({
      fault,
      remaining: Number.isFinite(remaining) ? remaining : undefined,
      untilMs: Number.isFinite(untilMs) ? untilMs : undefined,
    }));
  }

  /** Spends what is due for this call. To be asked exactly once per call, before it is served. */
  meetCall(call: FaultedCall): CallFate {
    if (this.#open.length === 0) return untouched;
    this.#forgetEnded();
    let delayMs = 0;
    let refusal: CallFate['refusal'];
    let loseAnswer = false;
    for (const planned of this.#open) {
      const { fault } = planned;
      if (fault.kind === 'fail-rows' || !matchesCall(fault, call)) continue;
      // A call that is refused already spends no second refusal, and loses no answer to a write it never did.
      if (fault.kind !== 'slow' && (refusal !== undefined || loseAnswer)) continue;
      if (!spend(planned)) continue;
      if (fault.kind === 'slow') delayMs += fault.delayMs;
      else if (fault.kind === 'lose-answer') loseAnswer = true;
      else if (fault.kind === 'unavailable') refusal = { kind: 'unavailable', status: fault.status ?? 503 };
      else refusal = { kind: fault.kind };
    }
    return { delayMs, ...(refusal === undefined ? {} : { refusal }), loseAnswer };
  }

  /** Spends a `fail-rows` that is due for this row; `undefined` lets the row through. */
  meetRow(row: FaultedRow): RowFate | undefined {
    if (this.#open.length === 0) return undefined;
    this.#forgetEnded();
    for (const planned of this.#open) {
      const { fault } = planned;
      if (fault.kind !== 'fail-rows' || !matchesRow(fault, row) || !spend(planned)) continue;
      return { code: fault.code };
    }
    return undefined;
  }

  #forgetEnded(): void {
    const now = this.#options.now();
    this.#open = this.#open.filter(({ remaining, untilMs }) => remaining > 0 && now < untilMs);
  }
}

const untouched: CallFate = { delayMs: 0, loseAnswer: false };

function spend(planned: { skip: number; remaining: number }): boolean {
  if (planned.remaining <= 0) return false;
  if (planned.skip > 0) {
    planned.skip -= 1;
    return false;
  }
  planned.remaining -= 1;
  return true;
}

function matchesCall(fault: Exclude<PlannedFault, RowsFault>, call: FaultedCall): boolean {
  if (fault.kind === 'lose-answer' && !call.writes) return false;
  const { method, pathIncludes } = fault.match ?? {};
  return (
    (method === undefined || method === call.method) && (pathIncludes === undefined || call.path.includes(pathIncludes))
  );
}

function matchesRow(fault: RowsFault, row: FaultedRow): boolean {
  if (fault.object !== undefined && fault.object !== row.object) return false;
  if (fault.field === undefined) return true;
  const held = row.values[fault.field];
  if (held === undefined || held === null) return false;
  return fault.value === undefined || String(held) === fault.value;
}
