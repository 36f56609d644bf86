import type { ExternalRef } from '../../model/external-ref.ts';
import type { Effects } from '../effects.ts';
import type { Bundle } from '../ports.ts';
import { buryAgain, isBuried, isItsRef } from '../tombstone.ts';
import type { RecordEnd } from './absorb-record.ts';
import type { ReceivedNotice } from './notice-slices.ts';

/**
 * Picks out what was part of an erased record, by external id: it is not even read. Whoever may have begun before the record was
 * erased has it looked at whether anything was left there.
 */
export function passBuried(
  refs: readonly ExternalRef[],
  bundles: ReadonlyMap<string, Bundle>,
  context: {
    readonly byId: ReadonlyMap<string, ReceivedNotice>;
    readonly effects: Effects;
    /** Not the first pass over these records. */
    readonly isAgain: boolean;
  },
): Map<string, RecordEnd> {
  const ends = new Map<string, RecordEnd>();
  for (const ref of refs) {
    const bundle = bundles.get(ref.externalId);
    if (!isBuried(bundle) || !isItsRef(bundle, ref)) continue;
    const received = context.byId.get(ref.externalId);
    const isLate = context.isAgain || received?.isRepeated === true || received?.notice.reason === 'retry';
    buryAgain(bundle, isLate ? ref : undefined, context.effects);
    ends.set(ref.externalId, { end: 'ignored', reason: 'erased' });
  }
  return ends;
}
