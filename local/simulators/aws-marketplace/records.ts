import type { JsonObject } from '../aws/aws-result.ts';

/** A way a product is priced by. `Entitled`: paid ahead; `ExternallyMetered`: paid by use. */
export interface Dimension {
  readonly Key: string;
  readonly Name: string;
  readonly Description: string;
  readonly Unit: string;
  readonly Types: readonly string[];
}

/** A SaaS product. Times are epoch ms here and in all records. */
export interface Product {
  readonly id: string;
  readonly revision: number;
  readonly modifiedAt: number;
  readonly title: string;
  /** What entitlements and metering call the product by. */
  readonly code: string;
  readonly visibility: 'Draft' | 'Limited' | 'Public' | 'Restricted';
  readonly description: string;
  readonly dimensions: readonly Dimension[];
}

/** A term as the Catalog spells it; `Type` says which members there are. */
export type Term = JsonObject & { readonly Type: string };

export interface Targeting {
  readonly BuyerAccounts?: readonly string[] | undefined;
  readonly CountryCodes?: readonly string[] | undefined;
}

export interface Offer {
  readonly id: string;
  readonly revision: number;
  readonly modifiedAt: number;
  readonly productId: string;
  readonly state: 'Draft' | 'Released';
  readonly name?: string;
  readonly description?: string;
  readonly pricingModel?: string;
  readonly terms: readonly Term[];
  readonly positiveTargeting?: Targeting | undefined;
  readonly negativeTargeting?: Targeting | undefined;
  /** Last day on which it can be accepted, `YYYY-MM-DD`. */
  readonly availabilityEndDate?: string;
  readonly preExistingAgreement?: JsonObject | undefined;
  readonly releasedAt?: number;
  /** The agreement that this offer replaces when it is accepted. */
  readonly replacesAgreementId?: string;
}

export interface ChangeError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export interface RequestedChange {
  readonly changeType: string;
  readonly changeName?: string | undefined;
  readonly entityType: string;
  /** As it was asked for: an id, or `$ChangeName.Entity.Identifier`, or none for what is created. */
  readonly identifier?: string | undefined;
  readonly details: unknown;
  /** Put on the entity when the change is made. */
  readonly tags?: readonly Tag[] | undefined;
  /** What the change was found to be about, with its revision, once it is done. */
  readonly entityIdentifier?: string | undefined;
  readonly errors: readonly ChangeError[];
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly clientRequestToken: string | undefined;
  /** The request as text, to tell a repeated call from another one under the same token. */
  readonly request: string;
  readonly intent: 'APPLY' | 'VALIDATE';
  readonly startedAt: number;
  readonly applyAt: number;
  readonly finishAt: number;
  readonly endedAt?: number;
  readonly status: 'PREPARING' | 'APPLYING' | 'SUCCEEDED' | 'CANCELLED' | 'FAILED';
  readonly failureCode?: 'CLIENT_ERROR' | 'SERVER_FAULT';
  readonly failureDescription?: string;
  readonly changes: readonly RequestedChange[];
  /** Entities that are locked while it runs. */
  readonly lockedIds: readonly string[];
  /** Asked for by a test: it ends as a fault of AWS. */
  readonly isToFail?: boolean;
}

export type AgreementStatus =
  | 'ACTIVE'
  | 'ARCHIVED'
  | 'CANCELLED'
  | 'EXPIRED'
  | 'RENEWED'
  | 'REPLACED'
  | 'ROLLED_BACK'
  | 'SUPERSEDED'
  | 'TERMINATED';

export type EntitlementStatus = 'PROVISIONED' | 'SCHEDULED' | 'PENDING' | 'FAILED' | 'DEPROVISIONED';

/** What the buyer chose of a dimension. */
export interface Grant {
  readonly dimensionKey: string;
  readonly quantity: number;
}

export interface Agreement {
  readonly id: string;
  readonly status: AgreementStatus;
  readonly intent: 'NEW' | 'RENEW' | 'REPLACE' | 'AMEND';
  readonly acceptorId: string;
  readonly proposerId: string;
  readonly offerId: string;
  readonly productId: string;
  readonly resaleAuthorizationId?: string | undefined;
  readonly previousAgreementId?: string | undefined;
  readonly acceptedAt: number;
  readonly startAt: number;
  /** None for pay-as-you-go agreements. */
  readonly endAt?: number | undefined;
  readonly currencyCode: string;
  /** Decimal text. */
  readonly value: string;
  readonly terms: readonly Term[];
  readonly grants: readonly Grant[];
  /** The selector of the rate card that was chosen, for example `P12M`. */
  readonly selector?: string | undefined;
  readonly autoRenew: boolean;
  readonly licenseArn: string;
  readonly entitlementStatus: EntitlementStatus;
  readonly purchaseOrder?: string | undefined;
}

export interface Charge {
  readonly id: string;
  readonly agreementId: string;
  readonly revision: number;
  readonly currencyCode: string;
  /** Decimal text. */
  readonly amount: string;
  readonly at: number;
  readonly purchaseOrder?: string | undefined;
  readonly invoiceId?: string | undefined;
}

export interface Invoice {
  readonly id: string;
  readonly agreementId: string;
  readonly type: 'INVOICE' | 'CREDIT_MEMO';
  readonly currencyCode: string;
  /** Decimal text, without tax; negative on a credit memo. */
  readonly amount: string;
  readonly issuedAt: number;
}

export interface Cancellation {
  readonly id: string;
  readonly agreementId: string;
  readonly reasonCode: string;
  readonly description?: string | undefined;
  readonly status: 'PENDING_APPROVAL' | 'APPROVED' | 'REJECTED' | 'CANCELLED' | 'VALIDATION_FAILED';
  readonly statusMessage?: string | undefined;
  readonly clientToken: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Adjustment {
  readonly id: string;
  readonly agreementId: string;
  readonly invoiceId: string;
  /** Decimal text, positive. */
  readonly amount: string;
  readonly currencyCode: string;
  readonly reasonCode: string;
  readonly description?: string | undefined;
  readonly status: 'PENDING' | 'VALIDATION_FAILED' | 'COMPLETED';
  readonly statusMessage?: string | undefined;
  readonly clientToken: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface ResourceTags {
  /** The ARN of the resource. */
  readonly id: string;
  readonly tags: readonly Tag[];
}
