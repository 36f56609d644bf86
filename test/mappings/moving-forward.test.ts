import { describe, expect, test } from 'vitest';
import type { Value } from '../../domain/model/value.ts';
import { canonicalSource } from '../../domain/unify/canonical-source.ts';
import { unifyFields } from '../../domain/unify/unify-fields.ts';
import { edited, tinySource } from '../support/tiny-records.ts';
import { directory, shippedMapping, shippedVocabulary } from './shipped.ts';

/** The stage of a deal that a person in Salesforce set first and a system of AWS speaks of afterwards. */
function stageAfter(set: string, system: string, object: string, told: string): Value | undefined {
  const sources = [
    ['salesforce', 'Opportunity', edited(set, 1)],
    [system, object, edited(told, 2)],
  ] as const;
  const canonical = sources.map(([connection, of, stage], rank) =>
    canonicalSource(tinySource({ stage }, { connection, object: of }), shippedMapping(connection, of), directory, rank),
  );
  return unifyFields(shippedVocabulary('deal'), canonical, {}).stage?.value;
}

describe('the stage of a deal', () => {
  test.each([
    ['Prospecting', 'aws-marketplace', 'Offer', 'Released', 'business-validation'],
    ['Negotiation/Review', 'aws-marketplace', 'Offer', 'Released', 'committed'],
    ['Negotiation/Review', 'aws-marketplace', 'Agreement', 'ACTIVE', 'won'],
    ['Closed Lost', 'aws-marketplace', 'Agreement', 'ACTIVE', 'lost'],
    ['Closed Won', 'aws-marketplace', 'Agreement', 'CANCELLED', 'lost'],
    ['Closed Won', 'aws-marketplace', 'Agreement', 'TERMINATED', 'lost'],
    ['Closed Won', 'aws-marketplace', 'Agreement', 'ROLLED_BACK', 'lost'],
    ['Closed Won', 'aws-marketplace', 'Agreement', 'EXPIRED', 'won'],
    ['Closed Lost', 'aws-marketplace', 'Agreement', 'EXPIRED', 'lost'],
    ['Negotiation/Review', 'aws-marketplace', 'Agreement', 'EXPIRED', 'won'],
    ['Negotiation/Review', 'aws-marketplace', 'Agreement', 'REPLACED', 'won'],
    ['Proposal/Price Quote', 'aws-marketplace', 'Agreement', 'RENEWED', 'won'],
    ['Closed Won', 'aws-marketplace', 'Agreement', 'RENEWED', 'won'],
    ['Prospecting', 'aws-partner-central', 'Opportunity', 'Committed', 'committed'],
    ['Negotiation/Review', 'aws-partner-central', 'Opportunity', 'Qualified', 'committed'],
    ['Negotiation/Review', 'aws-partner-central', 'Opportunity', 'Launched', 'won'],
    ['Closed Won', 'aws-partner-central', 'Opportunity', 'Closed Lost', 'won'],
  ])('set to %s, and then %s %s is %s, is %s', (set, system, object, told, expected) => {
    expect(stageAfter(set, system, object, told)).toBe(expected);
  });

  test('may go anywhere from the CRMs, and only forward from AWS', () => {
    const isForward = ([system, object]: readonly [string, string]): boolean =>
      shippedMapping(system, object).byField.get('stage')?.moves !== undefined;
    const crms = [['salesforce', 'Opportunity'] as const, ['hubspot', 'deal'] as const];
    const aws = [
      ['aws-marketplace', 'Offer'] as const,
      ['aws-marketplace', 'Agreement'] as const,
      ['aws-partner-central', 'Opportunity'] as const,
    ];

    expect([crms.map(isForward), aws.map(isForward)]).toEqual([
      [false, false],
      [true, true, true],
    ]);
  });
});
