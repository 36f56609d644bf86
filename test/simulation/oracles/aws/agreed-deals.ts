import { Big } from 'big.js';
import type { Agreement } from '../../../../local/simulators/aws-marketplace/records.ts';
import type { SystemId } from '../../plan/plan.ts';
import type { EndOfRun, Violation } from '../end-of-run.ts';
import { type RawDeal, told } from './aws-end.ts';

const LOST = ['CANCELLED', 'TERMINATED', 'ROLLED_BACK'];
const CRMS: readonly SystemId[] = ['org-a', 'portal', 'org-b'];

/**
 * What was agreed at AWS is in every CRM, once: an agreement is the deal of its own, won, with the agreement's id, amount and currency,
 * unless a person said otherwise afterwards, and with what was invoiced; one that came to nothing is lost; a renewal names the deal of the agreement it renews.
 */
export function agreedDeals(end: EndOfRun): readonly Violation[] {
  return end.aws.agreements.flatMap((agreement) => CRMS.flatMap((system) => judge(end, agreement, system)));
}

function judge(end: EndOfRun, agreement: Agreement, system: SystemId): readonly Violation[] {
  const deals = end.aws.deals.filter((deal) => deal.system === system);
  const own = deals.filter((deal) => told(deal, 'AWS_Agreement_Id__c', 'aws_agreement_id') === agreement.id);
  const [deal] = own;
  const named = `agreement ${agreement.id} (${agreement.intent}, ${agreement.status}) of ${agreement.acceptorId} in ${system}`;
  if (deal === undefined || own.length > 1)
    return [
      { invariant: own.length > 1 ? 'no duplicate' : 'convergence', what: `${own.length} deals have the ${named}` },
    ];
  const flaws: string[] = [];
  const expect = (name: string, is: string, should: string): void => {
    if (is !== should) flaws.push(`${name} is ${is || 'empty'} instead of ${should}`);
  };
  const { value, currencyCode, acceptedAt, status, previousAgreementId } = agreement;
  if (!isEditedAfter(end, deal, 'money', acceptedAt)) {
    expect('the amount', String(Number(told(deal, 'Amount', 'amount'))), String(Number(value)));
    expect('the currency', told(deal, 'CurrencyIsoCode', 'deal_currency_code'), currencyCode);
  }
  if (!isEditedAfter(end, deal, 'stage', acceptedAt)) {
    const stage = told(deal, 'StageName', 'dealstage').replace(' ', '').toLowerCase();
    expect('the stage', stage, LOST.includes(status) ? 'closedlost' : 'closedwon');
  }
  const invoiced = end.aws.invoices
    .filter(({ agreementId, type }) => agreementId === agreement.id && type === 'INVOICE')
    .reduce((sum, { amount }) => sum.plus(amount), new Big(0));
  expect('what was invoiced', String(Number(told(deal, 'AWS_Invoiced__c', 'aws_invoiced'))), String(Number(invoiced)));
  if (previousAgreementId !== undefined) {
    const predecessor = deals.find(({ id }) => id === told(deal, 'Predecessor__c', 'predecessor_deal_id'));
    const formerId = predecessor === undefined ? '' : told(predecessor, 'AWS_Agreement_Id__c', 'aws_agreement_id');
    expect('the agreement of its predecessor', formerId, previousAgreementId);
  }
  return flaws.length === 0 ? [] : [{ invariant: 'convergence', what: `${named}: ${flaws.join(', ')}` }];
}

/** Longest time that an edit may wait to be read: past a sweep, and a system that was down meanwhile. */
const UNREAD_MS = 1_200_000;

/**
 * Whether a person changed that of the deal, in any system, when it was agreed on or later, or seems to have: a record has one stamp for
 * all its fields, so that an edit which the hub reads after another one of the same record looks as new as that.
 */
function isEditedAfter({ changes, plan }: EndOfRun, { entity }: RawDeal, unit: string, at: number): boolean {
  const own = changes.filter((change) => entity !== '' && change.entity === entity && change.by === 'person');
  return own.some(
    (change) =>
      unit in change.units &&
      own.some(
        (later) =>
          later.system === change.system &&
          later.at >= at &&
          later.at >= change.at &&
          later.at - change.at <= plan.setup.sweepEveryMs + UNREAD_MS,
      ),
  );
}
