import { type RowError, rowError } from '../api-error.ts';
import { formatDate, wholeSecond } from '../instants.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import { opportunityStages } from '../schema/opportunity.ts';
import { type FieldValues, isDeleted, type StoredRecord, storedRecord } from '../stored-record.ts';
import { createRecord, modification } from './save-record.ts';
import type { WriteContext } from './write-context.ts';

/** How a lead is converted; what is left out is created, like in the conversion dialogue. */
export interface LeadConversion {
  /** An existing account or contact to go on with instead of a new one. */
  readonly accountId?: string | undefined;
  readonly contactId?: string | undefined;
  /** Default true. */
  readonly createsOpportunity?: boolean | undefined;
  readonly opportunityName?: string | undefined;
  /** Default `Closed - Converted`. */
  readonly convertedStatus?: string | undefined;
}

export type LeadConversionOutcome =
  | {
      readonly ok: true;
      readonly leadId: string;
      readonly accountId: string;
      readonly contactId: string;
      readonly opportunityId: string | null;
    }
  | { readonly ok: false; readonly errors: readonly RowError[] };

/**
 * Converts a live lead into an account, a contact and, unless not wanted, an opportunity. Afterwards the lead is
 * read-only and names the three. All or nothing.
 */
export function convertLead(
  context: WriteContext,
  lead: StoredRecord,
  conversion: LeadConversion,
): LeadConversionOutcome {
  const { store } = context.org;
  if (isDeleted(lead) || lead.values.IsConverted === true) {
    return { ok: false, errors: [rowError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead')] };
  }
  const mark = store.mark();
  const outcome = convert(context, lead, conversion);
  if (!outcome.ok) store.rollBackTo(mark);
  return outcome;
}

function convert(context: WriteContext, lead: StoredRecord, conversion: LeadConversion): LeadConversionOutcome {
  const account = existingOrNew(context, 'Account', conversion.accountId, accountOf(lead.values));
  if (!account.ok) return account;
  const contact = existingOrNew(context, 'Contact', conversion.contactId, contactOf(lead.values, account.id));
  if (!contact.ok) return contact;
  const opportunity = opportunityFor(context, lead.values, conversion, account.id, contact.id);
  if (opportunity !== null && !opportunity.ok) return opportunity;

  const opportunityId = opportunity?.id ?? null;
  const stamp = wholeSecond(context.org.now());
  const converted = storedRecord({
    ...lead.values,
    IsConverted: true,
    Status: conversion.convertedStatus ?? 'Closed - Converted',
    ConvertedDate: formatDate(stamp),
    ConvertedAccountId: account.id,
    ConvertedContactId: contact.id,
    ConvertedOpportunityId: opportunityId,
    ...modification(stamp, context.userId),
  });
  context.org.store.put('Lead', converted, 'user');
  return { ok: true, leadId: lead.id, accountId: account.id, contactId: contact.id, opportunityId };
}

type Step = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly errors: readonly RowError[] };

function existingOrNew(context: WriteContext, object: string, id: string | undefined, values: FieldValues): Step {
  if (id === undefined) return createRecord(context, schemaOf(context, object), values);
  const existing = context.org.store.table(object).get(id);
  if (existing !== undefined && !isDeleted(existing)) return { ok: true, id };
  return { ok: false, errors: [rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')] };
}

/** The new opportunity is in the first stage, closes at the end of the quarter, and has the contact as primary role. */
function opportunityFor(
  context: WriteContext,
  lead: FieldValues,
  conversion: LeadConversion,
  accountId: string,
  contactId: string,
): Step | null {
  if (conversion.createsOpportunity === false) return null;
  const opportunity = createRecord(context, schemaOf(context, 'Opportunity'), {
    Name: conversion.opportunityName ?? `${String(lead.Company)}-`,
    AccountId: accountId,
    StageName: opportunityStages[0]?.name ?? null,
    CloseDate: quarterEnd(context.org.now()),
    OwnerId: lead.OwnerId ?? null,
    LeadSource: lead.LeadSource ?? null,
    ...currencyOf(lead),
  });
  if (!opportunity.ok) return opportunity;
  const role = createRecord(context, schemaOf(context, 'OpportunityContactRole'), {
    OpportunityId: opportunity.id,
    ContactId: contactId,
    IsPrimary: true,
  });
  return role.ok ? opportunity : role;
}

function accountOf(lead: FieldValues): FieldValues {
  return {
    Name: lead.Company ?? null,
    Phone: lead.Phone ?? null,
    Website: lead.Website ?? null,
    Industry: lead.Industry ?? null,
    Rating: lead.Rating ?? null,
    AnnualRevenue: lead.AnnualRevenue ?? null,
    NumberOfEmployees: lead.NumberOfEmployees ?? null,
    OwnerId: lead.OwnerId ?? null,
    ...addressOf(lead, 'Billing'),
    ...currencyOf(lead),
  };
}

function contactOf(lead: FieldValues, accountId: string): FieldValues {
  return {
    AccountId: accountId,
    FirstName: lead.FirstName ?? null,
    LastName: lead.LastName ?? null,
    Title: lead.Title ?? null,
    Email: lead.Email ?? null,
    Phone: lead.Phone ?? null,
    MobilePhone: lead.MobilePhone ?? null,
    LeadSource: lead.LeadSource ?? null,
    OwnerId: lead.OwnerId ?? null,
    ...addressOf(lead, 'Mailing'),
    ...currencyOf(lead),
  };
}

function addressOf(lead: FieldValues, prefix: string): FieldValues {
  const parts = ['Street', 'City', 'State', 'PostalCode', 'Country'];
  return Object.fromEntries(parts.map((part) => [`${prefix}${part}`, lead[part] ?? null]));
}

function currencyOf(lead: FieldValues): FieldValues {
  return lead.CurrencyIsoCode === undefined ? {} : { CurrencyIsoCode: lead.CurrencyIsoCode };
}

function quarterEnd(nowMs: number): string {
  const now = new Date(nowMs);
  const firstMonthOfNext = Math.floor(now.getUTCMonth() / 3) * 3 + 3;
  return formatDate(Date.UTC(now.getUTCFullYear(), firstMonthOfNext, 0));
}

function schemaOf(context: WriteContext, object: string): ObjectSchema {
  return context.org.store.table(object).schema;
}
