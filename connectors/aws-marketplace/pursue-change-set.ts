import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import type { ChangeSetRow } from './answers.ts';
import { faultOfOpen, refusalOf } from './change-set-faults.ts';
import {
  describeChangeSet,
  listChangeSets,
  nameOf,
  OFFERED_TAG,
  TOLD_TAG,
  tagAsTold,
  type Undertaking,
} from './change-sets.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { readTags } from './read-entity.ts';

/** What the change sets of a purpose say. */
export interface Standing {
  /** The newest that succeeded. */
  readonly succeeded?: ChangeSetRow;
  /** The newest, if it ended without success; what a next attempt comes after. */
  readonly lastEnded?: ChangeSetRow;
  /** All, newest first. */
  readonly rows: readonly ChangeSetRow[];
  /** AWS's clock, ms; absent where it does not say. */
  readonly answeredAt?: number;
}

/**
 * Looks at the change sets of a purpose. *Faults*: `throttled` with code `CHANGE_SET_RUNNING` while one is under way. A state nobody
 * knows counts as under way, since it is better to wait than to offer twice; after an hour in it somebody is told, see {@link faultOfOpen}.
 */
export async function standingOf(
  call: Call<MarketplaceApi>,
  purpose: Pick<Undertaking, 'unifiedId' | 'purpose'>,
): Promise<Result<Standing>> {
  const listed = await listChangeSets(call, nameOf(purpose));
  if (!listed.ok) return listed;
  const { value: rows, answeredAt } = listed.value;
  const open = rows.find(({ Status }) => !ENDED.has(Status));
  if (open !== undefined) return { ok: false, fault: faultOfOpen(open, answeredAt) };
  const [newest] = rows;
  const succeeded = rows.find(({ Status }) => Status === 'SUCCEEDED');
  return succeed({
    rows,
    ...(answeredAt === undefined ? {} : { answeredAt }),
    ...(succeeded === undefined ? {} : { succeeded }),
    ...(newest === undefined ? {} : { lastEnded: newest }),
  });
}

const ENDED: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

/** How often in a row AWS may fail on its own side before a person is told. */
const serverFaultsMax = 3;

/**
 * Tells a failure once: `rejected` with AWS's errors if the newest attempt offered the very same and failed, and nobody was told yet.
 *
 * ```
 *   start ─▶ … FAILED ─▶ (next delivery) tell: tag the change set, answer `rejected`
 *                        (somebody retries, or changes the deal) start the next attempt
 * ```
 *
 * That it was told is noted at the change set itself, so that a retry by a person starts anew, whichever worker meets it. A crash
 * between the note and the answer makes one more attempt, which fails and is told. AWS's own faults are retried without a word
 * until there were three in a row. *Bounds*: three calls.
 */
export async function tellFailure(
  call: Call<MarketplaceApi>,
  { lastEnded, rows }: Standing,
  offered: string,
): Promise<Result<undefined>> {
  if (lastEnded === undefined || lastEnded.Status === 'SUCCEEDED') return succeed(undefined);
  const firstOther = rows.findIndex(({ FailureCode }) => FailureCode !== 'SERVER_FAULT');
  const faultsInARow = firstOther === -1 ? rows.length : firstOther;
  if (faultsInARow > 0 && faultsInARow < serverFaultsMax) return succeed(undefined);
  const arn = lastEnded.ChangeSetArn;
  const tags = arn
    ? await readTags(call, arn)
    : succeed<ReadonlyMap<string, string>>(new Map([[OFFERED_TAG, offered]]));
  if (!tags.ok) return tags;
  if (tags.value.has(TOLD_TAG) || tags.value.get(OFFERED_TAG) !== offered) return succeed(undefined);
  const described = await describeChangeSet(call, lastEnded.ChangeSetId);
  if (!described.ok) return described;
  if (arn) {
    const noted = await tagAsTold(call, arn);
    if (!noted.ok) return noted;
  }
  return { ok: false, fault: refusalOf(described.value.value) };
}
