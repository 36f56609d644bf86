import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../../local/simulators/salesforce/soql/parse-query.ts';
import type { SoqlQuery } from '../../../../../local/simulators/salesforce/soql/syntax.ts';

function parsed(soql: string): SoqlQuery {
  const outcome = parseQuery(soql);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.query;
}

function messageOf(soql: string): string | undefined {
  const outcome = parseQuery(soql);
  return outcome.ok ? undefined : `${outcome.error.errorCode}: ${outcome.error.message}`;
}

describe('parseQuery', () => {
  it('reads every clause, in any case and over several lines', () => {
    const query = parsed(`select Id, Owner.Email,
      (SELECT ContactId FROM OpportunityContactRoles WHERE IsPrimary = true ORDER BY Id LIMIT 3)
      FROM Opportunity
      WHERE (StageName IN ('Closed Won', 'Closed Lost') OR Amount >= 1e3) AND NOT Name LIKE 'x%' AND CloseDate < 2026-01-02
      ORDER BY SystemModstamp DESC NULLS LAST, Id LIMIT 10 OFFSET 5`);

    expect(query.selections.map((selection) => selection.kind)).toEqual(['field', 'field', 'children']);
    expect(query.from.parts).toEqual(['Opportunity']);
    expect(query.where?.kind).toBe('and');
    expect(query.orderings.map(({ isDescending, areNullsLast }) => [isDescending, areNullsLast])).toEqual([
      [true, true],
      [false, false],
    ]);
    expect([query.limit, query.offset]).toEqual([10, 5]);
  });

  it('reads every kind of literal', () => {
    const query = parsed(
      "SELECT Id FROM Account WHERE A IN ('it''s', -1.5, true, null, 2026-01-02, 2026-01-02T03:04:05Z, 2026-01-02T03:04:05.000+01:00)".replace(
        "it''s",
        String.raw`it\'s`,
      ),
    );

    expect(query.where?.kind === 'set' ? query.where.literals.map((literal) => literal.kind) : []).toEqual([
      'string',
      'number',
      'boolean',
      'null',
      'date',
      'datetime',
      'datetime',
    ]);
  });

  it('counts', () => {
    expect(parsed('SELECT COUNT() FROM Account').isCount).toBe(true);
  });

  it('points at the token it did not expect', () => {
    expect(messageOf('SELECT Id FROM Account WHER Name = null')).toBe(
      "MALFORMED_QUERY: \nSELECT Id FROM Account WHER Name = null\n                       ^\nERROR at Row:1:Column:24\nunexpected token: 'WHER'",
    );
    expect(messageOf('SELECT Id\nFROM Account\nWHERE Name =')).toContain('ERROR at Row:3:Column:13');
  });

  it.each([
    ['AND and OR without parentheses', 'SELECT Id FROM Account WHERE A = 1 AND B = 2 OR C = 3'],
    ['grouping', 'SELECT Id FROM Account GROUP BY Id'],
    ['a function', 'SELECT COUNT(Id) FROM Account'],
    ['a date word', 'SELECT Id FROM Account WHERE CreatedDate = TODAY'],
    ['an open string', "SELECT Id FROM Account WHERE Name = 'x"],
    ['a semicolon', 'SELECT Id FROM Account;'],
    ['nothing', ''],
    ['a subquery in a subquery', 'SELECT (SELECT (SELECT Id FROM A) FROM B) FROM C'],
    ['a date that does not exist', 'SELECT Id FROM Account WHERE CloseDate = 2026-02-30'],
    ['a negative limit', 'SELECT Id FROM Account LIMIT -1'],
    ['conditions nested too deep', `SELECT Id FROM Account WHERE ${'('.repeat(60)}A = 1${')'.repeat(60)}`],
    ['a query that is too long', `SELECT Id FROM Account WHERE Name = '${'x'.repeat(100_000)}'`],
  ])('refuses %s', (_what, soql) => {
    expect(messageOf(soql)).toMatch(/^MALFORMED_QUERY: /);
  });

  it('answers every text, however damaged, with a query or an error', () => {
    const word = fc.constantFrom(
      'SELECT',
      'FROM',
      'WHERE',
      'AND',
      'OR',
      'NOT',
      'IN',
      'LIKE',
      '(',
      ')',
      ',',
      '=',
      "'a'",
      '1',
      'Id',
      'A.B',
      'NULLS',
      'ORDER',
      'BY',
      'LIMIT',
      '-',
      '!',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const outcome = parseQuery(words.join(' '));
        expect(outcome.ok || outcome.error.errorCode === 'MALFORMED_QUERY').toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
