import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Work } from '../../domain/model/notice.ts';
import type { BudgetKeeper } from './budget-keeper.ts';
import type { Call, ConnectionSettings, Connector, Session } from './connector.ts';
import { faultOfNetwork } from './fault-of-http.ts';
import { redactFault } from './redact.ts';
import type { SessionKeeper } from './session-keeper.ts';

/** The clock, the waits and the log of a call; all handed in. */
export interface CallDeps {
  /** ms since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 ≤ x < 1, for jitter only. */
  readonly random: () => number;
  /** One structured line; no values, no bodies. */
  readonly log: (step: string, facts: Readonly<Record<string, string | number | boolean | undefined>>) => void;
  /** ms left in this invocation; absent: no end in sight. */
  readonly deadline?: () => number;
  /** Longest one vendor call may take, ms; 20,000 when absent. */
  readonly callTimeoutMs?: number;
}

export interface CallOptions<Api> {
  readonly connector: Connector<Api>;
  readonly settings: ConnectionSettings;
  readonly deps: CallDeps;
  readonly budgets: BudgetKeeper;
  readonly sessions: SessionKeeper;
  /** The vendor's SDK on a session, the same one every time. */
  readonly apiOf: (session: Session) => Api;
  readonly work: Work;
}

/**
 * Makes the function through which a connector makes every vendor call.
 *
 * ```
 *  session ─▶ budgets ─▶ perform (timeout) ─▶ figures of the answer ─▶ value
 *     ▲          ▲            │ expired: once, with a fresh session
 *     └──────────┴────────────┤ transient and repeatable, or throttled for a moment: at most twice more, with jitter
 *                             └▶ fault, classified and redacted
 * ```
 *
 * *Bounds*: at most 4 calls to the vendor; waits of at most 2 s each, and none that would pass the deadline. *Faults*: those of
 * the connector's `classify`; `transient` with code `DEADLINE_NEAR` when there is no time left to call at all.
 */
export function makeCall<Api>(options: CallOptions<Api>): Call<Api> {
  const { connector, settings, deps, budgets, sessions, apiOf } = options;
  return async (request, perform) => {
    let isRenewed = false;
    let retries = 0;
    let wasUnanswered = false;
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const startedAt = deps.now();
      const report = (outcome: string, code: string | undefined, waitedMs: number): void =>
        deps.log('vendor-call', {
          connection: settings.id,
          route: request.route,
          outcome,
          code,
          attempt,
          waitedMs,
          durationMs: deps.now() - startedAt - waitedMs,
        });

      const ready = await prepare(options, request.budgets);
      if (!ready.ok) {
        report(ready.fault.kind, ready.fault.code, deps.now() - startedAt);
        return fail(redactFault(wholeFault(ready.fault, wasUnanswered)));
      }
      const { session, timeoutMs, waitedMs } = ready.value;
      const api = apiOf(session);
      const performed = await within(timeoutMs, (signal) => perform(api, signal));
      await budgets.correct(connector.usage(api));
      if (performed.ok) {
        report('ok', undefined, waitedMs);
        return succeed(performed.value);
      }

      if (!performed.isTimeout && !isRenewed && connector.isExpired(performed.error)) {
        report('expired', undefined, waitedMs);
        isRenewed = true;
        const replaced = await sessions.replace(session);
        if (!replaced.ok) return fail(redactFault(replaced.fault));
        continue;
      }
      const fault =
        (performed.isTimeout ? faultOfNetwork(performed.error, request) : undefined) ??
        connector.classify(performed.error, request);
      wasUnanswered ||= fault.isUnanswered === true;
      report(fault.kind, fault.code, waitedMs);
      if (fault.kind === 'throttled') await budgets.hold(request.budgets, fault.retryAfterMs);
      // After a timeout the vendor may still be at work, and most of the time there was is gone.
      const waitMs = performed.isTimeout ? undefined : retryWait(fault, request, retries, deps.random);
      if (waitMs === undefined || waitMs > timeLeft(deps)) return fail(redactFault(wholeFault(fault, wasUnanswered)));
      retries += 1;
      await deps.sleep(waitMs);
    }
    // Unreachable by the bounds above: one renewal and two retries make four attempts.
    throw new Error('A vendor call ended without an outcome.');
  };
}

/** What an earlier attempt may have done, a later one's refusal does not undo. */
function wholeFault(fault: Fault, wasUnanswered: boolean): Fault {
  const isWaiting = fault.kind === 'transient' || fault.kind === 'throttled';
  return wasUnanswered && isWaiting ? { ...fault, isUnanswered: true } : fault;
}

const retriesMax = 2;
const attemptsMax = 1 + 1 + retriesMax;
const waitMaxMs = 2_000;
const callTimeoutDefaultMs = 20_000;
/** Time kept at the end of an invocation to store what came of a call. */
const deadlineMarginMs = 1_000;
/** A call that could not even take this long is not begun. */
const callTimeoutMinMs = 250;
const backOffMs = 200;

interface Ready {
  readonly session: Session;
  readonly timeoutMs: number;
  readonly waitedMs: number;
}

/** Gets a session, then the budgets (in this order: a unit spent without a session would be wasted), then looks at the time. */
async function prepare<Api>(options: CallOptions<Api>, names: readonly string[]): Promise<Result<Ready>> {
  const { deps, budgets, sessions, work } = options;
  if (timeLeft(deps) < callTimeoutMinMs) return fail(deadlineNear);
  const session = await sessions.current();
  if (!session.ok) return session;
  const taken = await budgets.take(names, work, Math.min(waitMaxMs, timeLeft(deps) - callTimeoutMinMs));
  if (!taken.ok) return taken;
  const timeoutMs = Math.min(deps.callTimeoutMs ?? callTimeoutDefaultMs, timeLeft(deps));
  if (timeoutMs < callTimeoutMinMs) return fail(deadlineNear);
  return succeed({ session: session.value, timeoutMs, waitedMs: taken.value.waitedMs });
}

const deadlineNear: Fault = {
  kind: 'transient',
  code: 'DEADLINE_NEAR',
  message: 'There was no time left to ask the system; the hub tries again.',
};

function timeLeft(deps: CallDeps): number {
  return deps.deadline === undefined ? Number.POSITIVE_INFINITY : deps.deadline() - deadlineMarginMs;
}

/** How long to wait before asking again, ms; `undefined`: not again within this call. */
function retryWait(
  fault: Fault,
  request: { readonly isRepeatable: boolean },
  retries: number,
  random: () => number,
): number | undefined {
  if (retries >= retriesMax) return undefined;
  if (fault.kind === 'transient' && request.isRepeatable) {
    return Math.ceil(backOffMs * 2 ** retries * (0.5 + random()));
  }
  // A refusal for the rate says that nothing was done, so even a create may be asked again.
  if (fault.kind === 'throttled' && fault.retryAfterMs !== undefined && fault.retryAfterMs <= waitMaxMs) {
    return Math.ceil(fault.retryAfterMs + random() * backOffMs);
  }
  return undefined;
}

type Performed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown; readonly isTimeout: boolean };

/** Runs a vendor call to its end or to its timeout, also when the SDK does not listen to the signal. */
async function within<T>(timeoutMs: number, perform: (signal: AbortSignal) => Promise<T>): Promise<Performed<T>> {
  const controller = new AbortController();
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const reason = new DOMException('The call took too long.', 'TimeoutError');
    reject(reason);
    controller.abort(reason);
  }, timeoutMs);
  // SDKs fail by throwing; this is the one place where their exceptions become values.
  try {
    return { ok: true, value: await Promise.race([perform(controller.signal), timedOut]) };
  } catch (error) {
    return controller.signal.aborted
      ? { ok: false, error: controller.signal.reason, isTimeout: true }
      : { ok: false, error, isTimeout: false };
  } finally {
    clearTimeout(timer);
  }
}
