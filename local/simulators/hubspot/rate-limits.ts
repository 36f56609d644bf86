import { type Account, localDay } from './account.ts';
import type { ApiAnswer } from './api-error.ts';
import { errorAnswer } from './api-error.ts';

export interface RateLimitOptions {
  /** Calls per rolling 10 s; refused calls do not count. */
  readonly per10Seconds: number;
  /** Searches per rolling second; they have a limit of their own and do not count above. */
  readonly searchesPerSecond: number;
  /** Calls per calendar day of the account, of static tokens only: OAuth apps have no daily limit. */
  readonly perDay: number;
}

/**
 * The window of an OAuth app and the day of a Professional account.
 * *Source*: https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines (checked November 2026).
 */
export const defaultRateLimits: RateLimitOptions = { per10Seconds: 110, searchesPerSecond: 5, perDay: 625_000 };

/** How a call counts: `burst` and `search` have their own windows, `none` is free (token requests). */
export type RatePolicy = 'burst' | 'search' | 'none';

export interface RateVerdict {
  readonly refusal?: ApiAnswer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The account's limits, shared by all its callers, counted as the vendor counts them. */
export class RateLimits {
  readonly #options: RateLimitOptions;
  readonly #account: Account;
  readonly #burst: RollingWindow;
  readonly #searches: RollingWindow;
  #day = '';
  #callsToday = 0;
  readonly #passed = { burst: 0, search: 0, daily: 0 };

  constructor(options: RateLimitOptions, account: Account) {
    this.#options = options;
    this.#account = account;
    this.#burst = new RollingWindow(options.per10Seconds, 10_000);
    this.#searches = new RollingWindow(options.searchesPerSecond, 1_000);
  }

  get callsToday(): number {
    return this.#callsToday;
  }

  /** How often a caller went past each limit: calls that were refused for it, since the beginning. */
  get passed(): Readonly<Record<'burst' | 'search' | 'daily', number>> {
    return { ...this.#passed };
  }

  /** Counts a call or refuses it. Only `burst` answers carry headers; the daily ones are for static tokens. */
  admit(policy: RatePolicy, isStaticToken: boolean, now: number): RateVerdict {
    if (policy === 'none') return { headers: {} };
    const today = localDay(now, this.#account.timeZone);
    if (today !== this.#day) {
      this.#day = today;
      this.#callsToday = 0;
    }
    if (isStaticToken && this.#callsToday >= this.#options.perDay) {
      this.#passed.daily += 1;
      return { refusal: rateRefusal('DAILY'), headers: {} };
    }
    const window = policy === 'search' ? this.#searches : this.#burst;
    const isAdmitted = window.admit(now);
    if (isAdmitted) this.#callsToday += 1;
    const headers = policy === 'search' ? {} : this.#headers(isStaticToken);
    if (isAdmitted) return { headers };
    this.#passed[policy] += 1;
    return { refusal: rateRefusal(policy === 'search' ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING'), headers };
  }

  reset(): void {
    this.#burst.clear();
    this.#searches.clear();
    this.#callsToday = 0;
    Object.assign(this.#passed, { burst: 0, search: 0, daily: 0 });
  }

  #headers(isStaticToken: boolean): Record<string, string> {
    const { per10Seconds, perDay } = this.#options;
    return {
      'x-hubspot-ratelimit-max': String(per10Seconds),
      'x-hubspot-ratelimit-remaining': String(this.#burst.remaining),
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      ...(isStaticToken
        ? {
            'x-hubspot-ratelimit-daily': String(perDay),
            'x-hubspot-ratelimit-daily-remaining': String(Math.max(0, perDay - this.#callsToday)),
          }
        : {}),
    };
  }
}

/** The 429 of a limit. There is no `Retry-After`, as with the vendor. */
export function rateRefusal(policyName: 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY'): ApiAnswer {
  const limit = policyName.toLowerCase();
  const { body } = errorAnswer({
    status: 429,
    category: 'RATE_LIMITS',
    message: `You have reached your ${limit} limit.`,
  });
  return { status: 429, body: { ...(body as object), errorType: 'RATE_LIMIT', policyName } };
}

/** The times of the admitted calls of the last `lengthMs`, at most `callsMax` of them, in a ring. */
class RollingWindow {
  readonly #callsMax: number;
  readonly #lengthMs: number;
  #times: number[] = [];

  constructor(callsMax: number, lengthMs: number) {
    this.#callsMax = callsMax;
    this.#lengthMs = lengthMs;
  }

  get remaining(): number {
    return Math.max(0, this.#callsMax - this.#times.length);
  }

  admit(now: number): boolean {
    const oldest = this.#times[0];
    if (oldest !== undefined && oldest <= now - this.#lengthMs) this.#forgetUntil(now - this.#lengthMs);
    if (this.#times.length >= this.#callsMax) return false;
    this.#times.push(now);
    return true;
  }

  clear(): void {
    this.#times = [];
  }

  #forgetUntil(instant: number): void {
    const firstKept = this.#times.findIndex((time) => time > instant);
    this.#times = firstKept < 0 ? [] : this.#times.slice(firstKept);
  }
}
