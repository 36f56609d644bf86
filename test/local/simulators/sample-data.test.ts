import { afterAll, describe, expect, test } from 'vitest';
import { startHubspotSimulator } from '../../../local/simulators/hubspot/start-hubspot-simulator.ts';
import { startSalesforceSimulator } from '../../../local/simulators/salesforce/start-salesforce-simulator.ts';
import { sampleData } from '../../../local/simulators/sample-data/sample-data.ts';

const NOW = Date.UTC(2026, 10, 22);
const data = sampleData(NOW);

function count<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.filter(test).length;
}

describe('the sample data', () => {
  test('is the same every time', () => {
    expect(JSON.stringify(sampleData(NOW))).toBe(JSON.stringify(data));
  });

  test('has more than 500 companies, 800 people and 400 deals over both sides, overlapping', () => {
    const names = new Set<string>();
    const mails = new Set<string>();
    for (const { object, values } of data.salesforce) {
      if (object === 'Account' && values.IsDeleted !== true) names.add(String(values.Id).slice(-4));
      if (object === 'Contact') mails.add(String(values.Id).slice(-4));
    }
    const both = data.hubspot.records.filter(({ type, id }) => type === 'companies' && names.has(id.slice(-4)));
    for (const { type, id, archivedAt } of data.hubspot.records) {
      if (type === 'companies' && archivedAt === undefined) names.add(id.slice(-4));
      if (type === 'contacts' && id < '5090000') mails.add(id.slice(-4));
    }

    expect(names.size).toBeGreaterThanOrEqual(500);
    expect(mails.size).toBeGreaterThanOrEqual(800);
    expect(both.length).toBeGreaterThan(250);
    expect(count(data.hubspot.records, ({ type }) => type === 'deals')).toBeGreaterThan(200);
  });

  test('has the usual dirt', () => {
    const accounts = data.salesforce.filter(({ object }) => object === 'Account');
    const companies = data.hubspot.records.filter(({ type }) => type === 'companies');
    const contacts = data.hubspot.records.filter(({ type }) => type === 'contacts');
    const deals = data.hubspot.records.filter(({ type }) => type === 'deals');

    expect(count(accounts, ({ values }) => values.Website === null)).toBeGreaterThan(10);
    expect(count(accounts, ({ values }) => values.IsDeleted === true)).toBeGreaterThan(3);
    expect(count(accounts, ({ values }) => typeof values.MasterRecordId === 'string')).toBeGreaterThan(1);
    expect(count(accounts, ({ values }) => values.Industry === 'Space Mining')).toBeGreaterThan(3);
    expect(count(companies, ({ archivedAt }) => archivedAt !== undefined)).toBeGreaterThan(3);
    expect(count(companies, ({ mergedIds }) => mergedIds !== undefined)).toBeGreaterThan(3);
    expect(count(contacts, ({ properties }) => String(properties.email).endsWith('@gmail.com'))).toBeGreaterThan(10);
    expect(new Set(deals.map(({ properties }) => properties.deal_currency_code))).toEqual(new Set(['USD', 'EUR']));
  });
});

describe('the simulators take it', () => {
  const closers: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closers) await close();
  });

  test('as it is, without a rejected record', async () => {
    const hubspot = await startHubspotSimulator();
    const salesforce = await startSalesforceSimulator();
    closers.push(
      () => hubspot.close(),
      () => salesforce.close(),
    );

    const report = hubspot.admin.seed(data.hubspot.records, data.hubspot.associations);
    const ids = salesforce.seed(data.salesforce);

    expect(report.rejected).toEqual([]);
    expect(ids).toHaveLength(data.salesforce.length);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
