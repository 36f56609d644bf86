/** Calls of one route: how many ended with which status, and how many records they carried. */
export interface RouteCalls {
  readonly calls: number;
  /** Records named in the requests of this route: a batch of 100 counts 1 call and 100 records. */
  readonly records: number;
  /** Status code → calls. A connection that was cut instead of answered counts under `cut`. */
  readonly byStatus: Readonly<Record<string, number>>;
}

export interface CallStatistics {
  readonly calls: number;
  readonly records: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byRoute: Readonly<Record<string, RouteCalls>>;
}

/**
 * Counts the calls a simulator answered, by route and status.
 * Routes are patterns (`POST /crm/v3/objects/companies/batch/read`), never addresses with ids in them, so the number of
 * routes is bounded by the simulator's own table of routes.
 */
export class CallCounter {
  readonly #routes = new Map<string, { calls: number; records: number; byStatus: Map<string, number> }>();

  count(route: string, status: number | 'cut', records = 0): void {
    let entry = this.#routes.get(route);
    if (entry === undefined) {
      entry = { calls: 0, records: 0, byStatus: new Map() };
      this.#routes.set(route, entry);
    }
    entry.calls += 1;
    entry.records += records;
    const key = String(status);
    entry.byStatus.set(key, (entry.byStatus.get(key) ?? 0) + 1);
  }

  statistics(): CallStatistics {
    const byRoute: Record<string, RouteCalls> = {};
    const byStatus: Record<string, number> = {};
    let calls = 0;
    let records = 0;
    for (const [route, entry] of [...this.#routes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      calls += entry.calls;
      records += entry.records;
      for (const [status, count] of entry.byStatus) byStatus[status] = (byStatus[status] ?? 0) + count;
      byRoute[route] = { calls: entry.calls, records: entry.records, byStatus: Object.fromEntries(entry.byStatus) };
    }
    return { calls, records, byStatus, byRoute };
  }

  reset(): void {
    this.#routes.clear();
  }
}
