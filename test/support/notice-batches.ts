import { succeed } from '../../domain/model/fault.ts';
import type { Notice } from '../../domain/model/notice.ts';
import type { ReadOutcome } from '../../domain/model/snapshot.ts';
import { type AbsorbReport, absorbNotices } from '../../domain/pipeline/absorb/absorb-notices.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';
import { type SmallHub, withPort } from './small-hub.ts';

/** A notice about `one`'s records. */
export function notice(ids: readonly string[], change: Partial<Notice> = {}): Notice {
  return {
    schema: 1,
    connection: 'one',
    object: 'thing',
    ids,
    reason: 'webhook',
    attempts: 0,
    correlationId: 'c',
    ...change,
  };
}

/** Absorbs notices received for the first time, as one batch. */
export function absorb(hub: Hub, ...notices: readonly Notice[]): Promise<AbsorbReport> {
  return absorbNotices(
    hub,
    notices.map((each) => ({ notice: each, isRepeated: false })),
  );
}

/** Makes records in `one`, and answers their ids. */
export function createAll(small: SmallHub, count: number, values: (index: number) => Record<string, string>): string[] {
  return Array.from({ length: count }, (_, index) => small.systems.one?.create(values(index)) ?? '');
}

/** A hub whose `one` answers reads so, noting which ids were asked for. */
export function reading(hub: Hub, answer: (id: string) => ReadOutcome | undefined, asked: string[][] = []): Hub {
  return withPort(hub, 'one', ({ read }) => ({
    read: async (object, ids, fields) => {
      asked.push([...ids]);
      const plain = await read(object, ids, fields);
      if (!plain.ok) return plain;
      return succeed(plain.value.map((outcome, index) => answer(ids[index] ?? '') ?? outcome));
    },
  }));
}

/** Notices that wait, each with the time it can be seen from. */
export function waitingNotices({ outbox }: SmallHub): readonly (Notice & { readonly visibleAt: number })[] {
  return outbox.waiting.notices.map(({ message, visibleAt }) => ({ ...message, visibleAt }));
}
