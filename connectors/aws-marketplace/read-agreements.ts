import {
  DescribeAgreementCommand,
  GetAgreementEntitlementsCommand,
  GetAgreementTermsCommand,
  ListAgreementCancellationRequestsCommand,
  ListAgreementInvoiceLineItemsCommand,
  ListBillingAdjustmentRequestsCommand,
} from '@aws-sdk/client-marketplace-agreement';
import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import type { ReadOutcome } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import { type AgreementParts, agreementFields } from './agreement-values.ts';
import {
  type AgreementAnswer,
  acceptedTerms,
  adjustments,
  agreementAnswer,
  cancellations,
  entitlements,
  invoices,
} from './answers.ts';
import { ask, askAll } from './ask.ts';
import { CATALOG } from './catalog.ts';
import { exactInstant } from './exact-instant.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { type OffersRead, readOfferBehind } from './offer-behind.ts';
import { readEach } from './read-each.ts';
import { searchSiblings } from './search-agreements.ts';
import { type Succession, successionOf } from './succession.ts';

/** Most agreements of one read: each takes five to eight calls of its own. */
export const readMax = 10;

/** How many pages of 50 are read of what one agreement has: a monthly invoice for eighty years, entitlements and requests far beyond. */
const pagesMax = 20;
const pageSize = 50;

/**
 * Reads agreements by their ids, one answer per id, in order.
 *
 * | state | calls beside DescribeAgreement |
 * |---|---|
 * | `ACTIVE`, and one nobody knows | terms, entitlements, invoices, cancellation requests, sister agreements |
 * | `CANCELLED` | the same without terms |
 * | any other: it ended, and nothing of its terms moves any more | entitlements, invoices, sister agreements |
 *
 * Billing adjustments are asked for where there are invoices, and the offer once for all agreements of one read; its tags, and what other
 * buyers accepted of it, where that decides whose deal the agreement is. *Bounds*: four to
 * ten calls an agreement while its lists fit one page. *Faults*: an agreement that cannot be read is a fault of its own.
 */
export async function readAgreements(
  call: Call<MarketplaceApi>,
  ids: readonly string[],
  fields: readonly string[],
): Promise<Result<readonly ReadOutcome[]>> {
  const offers: OffersRead = new Map();
  const isId = (text: string): boolean => agreementIdForm.test(text);
  return readEach(ids, isId, (id) => readAgreement(call, id, fields, offers));
}

/** What AWS takes for an agreement's id. *Source*: ResourceId in the service model. */
const agreementIdForm = /^[\w/-]{1,64}$/;

/** States after which cancellation requests, or terms, do not move any more. */
const ENDED: ReadonlySet<string> = new Set([
  'ARCHIVED',
  'EXPIRED',
  'RENEWED',
  'REPLACED',
  'ROLLED_BACK',
  'SUPERSEDED',
  'TERMINATED',
]);

async function readAgreement(
  call: Call<MarketplaceApi>,
  id: string,
  fields: readonly string[],
  offers: OffersRead,
): Promise<Result<ReadOutcome>> {
  const told = await ask(call, 'DescribeAgreement', agreementAnswer, (api, signal) =>
    api.agreement(new DescribeAgreementCommand({ agreementId: id }), signal),
  );
  // AWS keeps agreements for good, and tells of one that is somebody else's what it tells of one that never was.
  if (!told.ok) return told.fault.kind === 'missing' ? succeed({ outcome: 'missing' }) : told;
  const { value: agreement, answeredAt } = told.value;
  const acceptance = exactInstant(agreement.acceptanceTime);
  if (acceptance === undefined) return { ok: false, fault: undated };
  const parts = await readParts(call, agreement, offers);
  if (!parts.ok) return parts;
  const { values, times } = agreementFields({ ...parts.value, answeredAt });
  const asked = Object.entries(values).filter(([field]) => fields.includes(field));
  return succeed({
    outcome: 'found',
    snapshot: {
      externalId: agreement.agreementId,
      modifiedAt: acceptance.ms,
      createdAt: acceptance.ms,
      values: Object.fromEntries(asked),
      fieldTimes: times,
    },
  });
}

async function readParts(
  call: Call<MarketplaceApi>,
  agreement: AgreementAnswer,
  offers: OffersRead,
): Promise<Result<Omit<AgreementParts, 'answeredAt'>>> {
  const { agreementId, status } = agreement;
  const hasEnded = ENDED.has(status ?? '');
  const terms = hasEnded || status === 'CANCELLED' ? succeed(undefined) : await readTerms(call, agreementId);
  if (!terms.ok) return terms;
  const granted = await readEntitlements(call, agreementId);
  if (!granted.ok) return granted;
  const invoiced = await readInvoices(call, agreementId);
  if (!invoiced.ok) return invoiced;
  const requests = hasEnded ? succeed(undefined) : await readCancellations(call, agreementId);
  if (!requests.ok) return requests;
  // What was never invoiced cannot be adjusted.
  const adjusted = invoiced.value.length === 0 ? succeed([]) : await readAdjustments(call, agreementId);
  if (!adjusted.ok) return adjusted;
  const succession = await readSuccession(call, agreement);
  if (!succession.ok) return succession;
  const offer = await readOfferBehind(call, agreement, succession.value, offers);
  if (!offer.ok) return offer;
  return succeed({
    agreement,
    terms: terms.value,
    entitlements: granted.value,
    invoices: invoiced.value,
    cancellations: requests.value,
    adjustments: adjusted.value,
    succession: succession.value,
    offer: offer.value,
  });
}

function readTerms(call: Call<MarketplaceApi>, agreementId: string) {
  return askAll('GetAgreementTerms', pagesMax, async (token) => {
    const told = await ask(call, 'GetAgreementTerms', acceptedTerms, (api, signal) =>
      api.agreement(new GetAgreementTermsCommand({ agreementId, ...pageAt(token) }), signal),
    );
    return told.ok ? succeed({ rows: told.value.value.acceptedTerms, next: told.value.value.nextToken }) : told;
  });
}

function readEntitlements(call: Call<MarketplaceApi>, agreementId: string) {
  return askAll('GetAgreementEntitlements', pagesMax, async (token) => {
    const told = await ask(call, 'GetAgreementEntitlements', entitlements, (api, signal) =>
      api.agreement(new GetAgreementEntitlementsCommand({ agreementId, ...pageAt(token) }), signal),
    );
    if (!told.ok) return told;
    const { agreementEntitlements, nextToken } = told.value.value;
    return succeed({ rows: agreementEntitlements, next: nextToken });
  });
}

function readInvoices(call: Call<MarketplaceApi>, agreementId: string) {
  return askAll('ListAgreementInvoiceLineItems', pagesMax, async (token) => {
    const told = await ask(call, 'ListAgreementInvoiceLineItems', invoices, (api, signal) => {
      const input = { agreementId, groupBy: 'INVOICE_ID', ...pageAt(token) } as const;
      return api.agreement(new ListAgreementInvoiceLineItemsCommand(input), signal);
    });
    if (!told.ok) return told;
    const { agreementInvoiceLineItemGroupSummaries, nextToken } = told.value.value;
    return succeed({ rows: agreementInvoiceLineItemGroupSummaries, next: nextToken });
  });
}

function readCancellations(call: Call<MarketplaceApi>, agreementId: string) {
  return askAll('ListAgreementCancellationRequests', pagesMax, async (token) => {
    const told = await ask(call, 'ListAgreementCancellationRequests', cancellations, (api, signal) => {
      const input = { partyType: 'Proposer', catalog: CATALOG, agreementId, ...pageAt(token) };
      return api.agreement(new ListAgreementCancellationRequestsCommand(input), signal);
    });
    return told.ok ? succeed({ rows: told.value.value.items, next: told.value.value.nextToken }) : told;
  });
}

function readAdjustments(call: Call<MarketplaceApi>, agreementId: string) {
  return askAll('ListBillingAdjustmentRequests', pagesMax, async (token) => {
    const told = await ask(call, 'ListBillingAdjustmentRequests', adjustments, (api, signal) => {
      const input = { catalog: CATALOG, agreementId, ...pageAt(token) };
      return api.agreement(new ListBillingAdjustmentRequestsCommand(input), signal);
    });
    return told.ok ? succeed({ rows: told.value.value.items, next: told.value.value.nextToken }) : told;
  });
}

function pageAt(token: string | undefined): { readonly maxResults: number; readonly nextToken?: string } {
  return { maxResults: pageSize, ...(token === undefined ? {} : { nextToken: token }) };
}

/** Nothing is derived where the buyer or the product is not known. */
async function readSuccession(
  call: Call<MarketplaceApi>,
  agreement: AgreementAnswer,
): Promise<Result<Succession | undefined>> {
  const buyer = agreement.acceptor?.accountId;
  const product = agreement.proposalSummary?.resources[0]?.id;
  if (!buyer || !product) return succeed(undefined);
  const siblings = await searchSiblings(call, buyer, product);
  return siblings.ok ? succeed(successionOf(agreement, siblings.value)) : siblings;
}

const undated: Fault = {
  kind: 'defect',
  code: 'AGREEMENT_UNDATED',
  message: 'AWS Marketplace answered an agreement without a time of acceptance the hub can read.',
};
