import { matchKeys } from '../../identity/match-keys.ts';
import type { ExternalRef } from '../../model/external-ref.ts';
import type { Values } from '../../model/value.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Effects } from '../effects.ts';
import type { Hub } from '../ports.ts';
import { type BuriedBundle, buryAgain } from '../tombstone.ts';
import { leaveKeys } from './erasure-keys.ts';

/**
 * For whoever was identifying a record while it was erased: takes it off the keys it may have been entered under meanwhile, which
 * are made of its values, and asks for the erasure to go on with what was noted of them.
 *
 * *Units*: a read of up to 36 keys, and a write for each that it is found under.
 */
export async function leaveAgain(
  hub: Hub,
  bundle: BuriedBundle,
  ref: ExternalRef,
  values: Values,
  effects: Effects,
): Promise<void> {
  const { kind, id } = bundle;
  const { strong, weak } = matchKeys(kind, values, vocabularyOf(hub, kind));
  const texts = [...strong, ...weak].map(({ type, value }) => `${type}:${value}`);
  // Who is entered at the same moment is not waited for: the erasure goes on and finds what is left by its notes.
  await leaveKeys(hub, kind, texts, new Set([id]));
  buryAgain(bundle, ref, effects);
}
