import { customProperty, optionsOf, type PropertyDefinition } from './property-definition.ts';

const multiline = { fieldType: 'textarea' };
const multiSelect = { fieldType: 'checkbox' };

/** What a deal's way over a cloud marketplace needs on deals, as the mapping names it. */
export const marketplaceProperties: readonly PropertyDefinition[] = [
  customProperty('string', 'aws_product_id', 'AWS Product Id'),
  customProperty('string', 'aws_buyer_account', 'AWS Buyer Account'),
  customProperty('bool', 'aws_offer_requested', 'AWS Offer Requested'),
  customProperty('number', 'contract_months', 'Contract Months'),
  customProperty('string', 'aws_dimension', 'AWS Dimension'),
  customProperty('string', 'aws_payment_schedule', 'AWS Payment Schedule'),
  customProperty('string', 'aws_offer_id', 'AWS Offer Id'),
  customProperty('enumeration', 'aws_offer_state', 'AWS Offer State', {
    options: optionsOf('draft', 'released', 'expired'),
  }),
  customProperty('enumeration', 'aws_offer_request', 'AWS Offer Request', {
    options: optionsOf('waiting', 'incomplete', 'under-way', 'refused', 'made'),
  }),
  customProperty('string', 'aws_offer_error', 'AWS Offer Error', multiline),
  customProperty('date', 'aws_offer_expiry', 'AWS Offer Expiry'),
  customProperty('string', 'aws_agreement_id', 'AWS Agreement Id'),
  customProperty('enumeration', 'aws_agreement_status', 'AWS Agreement Status', {
    options: optionsOf(
      'active',
      'archived',
      'cancelled',
      'expired',
      'renewed',
      'replaced',
      'rolled-back',
      'superseded',
      'terminated',
    ),
  }),
  customProperty('datetime', 'aws_accepted_at', 'AWS Accepted At'),
  customProperty('date', 'aws_agreement_start', 'AWS Agreement Start'),
  customProperty('date', 'aws_agreement_end', 'AWS Agreement End'),
  customProperty('bool', 'aws_auto_renew', 'AWS Auto Renew'),
  customProperty('string', 'predecessor_deal_id', 'Predecessor Deal Id'),
  customProperty('string', 'aws_license_arn', 'AWS License Arn'),
  customProperty('enumeration', 'aws_entitlement_status', 'AWS Entitlement Status', {
    options: optionsOf('pending', 'scheduled', 'provisioned', 'failed', 'deprovisioned'),
  }),
  customProperty('number', 'aws_charged', 'AWS Charged'),
  customProperty('number', 'aws_invoiced', 'AWS Invoiced'),
  customProperty('number', 'aws_adjusted', 'AWS Adjusted'),
  customProperty('date', 'aws_next_charge_date', 'AWS Next Charge Date'),
  customProperty('number', 'aws_next_charge_amount', 'AWS Next Charge Amount'),
  customProperty('enumeration', 'aws_cancellation', 'AWS Cancellation', {
    options: optionsOf('pending-approval', 'approved', 'rejected', 'cancelled', 'validation-failed'),
  }),
  customProperty('number', 'tax_amount', 'Tax Amount'),
  customProperty('bool', 'aws_committed_spend', 'AWS Committed Spend'),
  customProperty('number', 'exchange_rate', 'Exchange Rate'),
  customProperty('date', 'exchange_day', 'Exchange Day'),
  customProperty('string', 'reporting_currency', 'Reporting Currency'),
];

/** What co-selling with AWS needs on deals. */
export const coSellProperties: readonly PropertyDefinition[] = [
  customProperty('bool', 'aws_co_sell_requested', 'AWS Co Sell Requested'),
  customProperty('string', 'aws_co_sell_id', 'AWS Co Sell Id'),
  customProperty('enumeration', 'aws_co_sell_request', 'AWS Co Sell Request', {
    options: optionsOf('waiting', 'incomplete', 'under-way', 'refused', 'made'),
  }),
  customProperty('string', 'aws_co_sell_error', 'AWS Co Sell Error', multiline),
  customProperty('enumeration', 'aws_co_sell_status', 'AWS Co Sell Status', {
    options: optionsOf('pending-submission', 'submitted', 'in-review', 'approved', 'rejected', 'action-required'),
  }),
  customProperty('string', 'aws_co_sell_comments', 'AWS Co Sell Comments', multiline),
  customProperty('string', 'aws_co_sell_solution', 'AWS Co Sell Solution'),
  customProperty('enumeration', 'aws_co_sell_needs', 'AWS Co Sell Needs', {
    ...multiSelect,
    options: optionsOf(
      'architectural-validation',
      'business-presentation',
      'competitive-information',
      'pricing-assistance',
      'technical-consultation',
      'total-cost-evaluation',
      'deal-support',
      'public-tender',
    ),
  }),
  customProperty('enumeration', 'aws_co_sell_involvement', 'AWS Co Sell Involvement', {
    options: optionsOf('co-sell', 'for-visibility-only'),
  }),
  customProperty('string', 'aws_co_sell_use_case', 'AWS Co Sell Use Case'),
  customProperty('string', 'aws_co_sell_problem', 'AWS Co Sell Problem', multiline),
  customProperty('enumeration', 'aws_co_sell_delivery', 'AWS Co Sell Delivery', {
    ...multiSelect,
    options: optionsOf('saas-or-paas', 'byol-or-ami', 'managed-services', 'professional-services', 'resell', 'other'),
  }),
  customProperty('enumeration', 'lost_reason', 'Lost Reason', {
    options: optionsOf(
      'customer-deficiency',
      'customer-experience',
      'delayed-or-cancelled',
      'financial-or-commercial',
      'legal-tax-or-regulatory',
      'lost-to-google',
      'lost-to-microsoft',
      'lost-to-softlayer',
      'lost-to-vmware',
      'lost-to-other',
      'no-opportunity',
      'on-premises',
      'partner-gap',
      'people-or-governance',
      'price',
      'product-or-technology',
      'security-or-compliance',
      'technical-limitations',
      'other',
    ),
  }),
];
