/** Starts a timer and answers how to stop it. */
export type SetTimer = (callback: () => void, ms: number) => () => void;

/** Node's timers, which do not keep the process alive. */
export const realTimer: SetTimer = (callback, ms) => {
  const timer = setTimeout(callback, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** Longest time Node's timers take; work due later is looked at again then. */
const TIMER_MS_MAX = 2_147_483_647;

/**
 * What a simulated service is going to do by itself: finish a change set, send a delayed event.
 *
 * Work is done by whichever comes first, a timer or the next call (`runDue`), in the order it is due, so that a test that
 * moves its clock sees the same as one that waits. Work may add work; a turn of the agenda is bounded, so that work which
 * keeps adding itself for the same moment shows as a defect instead of hanging the process.
 */
export class Agenda {
  readonly #now: () => number;
  readonly #setTimer: SetTimer | undefined;
  readonly #onDefect: (defect: unknown) => void;
  readonly #afterTimer: () => void;
  /** In the order it is due, and of the same moment in the order it was added. */
  #work: { readonly at: number; readonly run: () => void }[] = [];
  #stopTimer: (() => void) | undefined;
  #doing: number | undefined;

  /** Without `setTimer`, work is done by calls only. */
  constructor(options: {
    readonly now: () => number;
    readonly setTimer?: SetTimer | undefined;
    readonly onDefect: (defect: unknown) => void;
    /** Runs after work that a timer started; makes it durable. */
    readonly afterTimer?: () => void;
  }) {
    this.#now = options.now;
    this.#setTimer = options.setTimer;
    this.#onDefect = options.onDefect;
    this.#afterTimer = options.afterTimer ?? (() => {});
  }

  /** Adds work that is due at `at` (epoch ms). */
  add(at: number, run: () => void): void {
    const before = this.#work.findLastIndex((work) => work.at <= at);
    this.#work.splice(before + 1, 0, { at, run });
    this.#wind();
  }

  /** Does all work that is due now. */
  runDue(): void {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const [first] = this.#work;
      if (first === undefined || first.at > this.#now()) {
        this.#wind();
        return;
      }
      this.#work.shift();
      const former = this.#doing;
      this.#doing = first.at;
      // Nothing is caught: whatever work throws, the time of the work is over.
      try {
        first.run();
      } finally {
        this.#doing = former;
      }
    }
    throw new Error('The simulator keeps giving itself work that is due at once.');
  }

  /**
   * The time as work is to see it, in epoch ms: while work is done, when it was due, although the clock may have gone on (a test
   * moved it by a year, or the process was not running); else the clock's.
   */
  readonly now = (): number => this.#doing ?? this.#now();

  /** When the next work is due, in epoch ms. */
  get nextAt(): number | undefined {
    return this.#work[0]?.at;
  }

  /** Forgets all work. */
  clear(): void {
    this.#work = [];
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #wind(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const { nextAt } = this;
    if (nextAt === undefined || this.#setTimer === undefined) return;
    const ms = Math.min(Math.max(nextAt - this.#now(), 0), TIMER_MS_MAX);
    this.#stopTimer = this.#setTimer(() => {
      // Nobody is there to catch what work throws in a timer; the server's owner is told, as of a defect in a call.
      try {
        this.runDue();
        this.#afterTimer();
      } catch (defect) {
        this.#onDefect(defect);
      }
    }, ms);
  }
}

const TURNS_MAX = 100_000;
