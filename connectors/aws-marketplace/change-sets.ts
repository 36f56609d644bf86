import {
  type Change,
  DescribeChangeSetCommand,
  ListChangeSetsCommand,
  StartChangeSetCommand,
  TagResourceCommand,
} from '@aws-sdk/client-marketplace-catalog';
import { type Result, succeed } from '../../domain/model/fault.ts';
import { shortHash } from '../../domain/model/short-hash.ts';
import type { Call } from '../kit/connector.ts';
import {
  type ChangeSetAnswer,
  type ChangeSetRow,
  changeSet,
  changeSetRows,
  nothing,
  startedChangeSet,
} from './answers.ts';
import { ask, type Told } from './ask.ts';
import { CATALOG, HUB_TAG } from './catalog.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import type { Eula } from './offer-changes.ts';

/** A change set the hub wants carried out. */
export interface Undertaking {
  /** The hub's id of the deal. */
  readonly unifiedId: string;
  /** The same for every attempt at one thing, whatever is offered: it is by its name that a change set is found again. */
  readonly purpose: 'offer' | 'update';
  readonly changes: (eula: Eula) => readonly Change[];
  /** A hash of what is offered; tells the failure of this from the failure of something offered before. */
  readonly offered: string;
}

/** The tag that holds the hash of what a change set offers. */
export const OFFERED_TAG = 'tributary:offered';
/** The tag that notes that a change set's failure was told to a person. */
export const TOLD_TAG = 'tributary:told';

/** The name of every change set for one purpose of one deal. *Bounds*: 100 characters of `\w\s+=.:@-`. */
export function nameOf({ unifiedId, purpose }: Pick<Undertaking, 'unifiedId' | 'purpose'>): string {
  return `tributary ${purpose} ${unifiedId}`;
}

/**
 * The client token of the next attempt: made of the deal and of the attempt that ended last, and of nothing else.
 *
 * Two workers that see the same history send the same token, whatever each wants to offer, so AWS starts one change set. *Bounds*: 64
 * printable characters.
 */
export function tokenOf({ unifiedId, purpose }: Undertaking, lastEnded: ChangeSetRow | undefined): string {
  return `${purpose}.${unifiedId}.${shortHash(lastEnded?.ChangeSetId ?? 'first')}`;
}

/** The newest change sets of that name, newest first; at most twenty, which is more attempts than anybody makes in AWS's sixty days. */
export async function listChangeSets(
  call: Call<MarketplaceApi>,
  name: string,
): Promise<Result<Told<readonly ChangeSetRow[]>>> {
  const told = await ask(call, 'ListChangeSets', changeSetRows, (api, signal) =>
    api.catalog(
      new ListChangeSetsCommand({
        Catalog: CATALOG,
        FilterList: [{ Name: 'ChangeSetName', ValueList: [name] }],
        Sort: { SortBy: 'StartTime', SortOrder: 'DESCENDING' },
        MaxResults: 20,
      }),
      signal,
    ),
  );
  if (!told.ok) return told;
  const rows = told.value.value.ChangeSetSummaryList.filter((row) => row.ChangeSetName === name);
  // Stamps are in whole seconds: where two are equal, every worker must still find the same one first.
  return succeed({ ...told.value, value: rows.toSorted((a, b) => compare(startKey(b), startKey(a))) });
}

/** Reads what became of a change set. */
export function describeChangeSet(call: Call<MarketplaceApi>, id: string): Promise<Result<Told<ChangeSetAnswer>>> {
  return ask(call, 'DescribeChangeSet', changeSet, (api, signal) =>
    api.catalog(new DescribeChangeSetCommand({ Catalog: CATALOG, ChangeSetId: id }), signal),
  );
}

/** Starts a change set, or finds that the token started one before; AWS answers the same either way. */
export async function startChangeSet(
  call: Call<MarketplaceApi>,
  undertaking: Undertaking,
  lastEnded: ChangeSetRow | undefined,
): Promise<Result<string>> {
  const told = await ask(call, 'StartChangeSet', startedChangeSet, (api, signal) =>
    api.catalog(
      new StartChangeSetCommand({
        Catalog: CATALOG,
        ChangeSet: [...undertaking.changes(api.eula)],
        ChangeSetName: nameOf(undertaking),
        ClientRequestToken: tokenOf(undertaking, lastEnded),
        ChangeSetTags: [
          { Key: HUB_TAG, Value: undertaking.unifiedId },
          { Key: OFFERED_TAG, Value: undertaking.offered },
        ],
      }),
      signal,
    ),
  );
  return told.ok ? succeed(told.value.value.ChangeSetId) : told;
}

/** Notes at the change set that its failure was told. */
export async function tagAsTold(call: Call<MarketplaceApi>, arn: string): Promise<Result<unknown>> {
  return ask(call, 'TagResource', nothing, (api, signal) =>
    api.catalog(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: TOLD_TAG, Value: 'yes' }] }), signal),
  );
}

function startKey({ StartTime, ChangeSetId }: ChangeSetRow): string {
  return `${StartTime ?? ''} ${ChangeSetId}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
