import type { Connector, ObjectConnector } from '../kit/connector.ts';
import { readAccount } from './account.ts';
import type { HubspotApi } from './api.ts';
import { authenticate, authSchemes } from './authenticate.ts';
import { classify, isExpired } from './classify.ts';
import { findCreated } from './find-created.ts';
import { type HubspotObject, objectTypes } from './object-types.ts';
import { openHubspotApi } from './open-api.ts';
import { budgets } from './rate-limits.ts';
import { readRecords } from './read-records.ts';
import { sweepPage } from './sweep.ts';
import { receiveWebhook, webhookBodyMax } from './webhook.ts';
import { writeRecords } from './write-records.ts';

/** The vendor's largest batch of records, of reads and writes alike. */
const batchMax = 100;

/**
 * HubSpot: companies, deals, contacts and leads of one account.
 *
 * Fields are HubSpot's property names, and beside them: `association.company.primary` (deal, contact), `association.contact`
 * (deal), `association.company` (lead), and `contact.id` and `contact.{property}` (lead) for the person a lead stands for.
 * What is peculiar about HubSpot, and what breaks if one forgets it, is in BEHAVIOR.md.
 */
export const hubspot: Connector<HubspotApi> = {
  system: 'hubspot',
  auth: authSchemes,
  budgets,
  authenticate,
  open: openHubspotApi,
  classify,
  isExpired,
  usage: (api) => api.limits(),
  account: readAccount,
  webhook: { bodyMax: webhookBodyMax, receive: receiveWebhook },
  objects: {
    company: serveObject('company'),
    deal: serveObject('deal'),
    contact: serveObject('contact'),
    lead: serveObject('lead'),
  },
};

function serveObject(object: HubspotObject): ObjectConnector<HubspotApi> {
  const type = objectTypes[object];
  return {
    readMax: batchMax,
    writeMax: batchMax,
    read: (call, ids, fields) => readRecords(call, type, ids, fields),
    write: (call, hubIdField, items) => writeRecords(call, type, hubIdField, items),
    find: (call, hubIdField, unifiedIds) => findCreated(call, type, hubIdField, unifiedIds),
    changes: (call, sweep) => sweepPage(call, type, sweep),
  };
}
