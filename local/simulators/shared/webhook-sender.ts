/** One POST about to be sent. Built anew for every attempt, because vendors sign and stamp each attempt by itself. */
export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WebhookSenderOptions<Event> {
  /** The post that carries these events, or `undefined` when there is no target any more (they are dropped). */
  readonly post: (events: readonly Event[], attempt: number) => WebhookPost | undefined;
  /** Whether the target took it. Default: any 2xx. */
  readonly isTaken?: (status: number, body: string) => boolean;
  /** Events with different keys never share a post. Default: all may. */
  readonly batchKey?: (event: Event) => string;
  /** Default 100. */
  readonly batchSizeMax?: number;
  /** How long the first event of a batch waits for company, in ms. Default 20. */
  readonly lingerMs?: number;
  /** Posts in flight at once. Default 10. */
  readonly concurrencyMax?: number;
  /** Events waiting; more are refused and counted as `overflowed`. Default 100,000. */
  readonly queueLengthMax?: number;
  /** Tries in all, the first included. Default 10. */
  readonly attemptsMax?: number;
  /** Wait before the given attempt (2, 3, …), in ms. Default: 500 doubling to 30,000. */
  readonly backOffMs?: (attempt: number) => number;
  /** A target that has not answered by then counts as failed. Default 5,000 ms. */
  readonly timeoutMs?: number;
}

/** Applies to every `every`-th event (1 = each), at most `count` times when a count is given. Deterministic. */
export interface MisbehaviourRule {
  readonly every: number;
  readonly count?: number;
}

/**
 * What goes wrong on the way, on demand.
 * - `drop`: the event is never sent.
 * - `duplicate`: the event is sent twice, the second time in a later batch.
 * - `reorder`: the event is sent after the one that follows it.
 */
export interface WebhookMisbehaviour {
  readonly drop?: MisbehaviourRule | undefined;
  readonly duplicate?: MisbehaviourRule | undefined;
  readonly reorder?: MisbehaviourRule | undefined;
}

/** Counted in events, but for `posts` and `failedPosts`. */
export interface WebhookStatistics {
  readonly queued: number;
  readonly taken: number;
  readonly dropped: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly overflowed: number;
  /** Given up after the last attempt. */
  readonly abandoned: number;
  readonly waiting: number;
  readonly posts: number;
  readonly failedPosts: number;
}

/**
 * Sends events to a webhook target the way vendors do: batched, several at once, again after a failure, and not in a
 * promised order.
 *
 * *Bounds*: queue, batch, concurrency, attempts and waits are all options with defaults. *Faults*: none are thrown;
 * what could not be delivered is in the statistics. The queue lives in memory: a killed simulator forgets what it had
 * not sent, as webhooks are best effort with every vendor.
 */
export class WebhookSender<Event> {
  readonly #options: Required<WebhookSenderOptions<Event>>;
  readonly #queue: Event[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #aborter = new AbortController();
  #lingering = false;
  #heldBack: Event[] = [];
  #late: Event[] = [];
  /** Posts that failed, waited, and are due again; they go before anything new. */
  #repeats: { events: readonly Event[]; attempt: number }[] = [];
  #inFlight = 0;
  #backingOff = 0;
  #idleWaiters: (() => void)[] = [];
  #paused = false;
  #closed = false;
  #misbehaviour: { drop: Misbehaviour; duplicate: Misbehaviour; reorder: Misbehaviour } = well();
  readonly #counts = {
    queued: 0,
    taken: 0,
    dropped: 0,
    duplicated: 0,
    reordered: 0,
    overflowed: 0,
    abandoned: 0,
    posts: 0,
    failedPosts: 0,
  };

  constructor(options: WebhookSenderOptions<Event>) {
    this.#options = {
      isTaken: (status) => status >= 200 && status < 300,
      batchKey: () => '',
      batchSizeMax: 100,
      lingerMs: 20,
      concurrencyMax: 10,
      queueLengthMax: 100_000,
      attemptsMax: 10,
      backOffMs: (attempt) => Math.min(500 * 2 ** (attempt - 2), 30_000),
      timeoutMs: 5_000,
      ...options,
    };
  }

  /** Queues the events; returns at once. */
  send(events: readonly Event[]): void {
    if (this.#closed) return;
    for (const event of events) this.#enqueue(event);
    this.#lingerThenFlush();
  }

  /** Sets what goes wrong from now on; what is left out goes right again. */
  misbehave(misbehaviour: WebhookMisbehaviour): void {
    this.#misbehaviour = {
      drop: new Misbehaviour(misbehaviour.drop),
      duplicate: new Misbehaviour(misbehaviour.duplicate),
      reorder: new Misbehaviour(misbehaviour.reorder),
    };
  }

  /** Holds everything back (the queue keeps filling) until `resume`. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#lingerThenFlush();
  }

  /** Resolves when nothing waits, nothing is in flight and no repetition is due; never while paused with a queue. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  statistics(): WebhookStatistics {
    return { ...this.#counts, waiting: this.#waiting() };
  }

  /** Forgets what waits, aborts what is in flight, and sends nothing more. */
  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    this.#heldBack = [];
    this.#late = [];
    this.#repeats = [];
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#backingOff = 0;
    this.#aborter.abort();
    this.#settleIdle();
  }

  #enqueue(event: Event): void {
    if (this.#waiting() >= this.#options.queueLengthMax) {
      this.#counts.overflowed += 1;
      return;
    }
    this.#counts.queued += 1;
    if (this.#misbehaviour.drop.isDue()) {
      this.#counts.dropped += 1;
      return;
    }
    if (this.#misbehaviour.duplicate.isDue()) {
      this.#counts.duplicated += 1;
      this.#late.push(event);
    }
    if (this.#misbehaviour.reorder.isDue()) {
      this.#counts.reordered += 1;
      this.#heldBack.push(event);
      return;
    }
    this.#queue.push(event);
    this.#queue.push(...this.#heldBack.splice(0));
  }

  #lingerThenFlush(): void {
    if (this.#lingering || this.#paused || this.#closed) return;
    this.#lingering = true;
    this.#after(this.#options.lingerMs, () => {
      this.#lingering = false;
      // An event that waited for a follower in vain is sent all the same: late is a misbehaviour, lost is another one.
      this.#queue.push(...this.#heldBack.splice(0));
      this.#flush();
    });
  }

  #flush(): void {
    while (!this.#paused && !this.#closed && this.#inFlight < this.#options.concurrencyMax) {
      const repeat = this.#repeats.shift();
      if (repeat !== undefined) {
        this.#deliver(repeat.events, repeat.attempt);
        continue;
      }
      if (this.#queue.length === 0) this.#queue.push(...this.#late.splice(0));
      if (this.#queue.length === 0) break;
      this.#deliver(this.#takeBatch(), 1);
    }
    this.#settleIdle();
  }

  #takeBatch(): Event[] {
    const { batchKey, batchSizeMax } = this.#options;
    const [first] = this.#queue;
    if (first === undefined) return [];
    const key = batchKey(first);
    let length = 1;
    while (length < Math.min(batchSizeMax, this.#queue.length)) {
      const next = this.#queue[length];
      if (next === undefined || batchKey(next) !== key) break;
      length += 1;
    }
    return this.#queue.splice(0, length);
  }

  #deliver(events: readonly Event[], attempt: number): void {
    const post = this.#options.post(events, attempt);
    if (post === undefined) {
      this.#counts.dropped += events.length;
      return;
    }
    this.#inFlight += 1;
    this.#counts.posts += 1;
    this.#isPostTaken(post).then((isTaken) => {
      this.#inFlight -= 1;
      if (this.#closed) return;
      if (isTaken) this.#counts.taken += events.length;
      else this.#deliverAgain(events, attempt + 1);
      this.#flush();
    });
  }

  #deliverAgain(events: readonly Event[], attempt: number): void {
    this.#counts.failedPosts += 1;
    if (attempt > this.#options.attemptsMax) {
      this.#counts.abandoned += events.length;
      return;
    }
    this.#backingOff += 1;
    this.#after(this.#options.backOffMs(attempt), () => {
      this.#backingOff -= 1;
      this.#repeats.push({ events, attempt });
      this.#flush();
    });
  }

  async #isPostTaken(post: WebhookPost): Promise<boolean> {
    try {
      const answer = await fetch(post.url, {
        method: 'POST',
        headers: post.headers,
        body: post.body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#aborter.signal, AbortSignal.timeout(this.#options.timeoutMs)]),
      });
      return this.#options.isTaken(answer.status, await answer.text());
    } catch {
      // fetch says by an exception that nobody answered; for a sender that is one more reason to try again.
      return false;
    }
  }

  #after(delayMs: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, delayMs);
    this.#timers.add(timer);
  }

  #waiting(): number {
    return this.#queue.length + this.#heldBack.length + this.#late.length;
  }

  #isIdle(): boolean {
    return this.#waiting() === 0 && this.#inFlight === 0 && this.#backingOff === 0 && this.#repeats.length === 0;
  }

  #settleIdle(): void {
    if (!this.#closed && !this.#isIdle()) return;
    for (const settle of this.#idleWaiters.splice(0)) settle();
  }
}

/** Says of each event in turn whether a rule meets it. */
export class Misbehaviour {
  #seen = 0;
  #left: number;
  readonly #every: number;

  constructor(rule: MisbehaviourRule | undefined) {
    this.#every = rule?.every ?? 0;
    this.#left = rule === undefined ? 0 : (rule.count ?? Number.POSITIVE_INFINITY);
  }

  isDue(): boolean {
    if (this.#left <= 0 || this.#every <= 0) return false;
    this.#seen += 1;
    if (this.#seen % this.#every !== 0) return false;
    this.#left -= 1;
    return true;
  }
}

function well(): { drop: Misbehaviour; duplicate: Misbehaviour; reorder: Misbehaviour } {
  return {
    drop: new Misbehaviour(undefined),
    duplicate: new Misbehaviour(undefined),
    reorder: new Misbehaviour(undefined),
  };
}
