import { textHash } from './seeded-random.ts';

/** Whoever events belong to: a process that can be stopped for good, or held up. */
export interface Owner {
  readonly name: string;
  isDead: boolean;
}

/** Something that happens at an instant of simulated time. */
export interface ScheduledEvent {
  at: number;
  readonly serial: number;
  readonly label: string;
  readonly owner: Owner | undefined;
  readonly act: () => void;
  isCancelled: boolean;
}

/** How a run of the scheduler went. */
export interface Trace {
  readonly steps: number;
  /** Of every step's time, owner and label: two runs with the same hash took the same course. */
  readonly hash: number;
}

/**
 * Simulated time. Everything that waits (a call, a timer, a message, a person) is an event with an instant; one event happens at
 * a time, the earliest first, and everything it sets free runs until all wait again. No real time passes.
 *
 * *Bounds*: `stepsMax` events, after which {@link Scheduler.runUntil} throws: a hub that never rests is a finding.
 */
export class Scheduler {
  now: number;
  #steps = 0;
  #hash = 0;
  #serial = 0;
  #heap: ScheduledEvent[] = [];
  readonly #stepsMax: number;
  /** The last lines of the trace, for a failure's report; kept when asked for. */
  readonly lines: string[] | undefined;

  constructor(options: { readonly now: number; readonly stepsMax: number; readonly keepsLines: boolean }) {
    this.now = options.now;
    this.#stepsMax = options.stepsMax;
    this.lines = options.keepsLines ? [] : undefined;
  }

  get trace(): Trace {
    return { steps: this.#steps, hash: this.#hash };
  }

  /** Plans an event; in the past means now. */
  at(at: number, label: string, act: () => void, owner?: Owner): ScheduledEvent {
    const event = { at: Math.max(at, this.now), serial: ++this.#serial, label, owner, act, isCancelled: false };
    this.#push(event);
    return event;
  }

  /** Holds up everything an owner waits for by `byMs`, as a machine that is frozen does. */
  delay(owner: Owner, byMs: number): void {
    const events = this.#heap;
    this.#heap = [];
    for (const event of events) {
      if (event.owner === owner) event.at += byMs;
      this.#push(event);
    }
  }

  /** When the next event is due; `undefined` when nothing waits. */
  nextAt(): number | undefined {
    this.#dropIdle();
    return this.#heap[0]?.at;
  }

  /** Lets things happen until `until` (ms) or until `isDone`; time stands at `until` then, or at the last event. */
  async runUntil(until: number, isDone: () => boolean = () => false): Promise<void> {
    while (!isDone()) {
      const at = this.nextAt();
      if (at === undefined || at > until) break;
      const event = this.#pop();
      if (event === undefined) break;
      this.#steps += 1;
      if (this.#steps > this.#stepsMax) throw new Error(`no rest after ${this.#stepsMax} steps`);
      this.now = Math.max(this.now, event.at);
      this.#note(event);
      event.act();
      await settled();
    }
    if (until !== Number.POSITIVE_INFINITY && !isDone()) this.now = Math.max(this.now, until);
  }

  #note({ label, owner }: ScheduledEvent): void {
    const line = `${this.now} ${owner?.name ?? '-'} ${label}`;
    this.#hash = (Math.imul(this.#hash, 31) + textHash(line)) >>> 0;
    this.lines?.push(line);
  }

  #dropIdle(): void {
    for (let first = this.#heap[0]; first?.isCancelled === true || first?.owner?.isDead === true; first = this.#heap[0])
      this.#pop();
  }

  #push(event: ScheduledEvent): void {
    const heap = this.#heap;
    let place = heap.push(event) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(event, heap[parent])) break;
      heap[place] = heap[parent] as ScheduledEvent;
      place = parent;
    }
    heap[place] = event;
  }

  #pop(): ScheduledEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (let child = 1; child < heap.length; child = 2 * place + 1) {
      const least = isBefore(heap[child + 1], heap[child]) ? child + 1 : child;
      if (!isBefore(heap[least], last)) break;
      heap[place] = heap[least] as ScheduledEvent;
      place = least;
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(a: ScheduledEvent | undefined, b: ScheduledEvent | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.serial < b.serial);
}

const immediate = globalThis.setImmediate;

/** Resolves when everything that could go on has gone on. Bodies of answers are read through streams, which take some turns. */
function settled(): Promise<void> {
  return new Promise((resolve) => immediate(resolve));
}
