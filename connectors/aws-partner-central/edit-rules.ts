/** What may be edited while an opportunity stands in a review status. */
export type EditRule =
  | { readonly editable: 'all' }
  | { readonly editable: 'none' }
  /** Only these, by their paths. */
  | { readonly editable: 'only'; readonly fields: readonly string[] }
  | { readonly editable: 'all-but'; readonly fields: readonly string[] };

/** Fields of the customer's address. */
const address = [
  'Customer.Account.Address.City',
  'Customer.Account.Address.CountryCode',
  'Customer.Account.Address.PostalCode',
  'Customer.Account.Address.StateOrRegion',
  'Customer.Account.Address.StreetAddress',
];

/**
 * What AWS lets a partner edit, by `LifeCycle.ReviewStatus` in lower case. The mapping's `waits` say the same to the hub, so that
 * edits wait there; these rules are the connector's own guard, for the moment in between and for mappings without them.
 *
 * *Source*: https://docs.aws.amazon.com/partner-central/latest/developer-guide/working-with-opportunity-updates.html and the
 * documentation of `ReviewStatus` in the service model (which adds that a rejected opportunity is read-only).
 */
const editRules: Readonly<Record<string, EditRule>> = {
  'pending submission': { editable: 'all' },
  submitted: { editable: 'none' },
  'in review': { editable: 'none' },
  rejected: { editable: 'none' },
  'action required': {
    editable: 'only',
    fields: [
      ...address,
      'Customer.Account.WebsiteUrl',
      'LifeCycle.TargetCloseDate',
      'PartnerOpportunityIdentifier',
      'Project.CustomerBusinessProblem',
      'Project.ExpectedContractDuration.Value',
      'Project.ExpectedCustomerSpend.AWS.Amount',
      'Project.ExpectedCustomerSpend.AWS.CurrencyCode',
      'Project.ExpectedCustomerSpend.Self.Amount',
      'Project.ExpectedCustomerSpend.Self.CurrencyCode',
    ],
  },
  approved: {
    editable: 'all-but',
    fields: [
      'Customer.Account.Address.CountryCode',
      'Customer.Account.Address.PostalCode',
      'Customer.Account.Industry',
      'Customer.Account.WebsiteUrl',
      'PartnerOpportunityIdentifier',
      'Project.CustomerBusinessProblem',
      'Project.Title',
    ],
  },
};

/**
 * The fields among these that may not be edited in this review status. A status nobody knows, or none (AWS's own referrals may
 * carry none), locks nothing: AWS decides.
 */
export function lockedFields(reviewStatus: string | undefined, fields: readonly string[]): readonly string[] {
  // AWS writes "In review", "In Review" and "In-Review".
  const status = reviewStatus?.toLowerCase().replace('-', ' ') ?? '';
  const rule = Object.hasOwn(editRules, status) ? editRules[status] : undefined;
  switch (rule?.editable) {
    case 'none':
      return fields;
    case 'only':
      return fields.filter((field) => !rule.fields.includes(field));
    case 'all-but':
      return fields.filter((field) => rule.fields.includes(field));
    default:
      return [];
  }
}
