import * as z from 'zod';
import { shortHash } from '../../domain/model/short-hash.ts';

/** A row as a sweep finds it. */
export interface FoundRow {
  readonly id: string;
  /** Change time, ms. */
  readonly at: number;
}

/** Rows a sweep has told of and will read again, as it is kept in a cursor: marks of eight characters, one after the other, by the minute of the change time. */
export type ToldRowsMemory = Readonly<Record<string, string>>;

/** Reads a stored memory; what is not understood is forgotten, and then told of again. */
export const toldRowsMemory: z.ZodType<ToldRowsMemory> = z
  .record(z.string().regex(/^\d+$/), z.string().regex(/^(?:[\w-]{8})+$/))
  .catch({});

/** Rows a sweep has told of and will read again, because one pass begins before the pass before it did. */
export interface ToldRows {
  has(row: FoundRow): boolean;
  /** Forgets the minutes of which no instant need be known any longer. */
  keep(isKept: (fromMs: number, toMs: number) => boolean): void;
  add(row: FoundRow): void;
  memory(): ToldRowsMemory;
}

/**
 * Opens a memory.
 *
 * *Bounds*: remembers 8,000 rows, about 64 KB; what does not fit is not known, so it is told of each time it is read. A row is
 * known by 48 bits: with as many rows as fit, one in ten billion changes is taken for another and waits for the slow walk.
 */
export function openToldRows(memory: ToldRowsMemory): ToldRows {
  const minutes = new Map(Object.entries(memory).map(([minute, marks]) => [minute, new Set(marks.match(/.{8}/g))]));
  const sizes = (): number => [...minutes.values()].reduce((sum, marks) => sum + marks.size, 0);
  let room = marksMax - sizes();
  return {
    has: (row) => minutes.get(minuteOf(row))?.has(markOf(row)) === true,
    keep(isKept) {
      for (const minute of minutes.keys()) {
        const from = Number(minute) * minuteMs;
        if (!isKept(from, from + minuteMs)) minutes.delete(minute);
      }
      room = marksMax - sizes();
    },
    add(row) {
      if (room <= 0) return;
      const known = minutes.get(minuteOf(row)) ?? new Set();
      minutes.set(minuteOf(row), known.add(markOf(row)));
      room -= 1;
    },
    memory: () => Object.fromEntries([...minutes].map(([minute, marks]) => [minute, [...marks].join('')])),
  };
}

const minuteMs = 60_000;
const markLength = 8;
const marksMax = 8_000;

function minuteOf({ at }: FoundRow): string {
  return String(Math.floor(at / minuteMs));
}

function markOf({ id, at }: FoundRow): string {
  return shortHash(`${id}@${at}`).slice(0, markLength);
}
