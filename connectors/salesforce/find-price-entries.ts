import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import { chunk } from '../kit/chunk.ts';
import type { Call } from '../kit/connector.ts';
import { type Row, runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type Soql, soql, soqlList } from './soql.ts';

/** Where a line is to be added: the opportunity's price book (the standard one when it has none) and its currency. */
export interface PricePlace {
  readonly pricebookId: string | undefined;
  /** Absent in orgs with one currency. */
  readonly currency: string | undefined;
}

/** Finds the entry of a product, by its code or else its name. *Faults*: `rejected`, naming the product. */
export type FindEntry = (product: string, place: PricePlace) => Result<string>;

/**
 * Looks up the price book entries that lines of these products can name, in the price books given and the standard one.
 *
 * Codes and names are compared without regard to case, as Salesforce does. *Bounds*: one call for 20 products; 2,000 entries each.
 */
export async function findPriceEntries(
  call: Call<SalesforceApi>,
  products: readonly string[],
  places: readonly PricePlace[],
): Promise<Result<FindEntry>> {
  const books = [...new Set(places.flatMap(({ pricebookId }) => pricebookId ?? []))];
  const hasCurrency = places.some(({ currency }) => currency !== undefined);
  const entries: Row[] = [];
  for (const piece of chunk([...new Set(products)], productsMax)) {
    const rows = await runQuery(
      call,
      { route: 'PricebookEntry.read', withDeleted: false, rowsMax: entriesMax },
      () =>
        soql`SELECT ${fieldsOf(hasCurrency)} FROM PricebookEntry WHERE IsActive = true AND (Product2.ProductCode IN ${piece} OR Product2.Name IN ${piece}) AND ${inBooks(books)} ORDER BY Id LIMIT ${entriesMax}`,
    );
    if (!rows.ok) return rows;
    entries.push(...rows.value);
  }
  return succeed((product, place) => pickEntry(entries, product, place));
}

const productsMax = 20;
const entriesMax = 2_000;

function fieldsOf(hasCurrency: boolean): Soql {
  const fields = [soql`Id, Pricebook2Id, Pricebook2.IsStandard, Product2.ProductCode, Product2.Name`];
  return soqlList(hasCurrency ? [...fields, soql`CurrencyIsoCode`] : fields);
}

function inBooks(books: readonly string[]): Soql {
  return books.length === 0
    ? soql`Pricebook2.IsStandard = true`
    : soql`(Pricebook2.IsStandard = true OR Pricebook2Id IN ${books})`;
}

function pickEntry(entries: readonly Row[], product: string, { pricebookId, currency }: PricePlace): Result<string> {
  const there = entries.filter((entry) => {
    const isHere =
      pricebookId === undefined ? partOf(entry.Pricebook2).IsStandard === true : entry.Pricebook2Id === pricebookId;
    return isHere && (currency === undefined || entry.CurrencyIsoCode === currency);
  });
  const isCalled = (entry: Row, field: string): boolean =>
    String(partOf(entry.Product2)[field] ?? '').toLowerCase() === product.toLowerCase();
  const byCode = there.filter((entry) => isCalled(entry, 'ProductCode'));
  const found = byCode.length > 0 ? byCode : there.filter((entry) => isCalled(entry, 'Name'));
  const [entry, other] = found;
  if (entry === undefined) return fail(noEntry(product, currency));
  return other === undefined ? succeed(String(entry.Id)) : fail(severalEntries(product));
}

function partOf(parent: unknown): Row {
  return typeof parent === 'object' && parent !== null ? (parent as Row) : {};
}

/** A product's code is not quoted, because quoted texts of faults are taken out. */
function noEntry(product: string, currency: string | undefined): Fault {
  const inCurrency = currency === undefined ? '' : ` in ${currency}`;
  const message = `The opportunity's price book has no active entry${inCurrency} for the product ${product.slice(0, 80)}.`;
  return { kind: 'rejected', code: 'PRODUCT_NOT_FOUND', message };
}

function severalEntries(product: string): Fault {
  const message = `Several products of the opportunity's price book are called ${product.slice(0, 80)}; give them codes of their own.`;
  return { kind: 'rejected', code: 'PRODUCT_AMBIGUOUS', message };
}
