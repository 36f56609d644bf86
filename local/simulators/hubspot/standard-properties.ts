import { industries } from './industries.ts';
import { coSellProperties, marketplaceProperties } from './marketplace-properties.ts';
import type { ObjectType } from './object-types.ts';
import { customProperty, optionsOf, type PropertyDefinition, standardProperty } from './property-definition.ts';

const multiline = { fieldType: 'textarea' };
const readOnly = { isReadOnly: true };
const multiSelect = { fieldType: 'checkbox' };

/** The hub's own id on a record: unique, so that a repeated create is refused instead of making a second record. */
const tributaryId = customProperty('string', 'tributary_id', 'Tributary ID', { hasUniqueValue: true });

const products = optionsOf('analytics', 'automation', 'data-platform', 'integration', 'security', 'support');

function systemProperties(createdProperty: string, modifiedProperty: string): PropertyDefinition[] {
  return [
    standardProperty('number', 'hs_object_id', 'Record ID', readOnly),
    standardProperty('datetime', createdProperty, 'Create Date', readOnly),
    standardProperty('datetime', modifiedProperty, 'Last Modified Date', readOnly),
    standardProperty('string', 'hs_merged_object_ids', 'Merged record IDs', readOnly),
    standardProperty('enumeration', 'hubspot_owner_id', 'Owner', { referencedObjectType: 'OWNER' }),
  ];
}

const lifecycleStage = standardProperty('enumeration', 'lifecyclestage', 'Lifecycle Stage', {
  options: optionsOf(
    'subscriber',
    'lead',
    'marketingqualifiedlead',
    'salesqualifiedlead',
    'opportunity',
    'customer',
    'evangelist',
    'other',
  ),
});

const companyProperties: readonly PropertyDefinition[] = [
  ...systemProperties('createdate', 'hs_lastmodifieddate'),
  standardProperty('string', 'name', 'Company name'),
  standardProperty('string', 'domain', 'Company Domain Name'),
  standardProperty('string', 'website', 'Website URL'),
  standardProperty('string', 'phone', 'Phone Number'),
  standardProperty('enumeration', 'industry', 'Industry', { options: optionsOf(...industries) }),
  standardProperty('enumeration', 'type', 'Type', {
    options: optionsOf('PROSPECT', 'PARTNER', 'RESELLER', 'VENDOR', 'OTHER'),
  }),
  standardProperty('string', 'address', 'Street Address'),
  standardProperty('string', 'address2', 'Street Address 2'),
  standardProperty('string', 'city', 'City'),
  standardProperty('string', 'state', 'State/Region'),
  standardProperty('string', 'zip', 'Postal Code'),
  standardProperty('string', 'country', 'Country/Region'),
  standardProperty('number', 'numberofemployees', 'Number of Employees'),
  standardProperty('number', 'annualrevenue', 'Annual Revenue'),
  standardProperty('string', 'description', 'Description', multiline),
  standardProperty('string', 'linkedin_company_page', 'LinkedIn Company Page'),
  lifecycleStage,
  tributaryId,
  customProperty('enumeration', 'partner_tier', 'Partner tier', {
    options: optionsOf('registered', 'silver', 'gold', 'platinum'),
  }),
  customProperty('enumeration', 'partner_status', 'Partner status', {
    options: optionsOf('prospect', 'onboarding', 'active', 'suspended', 'terminated'),
  }),
  customProperty('enumeration', 'specializations', 'Specializations', {
    ...multiSelect,
    options: optionsOf(
      'application-development',
      'cloud-migration',
      'data-analytics',
      'devops',
      'machine-learning',
      'managed-services',
      'sap',
      'security',
    ),
  }),
  customProperty('string', 'tax_id', 'Tax ID'),
  customProperty('string', 'revenue_currency', 'Revenue currency'),
];

const contactProperties: readonly PropertyDefinition[] = [
  ...systemProperties('createdate', 'lastmodifieddate'),
  standardProperty('string', 'firstname', 'First Name'),
  standardProperty('string', 'lastname', 'Last Name'),
  standardProperty('string', 'email', 'Email', { hasUniqueValue: true }),
  standardProperty('string', 'hs_additional_emails', 'Additional email addresses', readOnly),
  standardProperty('string', 'phone', 'Phone Number'),
  standardProperty('string', 'mobilephone', 'Mobile Phone Number'),
  standardProperty('string', 'jobtitle', 'Job Title'),
  standardProperty('string', 'company', 'Company Name'),
  standardProperty('string', 'website', 'Website URL'),
  standardProperty('string', 'address', 'Street Address'),
  standardProperty('string', 'city', 'City'),
  standardProperty('string', 'state', 'State/Region'),
  standardProperty('string', 'zip', 'Postal Code'),
  standardProperty('string', 'country', 'Country/Region'),
  standardProperty('bool', 'hs_email_optout', 'Unsubscribed from all email', readOnly),
  lifecycleStage,
  tributaryId,
  customProperty('string', 'department', 'Department'),
];

const dealProperties: readonly PropertyDefinition[] = [
  ...systemProperties('createdate', 'hs_lastmodifieddate'),
  standardProperty('string', 'dealname', 'Deal Name'),
  standardProperty('number', 'amount', 'Amount'),
  standardProperty('enumeration', 'deal_currency_code', 'Currency'),
  standardProperty('datetime', 'closedate', 'Close Date'),
  standardProperty('enumeration', 'pipeline', 'Pipeline'),
  standardProperty('enumeration', 'dealstage', 'Deal Stage', { fieldType: 'radio' }),
  standardProperty('enumeration', 'dealtype', 'Deal Type', {
    fieldType: 'radio',
    options: [
      { value: 'newbusiness', label: 'New Business' },
      { value: 'existingbusiness', label: 'Existing Business' },
    ],
  }),
  standardProperty('enumeration', 'hs_priority', 'Priority', { options: optionsOf('low', 'medium', 'high') }),
  standardProperty('string', 'hs_next_step', 'Next step'),
  standardProperty('string', 'description', 'Deal Description', multiline),
  tributaryId,
  ...marketplaceProperties,
  ...coSellProperties,
  customProperty('string', 'registration_id', 'Registration ID'),
  customProperty('enumeration', 'products', 'Products', { ...multiSelect, options: products }),
  customProperty('enumeration', 'deal_source', 'Deal source', {
    options: optionsOf('partner', 'marketplace', 'web', 'event', 'referral', 'outbound', 'other'),
  }),
];

const leadProperties: readonly PropertyDefinition[] = [
  ...systemProperties('hs_createdate', 'hs_lastmodifieddate'),
  standardProperty('string', 'hs_lead_name', 'Lead name'),
  standardProperty('enumeration', 'hs_lead_type', 'Lead type', {
    options: optionsOf('NEW_BUSINESS', 'RE_ATTEMPTING', 'UPSELL'),
  }),
  standardProperty('enumeration', 'hs_lead_label', 'Lead label', { options: optionsOf('HOT', 'WARM', 'COLD') }),
  standardProperty('enumeration', 'hs_pipeline', 'Lead pipeline'),
  standardProperty('enumeration', 'hs_pipeline_stage', 'Lead stage'),
  tributaryId,
  customProperty('string', 'lead_company', 'Company of the lead'),
  customProperty('enumeration', 'lead_source', 'Lead source', {
    options: optionsOf('partner', 'marketplace', 'web', 'event', 'referral', 'outbound', 'other'),
  }),
  customProperty('enumeration', 'product_interest', 'Product interest', { ...multiSelect, options: products }),
  customProperty('string', 'description', 'Description', multiline),
];

const lineItemProperties: readonly PropertyDefinition[] = [
  ...systemProperties('createdate', 'hs_lastmodifieddate'),
  standardProperty('string', 'name', 'Name'),
  standardProperty('string', 'hs_sku', 'SKU'),
  standardProperty('string', 'hs_product_id', 'Product ID'),
  standardProperty('string', 'description', 'Description', multiline),
  standardProperty('number', 'quantity', 'Quantity'),
  standardProperty('number', 'price', 'Unit price'),
  standardProperty('number', 'discount', 'Unit discount'),
  standardProperty('number', 'hs_discount_percentage', 'Discount Percentage'),
  standardProperty('string', 'hs_line_item_currency_code', 'Currency'),
];

/**
 * The properties of the simulated account: the vendor's standard ones that matter to an integration, and the custom
 * ones Tributary's mappings use. Pipelines, stages and currencies get their options from the account.
 */
export const standardProperties: Readonly<Record<ObjectType, readonly PropertyDefinition[]>> = {
  companies: companyProperties,
  contacts: contactProperties,
  deals: dealProperties,
  leads: leadProperties,
  line_items: lineItemProperties,
};
