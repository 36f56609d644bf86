import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteText, soql, soqlInstant, soqlList, soqlName } from '../../../connectors/salesforce/soql.ts';
import { decodeText } from '../../../local/simulators/salesforce/soql/text-literal.ts';
import { tokenizeQuery } from '../../../local/simulators/salesforce/soql/tokenize-query.ts';

const hostile = fc.string({
  unit: fc.constantFrom("'", '\\', '"', '\n', '\r', '\t', '\b', '\f', '%', '_', ' ', 'n', 'u', 'ä', '💥', ')', '-'),
});
const texts = fc.oneof(
  hostile,
  fc.string(),
  fc.constantFrom("' OR Id != '", "\\' OR Name LIKE '%", '\\', "\\\\'", '\\u0027'),
);

describe('SOQL', () => {
  it('quotes any text to one literal that means that text and ends where it should', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const query = `SELECT Id FROM Account WHERE Name = ${quoteText(text)} LIMIT 1`;
        const read = tokenizeQuery(query);

        const tokens = read.ok ? read.tokens : [];
        expect(tokens).toHaveLength(11);
        const literal = tokens[7]?.kind === 'literal' ? tokens[7].literal : undefined;
        expect(literal?.kind === 'string' ? decodeText(literal.raw) : undefined).toBe(text);
      }),
    );
  });

  it('fills a template by the kind of each hole', () => {
    const fields = soqlList(['Id', 'Account.Name'].flatMap((name) => soqlName(name) ?? []));

    const query = soql`SELECT ${fields} FROM Contact WHERE SystemModstamp > ${soqlInstant(0)} AND Name IN ${["O'Re", 'b']} AND X__c = ${null} AND IsDeleted = ${false} LIMIT ${5}`;

    expect(query.text).toBe(
      "SELECT Id, Account.Name FROM Contact WHERE SystemModstamp > 1970-01-01T00:00:00.000Z AND Name IN ('O\\'Re','b') AND X__c = null AND IsDeleted = false LIMIT 5",
    );
  });

  it.each(['Name', 'Tributary_Id__c', 'Account.Owner.Email', 'ns__Field__c'])('takes the name %s', (name) => {
    expect(soqlName(name)?.text).toBe(name);
  });

  it.each([
    '',
    '1Name',
    'Name FROM User',
    "Name'",
    'a.b.c.d.e.f.g',
    'Name--',
    'Näme',
    '(SELECT Id FROM Contacts)',
    'A..B',
  ])('takes no name like %j', (name) => {
    expect(soqlName(name)).toBeUndefined();
  });

  it('refuses what a query has no place for', () => {
    expect(() => soql`WHERE Id IN ${[]}`).toThrow(RangeError);
    expect(() => soql`LIMIT ${Number.NaN}`).toThrow(RangeError);
  });
});
