import type { Fault } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { type Row, runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type ChildChange, type ChildFaults, childRequests, sendChildRows } from './send-child-rows.ts';
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
  const faults: ChildFaults = new Map();
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
  const requests = childRequests('OpportunityContactRole');
  await sendChildRows(call, requests.delete, removals, faults, ofRoles);
  await sendChildRows(call, requests.create, additions, faults, ofRoles);
  return faults;
}

/** 50 contacts for each opportunity of a full batch. */
const rolesMax = 10_000;

const tooManyRoles: Fault = {
  kind: 'defect',
  code: 'TOO_MANY_ROLES',
  message: 'The opportunities of one batch have more contact roles than the connector can look through.',
};

interface RolesPlan {
  readonly removals: readonly ChildChange[];
  readonly additions: readonly ChildChange[];
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

/** What is missing, refused or not to be seen here is a contact or its role, not the opportunity. */
function ofRoles(fault: Fault): Fault {
  const isTheirs = fault.kind === 'rejected' || fault.kind === 'missing' || fault.code === 'INVALID_TYPE';
  return isTheirs ? { ...fault, kind: 'rejected', fields: [contactRolesField] } : fault;
}
