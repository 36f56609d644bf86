import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import type { LineItem } from '../../domain/model/line-item.ts';
import type { Call } from '../kit/connector.ts';
import { type LinesPlan, planLines } from '../kit/plan-lines.ts';
import { findPriceEntries, type PricePlace } from './find-price-entries.ts';
import { lineOf } from './line-rows.ts';
import { followPages, type Row, readQueryAnswer, runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type ChildChange, type ChildFaults, childRequests, sendChildRows } from './send-child-rows.ts';
import { soql, soqlList } from './soql.ts';
import { lineItemsField } from './standard-objects.ts';
import { isVisible, learnVisibleFields } from './visible-fields.ts';

/** The lines one opportunity shall have. */
export interface LinesWrite {
  /** The item's place in its batch. */
  readonly index: number;
  readonly opportunityId: string;
  /** Lines as text, in normal form. */
  readonly wanted: readonly string[];
  /** What was read last. */
  readonly base: readonly string[];
}

/**
 * Brings the products of opportunities to the lines wanted, as differences.
 *
 * What is there is read right before, because rows have ids of their own and a create has no key that would keep a repeated one from
 * adding a second row. A new row names an entry of the opportunity's price book; when one of its products has none, nothing of
 * that opportunity's lines is written, rather than half a sale. *Shape*: the faults, by item; who is not in it is done.
 * *Bounds*: at most 200 opportunities; one query, one more for 20 products to add, and one call for 200 rows to delete, change
 * and create.
 */
export async function writeLineItems(call: Call<SalesforceApi>, writes: readonly LinesWrite[]): Promise<ChildFaults> {
  const faults: ChildFaults = new Map();
  if (writes.length === 0) return faults;
  const held = await readHeld(
    call,
    writes.map(({ opportunityId }) => opportunityId),
  );
  if (!held.ok) return new Map(writes.map(({ index }) => [index, ofLines(held.fault)]));
  const plans = writes.flatMap((write) => {
    const opportunity = held.value.get(write.opportunityId);
    if (opportunity === undefined) faults.set(write.index, opportunityGone);
    return opportunity === undefined ? [] : [planOf(write, opportunity)];
  });
  const added = await rowsToAdd(call, plans, faults);
  const changes = childRequests('OpportunityLineItem');
  const rowsOf = (rows: (plan: Plan) => readonly Row[]): readonly ChildChange[] =>
    plans.flatMap((plan) => rows(plan).map((row) => ({ index: plan.index, row })));
  await sendChildRows(
    call,
    changes.delete,
    rowsOf(({ lines }) => lines.remove.map((id) => ({ id }))),
    faults,
    ofLines,
  );
  await sendChildRows(call, changes.update, rowsOf(changedRows), faults, ofLines);
  await sendChildRows(call, changes.create, added, faults, ofLines);
  return faults;
}

/** An opportunity as it is right before its lines are written. */
interface Opportunity {
  readonly place: PricePlace;
  readonly rows: readonly Row[];
}

interface Plan extends Opportunity {
  readonly index: number;
  readonly opportunityId: string;
  readonly lines: LinesPlan;
}

function planOf({ index, opportunityId, wanted, base }: LinesWrite, opportunity: Opportunity): Plan {
  const held = opportunity.rows.flatMap((row) => lineOf(row) ?? []);
  return { ...opportunity, index, opportunityId, lines: planLines(wanted, base, held) };
}

async function readHeld(
  call: Call<SalesforceApi>,
  ids: readonly string[],
): Promise<Result<ReadonlyMap<string, Opportunity>>> {
  const ask = () =>
    runQuery(call, { route: 'OpportunityLineItem.read', withDeleted: false, rowsMax: ids.length }, (api) => {
      const hasCurrency = isVisible(api.visibleFields.get('Opportunity'), 'CurrencyIsoCode');
      const fields = soqlList([soql`Id, Pricebook2Id`, ...(hasCurrency ? [soql`CurrencyIsoCode`] : [])]);
      return soql`SELECT ${fields}, (SELECT Id, Quantity, UnitPrice, Discount, Product2.ProductCode, Product2.Name FROM OpportunityLineItems) FROM Opportunity WHERE Id IN ${ids}`;
    });
  let answer = await ask();
  if (!answer.ok && answer.fault.code === 'INVALID_FIELD') {
    // An org with one currency has no field for it.
    const learnt = await learnVisibleFields(call, 'Opportunity');
    if (!learnt.ok) return learnt;
    answer = await ask();
  }
  if (!answer.ok) return answer;
  const opportunities = new Map<string, Opportunity>();
  for (const row of answer.value) {
    const rows = await linesOf(call, row[lineItemsField]);
    if (!rows.ok) return rows;
    opportunities.set(String(row.Id), {
      place: { pricebookId: textOf(row.Pricebook2Id), currency: textOf(row.CurrencyIsoCode) },
      rows: rows.value,
    });
  }
  return succeed(opportunities);
}

const rowsMax = 10_000;

async function linesOf(call: Call<SalesforceApi>, children: unknown): Promise<Result<readonly Row[]>> {
  const answer = readQueryAnswer(children ?? null);
  if (answer?.nextRecordsUrl === undefined) return succeed(answer?.rows ?? []);
  const rest = await followPages(call, { route: 'OpportunityLineItem.read', rowsMax }, answer.nextRecordsUrl);
  return rest.ok ? succeed([...answer.rows, ...rest.value]) : rest;
}

/** The rows to create. An opportunity with a product that has no entry gets a fault instead, and nothing else is done to its lines. */
async function rowsToAdd(
  call: Call<SalesforceApi>,
  plans: readonly Plan[],
  faults: ChildFaults,
): Promise<readonly ChildChange[]> {
  const adding = plans.filter(({ lines }) => lines.add.length > 0);
  if (adding.length === 0) return [];
  const products = adding.flatMap(({ lines }) => lines.add.map(({ product }) => product));
  const find = await findPriceEntries(
    call,
    products,
    adding.map(({ place }) => place),
  );
  return adding.flatMap(({ index, opportunityId, place, lines }) => {
    const rows = lines.add.map((line): Result<ChildChange> => {
      const entry = find.ok ? find.value(line.product, place) : find;
      return entry.ok ? succeed({ index, row: newRow(opportunityId, entry.value, line) }) : entry;
    });
    const refused = rows.find((row) => !row.ok);
    if (refused?.ok === false) faults.set(index, ofLines(refused.fault));
    return rows.flatMap((row) => (row.ok ? [row.value] : []));
  });
}

function newRow(opportunityId: string, entryId: string, { quantity, price }: LineItem): Row {
  return {
    attributes: { type: 'OpportunityLineItem' },
    OpportunityId: opportunityId,
    PricebookEntryId: entryId,
    Quantity: Number(quantity),
    UnitPrice: Number(price),
  };
}

/** The price of a line is what is paid for one, so a discount that stood beside the former price goes. */
function changedRows({ lines, rows }: Plan): readonly Row[] {
  return lines.change.map(({ id, quantity, price }) => {
    const discount = rows.find((row) => row.Id === id)?.Discount;
    return {
      attributes: { type: 'OpportunityLineItem' },
      id,
      Quantity: Number(quantity),
      UnitPrice: Number(price),
      ...(discount === null || discount === undefined ? {} : { Discount: null }),
    };
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

const opportunityGone: Fault = {
  kind: 'conflict',
  code: 'OPPORTUNITY_NOT_FOUND',
  message: 'The opportunity was not there any more when its products were to be written; the hub decides again.',
};

/** What is missing, refused or not to be seen here is a product or its line, not the opportunity. */
function ofLines(fault: Fault): Fault {
  const isTheirs = fault.kind === 'rejected' || fault.kind === 'missing' || fault.code === 'INVALID_TYPE';
  return isTheirs ? { ...fault, kind: 'rejected', fields: [lineItemsField] } : fault;
}
