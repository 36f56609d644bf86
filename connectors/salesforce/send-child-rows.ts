import type { Fault } from '../../domain/model/fault.ts';
import { chunk } from '../kit/chunk.ts';
import type { Call } from '../kit/connector.ts';
import type { Row } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type RowsRequest, sendRows } from './send-rows.ts';

/** A row below a record to be written or deleted. */
export interface ChildChange {
  /** The record's place in its batch. */
  readonly index: number;
  readonly row: Row;
}

/** Faults by the record's place in its batch: the first one of each. */
export type ChildFaults = Map<number, Fault>;

/** The requests that delete, create and update rows of one object. */
export function childRequests(object: string): Readonly<Record<'delete' | 'create' | 'update', RowsRequest>> {
  return {
    delete: {
      route: `${object}.delete`,
      isRepeatable: true,
      of: (rows) => ({
        method: 'DELETE',
        path: `/composite/sobjects?ids=${rows.map((row) => String(row.id)).join(',')}`,
      }),
    },
    create: {
      route: `${object}.create`,
      // Nothing keeps such a row unique: after a lost answer the next delivery reads what is there before it adds.
      isRepeatable: false,
      of: (records) => ({ method: 'POST', path: '/composite/sobjects', body: { allOrNone: false, records } }),
    },
    update: {
      route: `${object}.update`,
      isRepeatable: true,
      of: (records) => ({ method: 'PATCH', path: '/composite/sobjects', body: { allOrNone: false, records } }),
    },
  };
}

/**
 * Sends rows below records that have no fault yet, and notes the faults of those that fail. A row to delete that is gone already
 * is done. *Bounds*: one call for 200 rows as a rule.
 */
export async function sendChildRows(
  call: Call<SalesforceApi>,
  request: RowsRequest,
  changes: readonly ChildChange[],
  faults: ChildFaults,
  toFault: (fault: Fault) => Fault,
): Promise<void> {
  const open = changes.filter(({ index }) => !faults.has(index));
  for (const piece of chunk(open, rowsMax)) {
    const rows = piece.map(({ row }) => row);
    const results = await sendRows(call, request, rows);
    for (const [at, { index }] of piece.entries()) {
      const result = results[at];
      const isGone =
        result?.ok === false && result.fault.code === 'ENTITY_IS_DELETED' && request.route.endsWith('.delete');
      if (result === undefined || result.ok || isGone) continue;
      faults.set(index, faults.get(index) ?? toFault(result.fault));
    }
  }
}

const rowsMax = 200;
