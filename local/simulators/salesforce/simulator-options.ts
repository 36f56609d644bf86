import type { OrgUser } from './org-users.ts';
import type { OutboundMessageTarget } from './outbound-messages.ts';
import type { DuplicateRule } from './records/duplicate-rules.ts';
import type { CustomField } from './schema/org-schema.ts';

/** How a simulated org is set up; everything has a default. */
export interface SalesforceSimulatorOptions {
  /** Loopback port; 0 lets the operating system choose. Default 0. */
  readonly port?: number;
  /** Epoch milliseconds. Default: the system's clock. */
  readonly now?: () => number;
  /** Where the records are kept over restarts; without it they live in memory only. */
  readonly file?: string;
  /** 15 or 18 characters beginning with `00D`. Characters 4 and 5 are in every record id of the org. */
  readonly organizationId?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Public keys (PEM) of the connected app's certificates. With none, JWT assertions are accepted unverified. */
  readonly jwtPublicKeys?: readonly string[];
  /** The user that clients with client credentials run as. Default: the first user. */
  readonly runAsUsername?: string;
  /** The users of a new org. Default: four, one of them inactive. */
  readonly users?: readonly OrgUser[];
  /** Newest version the org lists and names in messages, for example `67.0`; any `vNN.0` is served. */
  readonly apiVersion?: string;
  /** Active currencies, the corporate one first. Default USD, EUR, GBP. A single one makes a single-currency org. */
  readonly currencies?: readonly string[];
  /** API calls allowed in 24 hours. Default 100,000. */
  readonly dailyRequestsMax?: number;
  readonly customFields?: readonly CustomField[];
  /** Fields that this org does not have, as `Opportunity.AWS_Offer_Id__c`. */
  readonly missingFields?: readonly string[];
  readonly outboundMessages?: readonly OutboundMessageTarget[];
  /** Wait before the given attempt (2, 3, …) of an outbound message, in ms. Default: doubling from 500 ms to two hours. */
  readonly outboundBackOffMs?: (attempt: number) => number;
  readonly duplicateRules?: readonly DuplicateRule[];
  /** Told of exceptions while serving, which are defects of the simulator. */
  readonly onDefect?: (defect: unknown) => void;
}

/** The defaults that clients need to know to sign in. */
export const salesforceDefaults = {
  organizationId: '00DTb0000000001',
  clientId: 'tributary-simulated-client',
  clientSecret: 'tributary-simulated-secret',
  apiVersion: '67.0',
  currencies: ['USD', 'EUR', 'GBP'],
  dailyRequestsMax: 100_000,
} as const;
