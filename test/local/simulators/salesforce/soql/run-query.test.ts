import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdSource } from '../../../../../local/simulators/salesforce/ids.ts';
import { formatInstant } from '../../../../../local/simulators/salesforce/instants.ts';
import { orgSchema } from '../../../../../local/simulators/salesforce/schema/org-schema.ts';
import { bindQuery } from '../../../../../local/simulators/salesforce/soql/bind-query.ts';
import { parseQuery } from '../../../../../local/simulators/salesforce/soql/parse-query.ts';
import { runQuery } from '../../../../../local/simulators/salesforce/soql/run-query.ts';
import { RecordStore } from '../../../../../local/simulators/salesforce/store/record-store.ts';
import {
  type FieldValues,
  type StoredRecord,
  storedRecord,
} from '../../../../../local/simulators/salesforce/stored-record.ts';

const start = Date.UTC(2026, 0, 1);

function storeOf(rows: readonly FieldValues[]): RecordStore {
  const store = new RecordStore(orgSchema({ currencies: ['USD', 'EUR'], customFields: [] }));
  const ids = new IdSource('Tb');
  for (const row of rows) {
    const record = storedRecord({ Id: ids.next('001'), IsDeleted: false, SystemModstamp: start, ...row });
    store.put('Account', record, 'user');
  }
  store.commit();
  return store;
}

function found(store: RecordStore, soql: string, includesDeleted = false): StoredRecord[] {
  const outcome = runQuery(soql, store, includesDeleted);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return [...outcome.rows.records];
}

function names(store: RecordStore, where: string): unknown[] {
  return found(store, `SELECT Id FROM Account WHERE ${where} ORDER BY Id`).map((record) => record.values.Name);
}

function indexOf(store: RecordStore, soql: string): string {
  const parsed = parseQuery(soql);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const bound = bindQuery(soql, parsed.query, store, false);
  if (!bound.ok) throw new Error(bound.error.message);
  return `${bound.query.access.index}${bound.query.compare === undefined ? '' : ' + sort'}`;
}

describe('conditions', () => {
  const store = storeOf([
    { Name: 'Acme', AnnualRevenue: 10, Specializations__c: 'Security;Cloud Migration', IsDeleted: false },
    { Name: 'acme', AnnualRevenue: 20, Specializations__c: 'Security' },
    { Name: 'Beta' },
  ]);

  it.each([
    ["Name = 'ACME'", ['Acme', 'acme']],
    ["Name != 'acme'", ['Beta']],
    ['AnnualRevenue != 10', ['acme', 'Beta']],
    ['AnnualRevenue > 10', ['acme']],
    ['AnnualRevenue <= 20', ['Acme', 'acme']],
    ['AnnualRevenue = null', ['Beta']],
    ['AnnualRevenue NOT IN (10)', ['acme', 'Beta']],
    ["Name IN ('beta', 'x')", ['Beta']],
    ["Name LIKE '%E%' AND AnnualRevenue = null", ['Beta']],
    ["NOT Name = 'acme'", ['Beta']],
    ["(Name = 'beta' OR AnnualRevenue = 10)", ['Acme', 'Beta']],
    ["Specializations__c INCLUDES ('security;cloud migration')", ['Acme']],
    ["Specializations__c INCLUDES ('Cloud Migration', 'Security')", ['Acme', 'acme']],
    ["Specializations__c EXCLUDES ('Cloud Migration')", ['acme', 'Beta']],
    ['IsDeleted = false', ['Acme', 'acme', 'Beta']],
    ["Phone = ''", ['Acme', 'acme', 'Beta']],
  ])('%s finds %j', (where, expected) => {
    expect(names(store, where)).toEqual(expected);
  });

  it.each([
    ['an unknown field', "Nam = 'x'", 'INVALID_FIELD'],
    ['an unknown parent', "Boss.Name = 'x'", 'INVALID_FIELD'],
    ['quotes around an instant', "SystemModstamp > '2026-01-01T00:00:00Z'", 'INVALID_FIELD'],
    ['a text without quotes', 'Name = 5', 'INVALID_FIELD'],
    ['a malformed id', "Id = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ['long text', "Description = 'x'", 'INVALID_FIELD'],
    ['LIKE on a number', "AnnualRevenue LIKE '1%'", 'INVALID_FIELD'],
    ['INCLUDES on a picklist', "Type INCLUDES ('Other')", 'INVALID_FIELD'],
  ])('refuses %s', (_what, where, code) => {
    const outcome = runQuery(`SELECT Id FROM Account WHERE ${where}`, store, false);
    expect(outcome.ok ? 'found' : outcome.error.errorCode).toBe(code);
  });

  it('refuses unknown objects and selected fields', () => {
    const codeOf = (soql: string) => {
      const outcome = runQuery(soql, store, false);
      return outcome.ok ? 'found' : outcome.error.errorCode;
    };
    expect(codeOf('SELECT Id FROM Accounts')).toBe('INVALID_TYPE');
    expect(codeOf('SELECT Foo FROM Account')).toBe('INVALID_FIELD');
    expect(codeOf('SELECT (SELECT Id FROM Foos) FROM Account')).toBe('INVALID_TYPE');
    expect(codeOf('SELECT Id FROM Account ORDER BY Description')).toBe('INVALID_FIELD');
    expect(codeOf('SELECT Id FROM Account OFFSET 2001')).toBe('NUMBER_OUTSIDE_VALID_RANGE');
  });
});

describe('access paths', () => {
  const store = storeOf([{ Name: 'Acme' }]);

  it.each([
    ["WHERE Id IN ('001Tb0000000001IAA')", 'id'],
    ["WHERE Tributary_Id__c = 'x'", 'value'],
    ["WHERE ParentId = '001Tb0000000001IAA'", 'value'],
    ['WHERE SystemModstamp >= 2026-01-01T00:00:00Z ORDER BY SystemModstamp, Id', 'modstamp'],
    ["WHERE SystemModstamp >= 2026-01-01T00:00:00Z AND Name != 'x' ORDER BY SystemModstamp DESC", 'modstamp'],
    ['WHERE SystemModstamp >= 2026-01-01T00:00:00Z ORDER BY Name', 'modstamp + sort'],
    ["WHERE Id > '001Tb0000000001IAA' ORDER BY Id", 'id order'],
    ['ORDER BY SystemModstamp', 'modstamp'],
    ['', 'id order'],
    ["WHERE Name = 'x' OR Tributary_Id__c = 'x'", 'id order'],
    ["WHERE Tributary_Id__c != 'x'", 'id order'],
    ["WHERE Tributary_Id__c IN ('x', null)", 'id order'],
  ])('%s goes by %s', (clauses, index) => {
    expect(indexOf(store, `SELECT Id FROM Account ${clauses}`)).toBe(index);
  });

  it.each([
    ['Id <= :2 ORDER BY Id DESC', [2, 1]],
    ['Id < :2 ORDER BY Id DESC', [1]],
    ['Id >= :2 ORDER BY Id', [2, 3]],
    ['Id > :2 ORDER BY Id', [3]],
    ['Id >= :2 ORDER BY Id DESC', [3, 2]],
    ['SystemModstamp <= 2026-01-01T00:00:02Z ORDER BY SystemModstamp DESC', [2, 1]],
    ['SystemModstamp < 2026-01-01T00:00:02Z ORDER BY SystemModstamp', [1]],
    ['SystemModstamp >= 2026-01-01T00:00:02Z ORDER BY SystemModstamp', [2, 3]],
    ['SystemModstamp > 2026-01-01T00:00:02Z ORDER BY SystemModstamp DESC', [3]],
    ['SystemModstamp > 2026-01-01T00:00:01Z AND SystemModstamp < 2026-01-01T00:00:03Z', [2]],
  ])('keep to the bounds of %s', (condition, expected) => {
    const seconds = [1, 2, 3];
    const bounded = storeOf(seconds.map((second) => ({ Name: String(second), SystemModstamp: start + second * 1000 })));
    const where = condition.replace(':2', "'001Tb0000000002'");

    const records = found(bounded, `SELECT Id FROM Account WHERE ${where}`);

    expect(records.map((record) => Number(record.values.Name))).toEqual(expected);
  });

  it('find what a look at every record finds, in the same order', () => {
    const row = fc.record({
      Name: fc.constantFrom('a', 'B', 'c', null),
      Tributary_Id__c: fc.constantFrom('k1', 'K2', null),
      SystemModstamp: fc.integer({ min: 0, max: 5 }).map((second) => start + second * 1000),
      IsDeleted: fc.boolean(),
    });
    const instant = fc.integer({ min: -1, max: 6 }).map((second) => formatInstant(start + second * 1000));
    const comparison = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
    const id = fc.integer({ min: 1, max: 9 }).map((number) => `'001Tb000000000${number}'`);
    const condition = fc.oneof(
      fc.tuple(comparison, instant).map(([sign, at]) => `SystemModstamp ${sign} ${at}`),
      fc.tuple(comparison, id).map(([sign, value]) => `Id ${sign} ${value}`),
      fc.array(id, { minLength: 1, maxLength: 4 }).map((ids) => `Id IN (${ids.join(', ')})`),
      fc.constantFrom(
        "Tributary_Id__c = 'k1'",
        "Tributary_Id__c IN ('k1', 'k2')",
        "Tributary_Id__c != 'k1'",
        "Name = 'b'",
      ),
    );
    const ordering = fc.constantFrom(
      'SystemModstamp, Id',
      'SystemModstamp DESC, Id DESC',
      'Id',
      'Id DESC',
      'Name DESC, Id',
    );
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 12 }),
        fc.array(condition, { maxLength: 3 }),
        ordering,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        (rows, conditions, orderBy, limit, offset, includesDeleted) => {
          const store = storeOf(rows);
          // Every condition inside an OR with a false one: the planner can use none of them, the meaning is the same.
          const hidden = conditions.map((text) => `(${text} OR Id = '001Tb000000000z')`);
          const query = (texts: readonly string[], tail: string) =>
            `SELECT Id FROM Account ${texts.length > 0 ? `WHERE ${texts.join(' AND ')}` : ''} ${tail}`;

          const indexed = found(
            store,
            query(conditions, `ORDER BY ${orderBy} LIMIT ${limit} OFFSET ${offset}`),
            includesDeleted,
          );
          const scanned = found(store, query(hidden, `ORDER BY ${orderBy}`), includesDeleted);

          expect(indexed.map((record) => record.id)).toEqual(
            scanned.slice(offset, offset + limit).map((record) => record.id),
          );
          expect(includesDeleted || scanned.every((record) => record.values.IsDeleted !== true)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('order', () => {
  it('puts nulls first unless told otherwise, and ignores case', () => {
    const store = storeOf([{ Name: 'b' }, { Name: 'A' }, { Name: null }]);
    const order = (clause: string) =>
      found(store, `SELECT Id FROM Account ORDER BY ${clause}`).map((record) => record.values.Name ?? null);

    expect(order('Name')).toEqual([null, 'A', 'b']);
    expect(order('Name NULLS LAST')).toEqual(['A', 'b', null]);
    expect(order('Name DESC NULLS LAST')).toEqual(['b', 'A', null]);
  });
});
