import type { Result } from '../../domain/model/fault.ts';
import type { Session } from './connector.ts';

/** Holds a connection's session for a process. */
export interface SessionKeeper {
  /** The session in force; fetched when there is none or it is about to expire. Callers at the same time share one fetch. */
  current(): Promise<Result<Session>>;
  /** A session other than `refused`, which the vendor no longer takes; whoever comes first fetches it. */
  replace(refused: Session): Promise<Result<Session>>;
}

/**
 * Makes the keeper of a session.
 *
 * *Units*: a session is renewed when less than a fifth of its life is left, 5 minutes at most. *Faults*: what `fetch`
 * answers; a refused credential is remembered for a minute, because asking again and again locks accounts.
 */
export function keepSession(options: {
  readonly fetch: () => Promise<Result<Session>>;
  readonly now: () => number;
}): SessionKeeper {
  const { now } = options;
  let held: { readonly session: Session; readonly renewAt: number } | undefined;
  let refusal: { readonly answer: Result<Session>; readonly until: number } | undefined;
  let pending: Promise<Result<Session>> | undefined;

  async function fetchOnce(): Promise<Result<Session>> {
    const answer = await options.fetch();
    const at = now();
    if (answer.ok) {
      held = { session: answer.value, renewAt: renewalOf(answer.value, at) };
      refusal = undefined;
    } else {
      held = undefined;
      if (answer.fault.kind === 'credential') refusal = { answer, until: at + refusalMs };
    }
    return answer;
  }

  function renew(): Promise<Result<Session>> {
    if (refusal !== undefined && now() < refusal.until) return Promise.resolve(refusal.answer);
    pending ??= fetchOnce().finally(() => {
      pending = undefined;
    });
    return pending;
  }

  return {
    current() {
      if (held !== undefined && now() < held.renewAt) return Promise.resolve({ ok: true, value: held.session });
      return renew();
    },
    replace(refused) {
      if (held !== undefined && held.session !== refused) return this.current();
      held = undefined;
      return renew();
    },
  };
}

const refusalMs = 60_000;
const renewalMarginMaxMs = 300_000;

function renewalOf(session: Session, fetchedAt: number): number {
  if (session.expiresAt === undefined) return Number.POSITIVE_INFINITY;
  const lifeMs = Math.max(0, session.expiresAt - fetchedAt);
  return session.expiresAt - Math.min(lifeMs / 5, renewalMarginMaxMs);
}
