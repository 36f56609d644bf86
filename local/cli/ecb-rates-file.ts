import { canonicalDecimal } from '../../domain/mapping/canonical/decimal.ts';
import type { PublishedRates } from '../../domain/money/published-rates.ts';
import { CliFault } from './cli-fault.ts';

const BASE = 'EUR';
const DAY = /^\d{4}-\d\d-\d\d$/;
const CURRENCY = /^[A-Z]{3}$/;
/** A currency that was not there yet, or is not there any more. */
const NONE = new Set(['', 'N/A']);

/**
 * The days of a file as the European Central Bank publishes its reference rates: `eurofxref-hist.csv`, one row a day, one column a
 * currency, what one euro was worth in each, `N/A` where there was none. Rows before `since` are left out.
 * Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html (read November 2026).
 *
 * *Faults*: a {@link CliFault} with the line, when it is another kind of file or a row is not whole. Nothing of it is used then.
 */
export function readEcbRates(file: string, text: string, since = ''): readonly PublishedRates[] {
  const [header = '', ...rows] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const [first, ...columns] = cellsOf(header);
  const isHistory = first === 'Date' && columns.length > 0 && columns.every((name) => CURRENCY.test(name));
  if (!isHistory) {
    throw new CliFault(
      `${file} is no history of the ECB’s reference rates: its first line must be Date and currencies. Download eurofxref-hist.zip from the ECB and unpack it.`,
    );
  }
  return rows.flatMap((row, index) => {
    const [day = '', ...cells] = cellsOf(row);
    if (row.trim() === '' || (DAY.test(day) && day < since)) return [];
    const fault = (reason: string): CliFault => new CliFault(`${file}:${index + 2}: ${reason}.`);
    if (!isDay(day)) throw fault('the row does not begin with a day such as 2026-05-29');
    if (cells.length !== columns.length)
      throw fault(`the row has ${cells.length} rates for ${columns.length} currencies`);
    const rates: Record<string, string> = {};
    for (const [place, cell] of cells.entries()) {
      const [currency = '', rate] = [columns[place], canonicalDecimal(cell)];
      if (NONE.has(cell)) continue;
      if (rate === undefined || rate === '0' || rate.startsWith('-'))
        throw fault(`the rate of ${currency} is no number above 0`);
      rates[currency] = rate;
    }
    return [{ day, base: BASE, rates }];
  });
}

/** The cells of a line, of which each ends with a comma, the last one as well. */
function cellsOf(line: string): readonly string[] {
  return line
    .replace(/,\s*$/, '')
    .split(',')
    .map((cell) => cell.trim());
}

function isDay(text: string): boolean {
  const at = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // A day that no month has is moved on by the clock, or is none.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
