import type { Fault } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { type Row, runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type ChildChange, type ChildFaults, childRequests, sendChildRows } from './send-child-rows.ts';
import { soql } from './soql.ts';
import { roleOf } from './standard-objects.ts';

/** The accounts that shall be partners of one opportunity in one role. */
export interface PartnersWrite {
  /** The item's place in its batch. */
  readonly index: number;
  readonly opportunityId: string;
  /** The field, which names the role. */
  readonly field: string;
  readonly wanted: readonly string[];
  /** What was read last; only partners in it are ever taken away. */
  readonly base: readonly string[];
}

/**
 * Brings the partners of opportunities to what is wanted, role by role, as differences: a partner somebody added meanwhile stays, and
 * so do partners in roles that are not mapped.
 *
 * `OpportunityPartner` rows can be made and deleted but not changed; Salesforce makes the account's side of each by itself. What is
 * there is read right before, because a row has no key that would keep a repeated create from making a second one. *Shape*: the
 * faults, by item; who is not in it is done. *Bounds*: at most 200 opportunities; one query, and one call for 200 rows to delete
 * and to create. *Source*:
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_opportunitypartner.htm
 */
export async function writePartners(call: Call<SalesforceApi>, writes: readonly PartnersWrite[]): Promise<ChildFaults> {
  const faults: ChildFaults = new Map();
  if (writes.length === 0) return faults;
  const fieldsOf = Map.groupBy(writes, ({ index }) => index);
  const toFault = (index: number, fault: Fault): Fault => ofPartners(fault, fieldsOf.get(index) ?? []);
  const ids = [...new Set(writes.map(({ opportunityId }) => opportunityId))];
  const current = await runQuery(
    call,
    { route: 'OpportunityPartner.read', withDeleted: false, rowsMax: partnersMax },
    () =>
      soql`SELECT Id, OpportunityId, AccountToId, Role FROM OpportunityPartner WHERE OpportunityId IN ${ids} LIMIT ${partnersMax}`,
  );
  if (!current.ok) return new Map(writes.map(({ index }) => [index, toFault(index, current.fault)]));
  // Not seeing all there are would add some of them a second time.
  if (current.value.length >= partnersMax) return new Map(writes.map(({ index }) => [index, tooManyPartners]));
  const plans = writes.map((write) => planOf(write, current.value));
  const requests = childRequests('OpportunityPartner');
  for (const [request, changes] of [
    [requests.delete, plans.flatMap(({ removals }) => removals)],
    [requests.create, plans.flatMap(({ additions }) => additions)],
  ] as const) {
    await sendChildRows(call, request, changes, faults, (fault) => fault);
  }
  return new Map([...faults].map(([index, fault]) => [index, toFault(index, fault)]));
}

/** 50 partners for each opportunity of a full batch. */
const partnersMax = 10_000;

const tooManyPartners: Fault = {
  kind: 'defect',
  code: 'TOO_MANY_PARTNERS',
  message: 'The opportunities of one batch have more partners than the connector can look through.',
};

function planOf(
  { index, opportunityId, field, wanted, base }: PartnersWrite,
  current: readonly Row[],
): { readonly removals: readonly ChildChange[]; readonly additions: readonly ChildChange[] } {
  const role = roleOf(field);
  const rows = current.filter((row) => row.OpportunityId === opportunityId && row.Role === role);
  const held = new Set(rows.map((row) => row.AccountToId));
  const dropped = new Set(base.filter((account) => !wanted.includes(account)));
  const added = [...new Set(wanted)].filter((account) => !held.has(account)).toSorted();
  return {
    removals: rows.filter((row) => dropped.has(String(row.AccountToId))).map(({ Id: id }) => ({ index, row: { id } })),
    additions: added.map((account) => ({
      index,
      row: {
        attributes: { type: 'OpportunityPartner' },
        OpportunityId: opportunityId,
        AccountToId: account,
        Role: role,
      },
    })),
  };
}

/** What is missing, refused or not to be seen here is an account or its part in the deal, not the opportunity. */
function ofPartners(fault: Fault, writes: readonly PartnersWrite[]): Fault {
  const isTheirs = fault.kind === 'rejected' || fault.kind === 'missing' || fault.code === 'INVALID_TYPE';
  return isTheirs ? { ...fault, kind: 'rejected', fields: writes.map(({ field }) => field) } : fault;
}
