import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import { chunk } from '../kit/chunk.ts';
import type { Call } from '../kit/connector.ts';
import type { RecordAnswer } from './answers.ts';
import type { HubspotApi } from './api.ts';
import { lineItemProperties, lineItemType } from './line-items.ts';
import { objectTypes } from './object-types.ts';
import { readAssociations } from './read-associations.ts';
import { readBatch } from './read-batch.ts';

/** The line items of deals. */
export interface LineItemsOf {
  readonly items: ReadonlyMap<string, readonly RecordAnswer[]>;
  /** Deals whose line items are not known, and why. */
  readonly faults: ReadonlyMap<string, Fault>;
  /** The app may not see line items: nothing is known of any deal's. */
  readonly isHidden: boolean;
}

const HIDDEN: LineItemsOf = { items: new Map(), faults: new Map(), isHidden: true };

/**
 * Reads the line items of deals: one call to know which there are, and one for each 100 of them.
 *
 * An app without the scope for line items does not see any, which stops nothing else. Such a refusal comes with every call, so it is
 * remembered for the session and not asked for again.
 */
export async function readLineItems(call: Call<HubspotApi>, dealIds: readonly string[]): Promise<Result<LineItemsOf>> {
  if (dealIds.length === 0) return succeed({ ...HIDDEN, isHidden: false });
  const linked = await readAssociations(call, objectTypes.deal, lineItemType, dealIds);
  if (!linked.ok) return isHiddenFrom(linked.fault) ? succeed(HIDDEN) : linked;
  const faults = new Map<string, Fault>();
  const idsOf = new Map<string, readonly string[]>();
  for (const [dealId, associated] of linked.value) {
    if (associated.ok) idsOf.set(dealId, [...new Set(associated.value.map(({ id }) => id))]);
    else faults.set(dealId, associated.fault);
  }
  const records = new Map<string, RecordAnswer>();
  const refused = new Map<string, Fault>();
  for (const ids of chunk([...new Set([...idsOf.values()].flat())], batchMax)) {
    const found = await readBatch(call, lineItemType, ids, lineItemProperties, 'live');
    if (!found.ok) return isHiddenFrom(found.fault) ? succeed(HIDDEN) : found;
    for (const [id, record] of found.value.found) records.set(id, record);
    for (const [id, fault] of found.value.refused) refused.set(id, fault);
  }
  const items = new Map<string, readonly RecordAnswer[]>();
  for (const [dealId, ids] of idsOf) {
    const fault = ids.map((id) => refused.get(id)).find((each) => each !== undefined);
    if (fault !== undefined) faults.set(dealId, fault);
    // One that is not found was archived a moment ago, and is none any more.
    else
      items.set(
        dealId,
        ids.flatMap((id) => records.get(id) ?? []),
      );
  }
  return succeed({ items, faults, isHidden: false });
}

/** Whether HubSpot refuses line items to the app altogether. */
export function isHiddenFrom({ kind, code }: Fault): boolean {
  return kind === 'credential' && (code === 'MISSING_SCOPES' || code === 'FORBIDDEN');
}

const batchMax = 100;
