import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConnectedHub, connectedHub } from '../support/connected-hub.ts';

const DATA = resolve(import.meta.dirname, '../..', process.env.TRIBUTARY_SHARED ?? '../shared', 'data');
const isPresent = existsSync(DATA);

let world: ConnectedHub;

/** Rows of a comma-separated file without quoted fields, by the names of its first line. */
function rowsOf(path: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = readFileSync(resolve(DATA, path), 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])));
}

async function defects(): Promise<readonly string[]> {
  const { problems } = await world.store.listProblems({ limit: 200 });
  return problems
    .filter(({ cause }) => ['defect', 'gave-up', 'loop', 'refused-record'].includes(cause))
    .map(({ message }) => message);
}

describe.skipIf(!isPresent)(
  `CRM records from elsewhere${isPresent ? '' : ' (skipped: the shared data is not here)'}`,
  () => {
    beforeEach(async () => {
      world = await connectedHub();
    });

    afterEach(async () => {
      await world.close();
    });

    test('accounts and a pipeline of a sales team sync to HubSpot, each once', { timeout: 120_000 }, async () => {
      const accounts = rowsOf('crm/maven/accounts.csv');
      const ids = world.salesforce.seed(
        accounts.map((row) => ({
          object: 'Account',
          values: {
            Name: row.account ?? '',
            Industry: row.sector ?? null,
            AnnualRevenue: Number(row.revenue) * 1_000_000,
            NumberOfEmployees: Number(row.employees),
            BillingCountry: row.office_location ?? null,
          },
        })),
      );
      const idOf = new Map(accounts.map((row, index) => [row.account, ids[index]]));
      const pipeline = rowsOf('crm/maven/sales_pipeline.part-shared.csv')
        .filter((row) => idOf.has(row.account))
        .slice(0, 300);
      const stages: Record<string, string> = {
        Won: 'Closed Won',
        Lost: 'Closed Lost',
        Engaging: 'Qualification',
        Prospecting: 'Prospecting',
      };
      world.salesforce.seed(
        pipeline.map((row) => ({
          object: 'Opportunity',
          values: {
            Name: `${row.account} ${row.product} ${row.opportunity_id}`,
            AccountId: idOf.get(row.account) ?? null,
            Amount: row.close_value === '' ? null : Number(row.close_value),
            StageName: stages[row.deal_stage ?? ''] ?? 'Prospecting',
            CloseDate: isoDate(row.close_date) ?? '2017-12-31',
          },
        })),
      );
      await world.firstSync();

      const doubtful = (await world.store.listProblems({ limit: 200 })).problems.filter(
        ({ cause }) => cause === 'doubtful-match',
      );
      expect(world.hubspot.admin.records('companies')).toHaveLength(
        accounts.length - new Set(doubtful.map(({ externalId }) => externalId)).size,
      );
      expect(world.hubspot.admin.records('deals')).toHaveLength(pipeline.length);
      expect(new Set(world.hubspot.admin.records('deals').map(({ properties }) => properties.tributary_id)).size).toBe(
        pipeline.length,
      );
      expect(await defects()).toEqual([]);
    });

    test('the accounts of a developer org and the companies of a warehouse meet in the middle', {
      timeout: 120_000,
    }, async () => {
      const accounts = JSON.parse(readFileSync(resolve(DATA, 'salesforce/dev-org-accounts.json'), 'utf8')) as Record<
        string,
        unknown
      >[];
      world.salesforce.seed(accounts.map(({ attributes: _a, ...values }) => ({ object: 'Account', values })));
      const companies = rowsOf('hubspot/fivetran-seeds/company_data.csv').filter((row) => row.is_deleted === 'false');
      const { rejected } = world.hubspot.admin.seed(
        companies.map((row) => ({
          type: 'companies',
          id: row.id ?? '',
          properties: {
            name: row.property_name ?? '',
            description: row.property_description ?? '',
            country: row.property_country ?? '',
            annualrevenue: row.property_annualrevenue ?? '',
          },
        })),
      );
      expect(rejected).toEqual([]);
      await world.firstSync();

      const living = world.salesforce.records('Account').filter(({ IsDeleted }) => IsDeleted !== true);
      const named = companies.filter((row) => row.property_name !== '').length;
      expect(living.length).toBeGreaterThanOrEqual(accounts.length);
      expect(living.length).toBeLessThanOrEqual(accounts.length + named);
      expect(await defects()).toEqual([]);
    });
  },
);

/** `3/11/2017` as `2017-03-11`. */
function isoDate(text: string | undefined): string | undefined {
  const [month, day, year] = (text ?? '').split('/');
  return month === undefined || day === undefined || year === undefined
    ? undefined
    : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
