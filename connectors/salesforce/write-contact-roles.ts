import type { Fault } from '../../domain/model/fault.ts';
import { chunk } from '../kit/chunk.ts';
import type { Call } from '../kit/connector.ts';
import { type Row, runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type RowsRequest, sendRows } from './send-rows.ts';
import { soql } from './soql.ts';
import { contactRolesField } from './standard-objects.ts';

/** The contacts one opportunity shall have. */
export interface RolesWrite {
  /** The item's place in its batch. */
  readonly index: number;
  readonly opportunityId: string;
  readonly wanted: readonly string[];
  /** What was read last; only contacts in it are ever taken away. */
  readonly base: readonly string[];
}

/**
 * Brings the contact roles of opportunities to what is wanted, as differences: a role that somebody added meanwhile stays.
 *
 * What is there is read right before, because deleting needs the roles' own ids, and because a role has no key that would keep a
 * repeated create from making a second one. The first contact of an opportunity without any becomes the primary one; after that
 * people decide who is. *Shape*: the faults, by item; who is not in it is done. *Bounds*: at most 200 opportunities; one
 * query, and one call for 200 roles to delete and to create.
 */
export async function writeContactRoles(
  call: Call<SalesforceApi>,
  writes: readonly RolesWrite[],
): Promise<ReadonlyMap<number, Fault>> {
  const faults = new Map<number, Fault>();
  if (writes.length === 0) return faults;
  const current = await runQuery(
    call,
    { route: 'OpportunityContactRole.read', withDeleted: false, rowsMax: rolesMax },
    () => {
      const ids = writes.map((write) => write.opportunityId);
      return soql`SELECT Id, OpportunityId, ContactId FROM OpportunityContactRole WHERE OpportunityId IN ${ids} LIMIT ${rolesMax}`;
    },
  );
  if (!current.ok) return new Map(writes.map(({ index }) => [index, ofRoles(current.fault)]));
  // Not seeing all roles there are would add some of them a second time.
  if (current.value.length >= rolesMax) return new Map(writes.map(({ index }) => [index, tooManyRoles]));
  const plans = writes.map((write) => planOf(write, current.value));
  const removals = plans.flatMap((plan) => plan.removals);
  const additions = plans.flatMap((plan) => plan.additions);
  await send(call, deleteRoles, removals, faults);
  await send(
    call,
    createRoles,
    additions.filter(({ index }) => !faults.has(index)),
    faults,
  );
  return faults;
}

/** 50 contacts for each opportunity of a full batch. */
const rolesMax = 10_000;
const rowsMax = 200;

const tooManyRoles: Fault = {
  kind: 'defect',
  code: 'TOO_MANY_ROLES',
  message: 'The opportunities of one batch have more contact roles than the connector can look through.',
};

interface RoleChange {
  readonly index: number;
  readonly row: Row;
}

interface RolesPlan {
  readonly removals: readonly RoleChange[];
  readonly additions: readonly RoleChange[];
}

function planOf({ index, opportunityId, wanted, base }: RolesWrite, current: readonly Row[]): RolesPlan {
  const roles = current.filter((role) => role.OpportunityId === opportunityId);
  const held = new Set(roles.map((role) => role.ContactId));
  const dropped = new Set(base.filter((contact) => !wanted.includes(contact)));
  const removed = roles.filter((role) => dropped.has(String(role.ContactId)));
  const added = [...new Set(wanted)].filter((contact) => !held.has(contact)).toSorted();
  const isFirst = roles.length === removed.length;
  return {
    removals: removed.map((role) => ({ index, row: { id: role.Id } })),
    additions: added.map((contact, place) => ({
      index,
      row: {
        attributes: { type: 'OpportunityContactRole' },
        OpportunityId: opportunityId,
        ContactId: contact,
        IsPrimary: isFirst && place === 0,
      },
    })),
  };
}

const deleteRoles: RowsRequest = {
  route: 'OpportunityContactRole.delete',
  isRepeatable: true,
  of: (rows) => ({ method: 'DELETE', path: `/composite/sobjects?ids=${rows.map((row) => String(row.id)).join(',')}` }),
};

const createRoles: RowsRequest = {
  route: 'OpportunityContactRole.create',
  // Nothing keeps a role unique: after a lost answer the next delivery reads what is there before it adds.
  isRepeatable: false,
  of: (records) => ({ method: 'POST', path: '/composite/sobjects', body: { allOrNone: false, records } }),
};

async function send(
  call: Call<SalesforceApi>,
  request: RowsRequest,
  changes: readonly RoleChange[],
  faults: Map<number, Fault>,
): Promise<void> {
  for (const piece of chunk(changes, rowsMax)) {
    const results = await sendRows(
      call,
      request,
      piece.map(({ row }) => row),
    );
    for (const [at, { index }] of piece.entries()) {
      const result = results[at];
      if (result === undefined || result.ok || (result.fault.code === 'ENTITY_IS_DELETED' && request === deleteRoles))
        continue;
      faults.set(index, faults.get(index) ?? ofRoles(result.fault));
    }
  }
}

/** What is missing, refused or not to be seen here is a contact or its role, not the opportunity. */
function ofRoles(fault: Fault): Fault {
  const isTheirs = fault.kind === 'rejected' || fault.kind === 'missing' || fault.code === 'INVALID_TYPE';
  return isTheirs ? { ...fault, kind: 'rejected', fields: [contactRolesField] } : fault;
}
