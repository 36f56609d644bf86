import { type Notice, workOf } from '../../model/notice.ts';

/** A notice as it came from the queue. */
export interface ReceivedNotice {
  readonly notice: Notice;
  /** The queue has delivered this message before. */
  readonly isRepeated: boolean;
}

/** Records one slice of a batch may name: two full reads of most systems. */
const SLICE_IDS_MAX = 200;

/**
 * Whole notices in slices, what somebody waits for before what the hub goes through by itself. *Bounds*: a slice names at most
 * 200 records, or is one notice that names more.
 */
export function slicesOf(received: readonly ReceivedNotice[]): ReceivedNotice[][] {
  const slices: ReceivedNotice[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const each of received.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    size += each.notice.ids.length;
    if (size > SLICE_IDS_MAX) {
      slices.push([]);
      size = each.notice.ids.length;
    }
    slices.at(-1)?.push(each);
  }
  return slices;
}

function rankOf({ notice }: ReceivedNotice): number {
  return workOf(notice) === 'live' ? 0 : 1;
}
