/** A limit on calls in a sliding window. Operations that draw on one pool share the object. */
export interface RateLimit {
  readonly name: string;
  readonly callsMax: number;
  readonly windowMs: number;
}

/** So many calls in each second, for one operation or for a pool of them. */
export function perSecond(name: string, callsMax: number): RateLimit {
  return { name, callsMax, windowMs: 1_000 };
}

/**
 * Counts calls against limits. A refused call is not counted, so a caller that keeps knocking gets in as soon as there is
 * room. *Bounds*: memory holds one number for each call a limit allows.
 */
export class RateLimiter {
  readonly #windows = new Map<RateLimit, number[]>();
  readonly #refusals = new Map<string, number>();

  /** Takes a place in every limit, or in none: then the limit that has no room is answered. */
  admit(limits: readonly RateLimit[], now: number): RateLimit | undefined {
    const full = limits.find((limit) => this.#window(limit, now).length >= limit.callsMax);
    if (full !== undefined) {
      this.#refusals.set(full.name, (this.#refusals.get(full.name) ?? 0) + 1);
      return full;
    }
    for (const limit of limits) this.#window(limit, now).push(now);
    return undefined;
  }

  /** Refusals since the start by the limit's name. */
  refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#refusals);
  }

  reset(): void {
    this.#windows.clear();
    this.#refusals.clear();
  }

  #window(limit: RateLimit, now: number): number[] {
    let stamps = this.#windows.get(limit);
    if (stamps === undefined) {
      stamps = [];
      this.#windows.set(limit, stamps);
    }
    const firstInside = stamps.findIndex((stamp) => stamp > now - limit.windowMs);
    stamps.splice(0, firstInside < 0 ? stamps.length : firstInside);
    return stamps;
  }
}
