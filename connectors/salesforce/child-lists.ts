import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { lineTextOf } from './line-rows.ts';
import { followPages, type Row, readQueryAnswer } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type Soql, soql } from './soql.ts';
import { contactRolesField, lineItemsField } from './standard-objects.ts';

/** A list of texts that is read from the rows below a record. */
interface ChildList {
  /** The subquery that answers the rows, under the field's own name. Rows of the bin are wanted of the record, not of its rows. */
  readonly subquery: Soql;
  readonly textOf: (row: Row) => string | undefined;
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
};

/** The subquery behind a field that is a list of rows. */
export function subqueryOf(field: string): Soql | undefined {
  return childLists[field]?.subquery;
}

/**
 * The list in an answer to {@link subqueryOf}, sorted. Contacts stand in it once; equal lines as often as there are, because
 * they add up. *Bounds*: 10,000 rows; one call for each 200 or more behind the first page.
 */
export async function readChildList(
  call: Call<SalesforceApi>,
  field: string,
  children: unknown,
): Promise<Result<readonly string[]>> {
  const answer = readQueryAnswer(children);
  if (answer === undefined) return fail(shapelessList(field));
  const rest =
    answer.nextRecordsUrl === undefined
      ? succeed<readonly Row[]>([])
      : await followPages(call, { route: `Opportunity.read-${field}`, rowsMax }, answer.nextRecordsUrl);
  if (!rest.ok) return rest;
  const texts = [...answer.rows, ...rest.value].map((row) => childLists[field]?.textOf(row));
  const known = texts.filter((text) => text !== undefined);
  return succeed((field === contactRolesField ? [...new Set(known)] : known).toSorted());
}

const rowsMax = 10_000;

function shapelessList(field: string): Fault {
  return { kind: 'defect', code: 'BAD_ANSWER', message: `Salesforce answered ${field} in a form the hub cannot read.` };
}
