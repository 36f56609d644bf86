import type { Connector, ObjectConnector } from '../kit/connector.ts';
import { authenticate, authSchemes } from './authenticate.ts';
import { classify, isExpired } from './classify.ts';
import { findCreated } from './find-created.ts';
import { findNewcomers } from './find-newcomers.ts';
import { bodyMax, receiveOutboundMessage } from './outbound-message.ts';
import { readAccount } from './read-account.ts';
import { readMax, readRecords } from './read-records.ts';
import { openSalesforce, type SalesforceApi } from './salesforce-api.ts';
import { type ObjectShape, standardObjects } from './standard-objects.ts';
import { sweepAll } from './sweep-all.ts';
import { sweepChanges } from './sweep-changes.ts';
import { sweepDeletions } from './sweep-deletions.ts';
import { writeMax, writeRecords } from './write-records.ts';

/** Salesforce: accounts, contacts, opportunities and leads over the REST API. What is peculiar is in `BEHAVIOR.md`. */
export const salesforce: Connector<SalesforceApi> = {
  system: 'salesforce',
  auth: authSchemes,
  budgets: [
    {
      // The smallest paid allowance there is; every answer tells the org's own, which then counts.
      name: 'daily',
      limit: 15_000,
      windowMs: 86_400_000,
      source:
        'https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm',
    },
  ],
  authenticate,
  open: openSalesforce,
  classify,
  isExpired,
  usage: (api) => api.takeUsage(),
  account: readAccount,
  webhook: {
    bodyMax,
    receive: (request, settings, credentials) => receiveOutboundMessage(request, settings, credentials),
  },
  objects: {
    Account: serveObject(standardObjects.Account),
    Contact: serveObject(standardObjects.Contact),
    Lead: serveObject(standardObjects.Lead),
    Opportunity: serveObject(standardObjects.Opportunity),
  },
};

function serveObject(object: ObjectShape): ObjectConnector<SalesforceApi> {
  return {
    readMax,
    writeMax,
    read: (call, ids, fields) => readRecords(call, object, ids, fields),
    write: (call, hubIdField, items) => writeRecords(call, object, hubIdField, items),
    find: (call, hubIdField, unifiedIds) => findCreated(call, object, hubIdField, unifiedIds),
    newcomers: (call, hubIdField, since) => findNewcomers(call, object, hubIdField, since),
    changes(call, sweep) {
      switch (sweep.mode) {
        case 'changes':
          return sweepChanges(call, object, sweep);
        case 'deletions':
          return sweepDeletions(call, object, sweep);
        case 'walk':
        case 'backfill':
          return sweepAll(call, object, sweep);
      }
    },
  };
}
