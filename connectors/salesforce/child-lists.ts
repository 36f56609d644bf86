import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { lineTextOf } from './line-rows.ts';
import { followPages, type Row, readQueryAnswer } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type Soql, soql } from './soql.ts';
import { contactRolesField, lineItemsField, partnersField, roleOf } from './standard-objects.ts';

/** A list of texts that is read from the rows below a record. */
interface ChildList {
  /** The subquery that answers the rows, under the field's own name. Rows of the bin are wanted of the record, not of its rows. */
  readonly subquery: Soql;
  /** The row's text in the list of that field; `undefined` when the row is of another list. */
  readonly textOf: (row: Row, field: string) => string | undefined;
}

/** The lists by field. */
const childLists: Readonly<Record<string, ChildList>> = {
  [contactRolesField]: {
    subquery: soql`(SELECT ContactId FROM OpportunityContactRoles WHERE IsDeleted = false)`,
    textOf: ({ ContactId }) => (typeof ContactId === 'string' ? ContactId : undefined),
  },
  [lineItemsField]: {
    subquery: soql`(SELECT Quantity, UnitPrice, Discount, Product2.ProductCode, Product2.Name FROM OpportunityLineItems WHERE IsDeleted = false)`,
    textOf: lineTextOf,
  },
  [partnersField]: {
    subquery: soql`(SELECT AccountToId, Role FROM OpportunityPartnersFrom WHERE IsDeleted = false)`,
    textOf: ({ AccountToId, Role }, field) =>
      typeof AccountToId === 'string' && Role === roleOf(field) ? AccountToId : undefined,
  },
};

/** The subquery behind a list of rows. */
export function subqueryOf(list: string): Soql | undefined {
  return childLists[list]?.subquery;
}

/**
 * The list of a field in an answer to {@link subqueryOf}, sorted. Records stand in it once; equal lines as often as there are,
 * because they add up. *Bounds*: 10,000 rows; one call for each 200 or more behind the first page.
 */
export async function readChildList(
  call: Call<SalesforceApi>,
  list: string,
  field: string,
  children: unknown,
): Promise<Result<readonly string[]>> {
  const answer = readQueryAnswer(children);
  if (answer === undefined) return fail(shapelessList(field));
  const rest =
    answer.nextRecordsUrl === undefined
      ? succeed<readonly Row[]>([])
      : await followPages(call, { route: `Opportunity.read-${list}`, rowsMax }, answer.nextRecordsUrl);
  if (!rest.ok) return rest;
  const texts = [...answer.rows, ...rest.value].map((row) => childLists[list]?.textOf(row, field));
  const known = texts.filter((text) => text !== undefined);
  return succeed((list === lineItemsField ? known : [...new Set(known)]).toSorted());
}

const rowsMax = 10_000;

function shapelessList(field: string): Fault {
  return { kind: 'defect', code: 'BAD_ANSWER', message: `Salesforce answered ${field} in a form the hub cannot read.` };
}
