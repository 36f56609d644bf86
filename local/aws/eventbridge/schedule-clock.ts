import type { Schedule } from './schedule-expression.ts';

/** A schedule the clock watches. */
export interface WatchedSchedule {
  readonly name: string;
  readonly schedule: Schedule;
  /** Rates of EventBridge Scheduler fire at once when they are new; rates of rules wait one interval first. */
  readonly firesWhenNew: boolean;
  fire(at: number): void;
}

/** Remembers between two starts when schedules began and last fired, in milliseconds since the epoch. */
export interface ScheduleMemory {
  get(name: string): { readonly anchor: number; readonly lastAt: number } | undefined;
  set(name: string, times: { readonly anchor: number; readonly lastAt: number }): void;
}

/** What the clock needs of the world, so that tests decide what time it is. */
export interface ScheduleClockOptions {
  readonly memory: ScheduleMemory;
  readonly now: () => number;
  /** Calls back after a time and answers how to forget it. */
  readonly setTimer: (callback: () => void, ms: number) => () => void;
}

/** Fires schedules when their time comes. */
export interface ScheduleClock {
  /** Adds a schedule, or replaces the one of the same name. */
  watch(schedule: WatchedSchedule): void;
  forget(name: string): void;
  /** Begins to fire; until then schedules are only taken down, so that none fires before its targets are there. */
  start(): void;
  close(): void;
}

/** The clock looks at least this often: timers of Node take no more than 24 days, and a laptop may have slept. */
const LOOK_MS_MAX = 60_000;

/**
 * A clock for schedules.
 *
 * A time that passed while the hub was stopped fires once at the next start, however many passed: what is scheduled here
 * are sweeps, which read everything since their cursor.
 */
export function createScheduleClock(options: ScheduleClockOptions): ScheduleClock {
  const watched = new Map<string, { readonly schedule: WatchedSchedule; nextAt: number | undefined }>();
  let cancel: (() => void) | undefined;
  let isStarted = false;

  const look = (): void => {
    cancel?.();
    const now = options.now();
    for (const entry of watched.values()) {
      if (entry.nextAt === undefined || entry.nextAt > now) continue;
      const { name, schedule } = entry.schedule;
      const anchor = options.memory.get(name)?.anchor ?? now;
      entry.nextAt = schedule.next(now, anchor);
      // Remembered afterwards: who is killed in between fires twice, and not never. The walk of a night has no second tick.
      entry.schedule.fire(now);
      options.memory.set(name, { anchor, lastAt: now });
    }
    const nextAt = Math.min(...[...watched.values()].map((entry) => entry.nextAt ?? Number.POSITIVE_INFINITY));
    cancel = watched.size === 0 ? undefined : options.setTimer(look, Math.min(LOOK_MS_MAX, Math.max(1, nextAt - now)));
  };

  return {
    watch(schedule) {
      const now = options.now();
      const known = options.memory.get(schedule.name);
      const anchor = known?.anchor ?? now;
      const isDueAtOnce = known === undefined && schedule.firesWhenNew && schedule.schedule.kind === 'rate';
      if (known === undefined) options.memory.set(schedule.name, { anchor, lastAt: now });
      watched.set(schedule.name, {
        schedule,
        nextAt: isDueAtOnce ? now : schedule.schedule.next(known?.lastAt ?? now, anchor),
      });
      if (isStarted) look();
    },
    forget: (name) => void watched.delete(name),
    start() {
      isStarted = true;
      look();
    },
    close() {
      watched.clear();
      cancel?.();
    },
  };
}
