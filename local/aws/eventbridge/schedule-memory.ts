import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ScheduleMemory } from './schedule-clock.ts';

/** Keeps the times of schedules in a small JSON file, replaced as a whole at every change. */
export function openScheduleMemory(path: string): ScheduleMemory {
  // The file is written below and nowhere else.
  const times = new Map(
    Object.entries(
      existsSync(path)
        ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, { anchor: number; lastAt: number }>)
        : {},
    ),
  );
  return {
    get: (name) => times.get(name),
    set(name, value) {
      times.set(name, { anchor: value.anchor, lastAt: value.lastAt });
      writeFileSync(`${path}.new`, JSON.stringify(Object.fromEntries(times)));
      renameSync(`${path}.new`, path);
    },
  };
}
