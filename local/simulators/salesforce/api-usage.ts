/**
 * API calls of the last 24 hours, counted in minutes.
 * *Bounds*: at most 1,441 counters.
 */
export class ApiUsage {
  readonly max: number;
  readonly #now: () => number;
  readonly #callsByMinute = new Map<number, number>();
  #used = 0;
  #passed = 0;

  /** `max` calls are allowed in any 24 hours. */
  constructor(max: number, now: () => number) {
    this.max = max;
    this.#now = now;
  }

  get used(): number {
    this.#forgetOld();
    return this.#used;
  }

  /** How often a caller went past the limit: calls that were refused for it, since the beginning. */
  get passed(): number {
    return this.#passed;
  }

  /** Counts one call; false when it is one too many, and then it is not counted. */
  spend(): boolean {
    if (this.used >= this.max) {
      this.#passed += 1;
      return false;
    }
    const minute = this.#minute();
    this.#callsByMinute.set(minute, (this.#callsByMinute.get(minute) ?? 0) + 1);
    this.#used += 1;
    return true;
  }

  /** The value of `Sforce-Limit-Info`. */
  header(): string {
    return `api-usage=${this.used}/${this.max}`;
  }

  reset(): void {
    this.#callsByMinute.clear();
    this.#used = 0;
    this.#passed = 0;
  }

  #minute(): number {
    return Math.floor(this.#now() / 60_000);
  }

  #forgetOld(): void {
    const oldest = this.#minute() - 24 * 60;
    // Minutes were added in the order of time, so the first one that is young enough ends the search.
    for (const [minute, calls] of this.#callsByMinute) {
      if (minute > oldest) return;
      this.#callsByMinute.delete(minute);
      this.#used -= calls;
    }
  }
}
