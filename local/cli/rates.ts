import { readFile } from 'node:fs/promises';
import { callHub, type RemoteOptions } from './api-client.ts';
import { CliFault } from './cli-fault.ts';
import { readEcbRates } from './ecb-rates-file.ts';

/** Which rates to import. */
export interface ImportOptions extends RemoteOptions {
  /** The first day, `2026-01-01`; all of the file when left out. */
  readonly since?: string;
}

/** Days in one call: a few hundred KB, written in well under the time an answer may take. */
const DAYS_A_CALL = 200;

/** Brings the rates of a file to the hub, the oldest first; cut short, it can be done again. */
export async function importRates(file: string, options: ImportOptions): Promise<void> {
  const { since } = options;
  if (since !== undefined && !/^\d{4}-\d\d-\d\d$/.test(since)) {
    throw new CliFault('--since is a day such as 2026-01-01.');
  }
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CliFault(`${file} cannot be read.`);
  });
  const days = readEcbRates(file, text, since).toSorted((a, b) => (a.day < b.day ? -1 : 1));
  if (days.length === 0) throw new CliFault(`${file} has no rates${since === undefined ? '' : ` since ${since}`}.`);
  let reporting: string | null = null;
  for (let from = 0; from < days.length; from += DAYS_A_CALL) {
    const part = days.slice(from, from + DAYS_A_CALL);
    const answer = await callHub<{ reportingCurrency: string | null }>(options, 'POST', '/api/rates', { days: part });
    reporting = answer.reportingCurrency;
  }
  console.log(`Rates of ${days.length} days are kept, ${days[0]?.day} to ${days.at(-1)?.day}.`);
  console.log(
    reporting === null
      ? 'The hub has no reporting currency and uses none of them: set reportingCurrency in infra/stages.yaml.'
      : `Deals that had no rate to ${reporting} get it when they are next read: within a day, or now with \`npx hub backfill\`.`,
  );
}
