import { absorbNotices } from '../../domain/pipeline/absorb/absorb-notices.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';
import { interruptedHub } from './interrupted-hub.ts';
import type { SmallHub } from './small-hub.ts';

/** What a worker has received. */
export type Received = Parameters<typeof absorbNotices>[1];

/** Takes whatever is on the inbound queue, as a worker receives it for the first time. */
export function received({ outbox }: SmallHub): Received {
  return outbox.takeNotices().map((notice) => ({ notice, isRepeated: false }));
}

/**
 * One worker stops before its `first` call until another one has come to its `second`; that one goes on when the first is done. `false`: one of
 * them makes no so many calls.
 */
export async function meetAtOnce(
  hub: Hub,
  [ofOne, ofOther]: readonly [Received, Received],
  calls: { readonly first: number; readonly second: number },
): Promise<boolean> {
  const met = Promise.withResolvers<boolean>();
  const done = Promise.withResolvers<void>();
  const other = interruptedHub(hub, async (call) => {
    if (call !== calls.second) return;
    met.resolve(true);
    await done.promise;
  });
  let atWork: Promise<void> | undefined;
  const one = interruptedHub(hub, async (call) => {
    if (call !== calls.first) return;
    atWork = absorbNotices(other, ofOther).then(() => met.resolve(false));
    await met.promise;
  });
  await absorbNotices(one, ofOne);
  done.resolve();
  await atWork;
  return atWork !== undefined && (await met.promise);
}

/** More calls than taking in a record takes. */
const CALLS_MAX = 150;

/** Has two workers meet at every pair of their calls, each time in a new world. Answers how many pairs there were. */
export async function meetEverywhere(
  act: (meet: (hub: Hub, both: readonly [Received, Received]) => Promise<boolean>, moment: string) => Promise<boolean>,
): Promise<number> {
  let moments = 0;
  for (let first = 1; first < CALLS_MAX; first++) {
    const before = moments;
    for (let second = 1; second < CALLS_MAX; second++) {
      const calls = { first, second };
      if (!(await act((hub, both) => meetAtOnce(hub, both, calls), `calls ${first} and ${second}`))) break;
      moments += 1;
    }
    if (moments === before) break;
  }
  return moments;
}
