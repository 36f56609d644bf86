/** How a system writes the same facts differently from the others; what lets one codec serve them all. */
export interface SystemForm {
  /** What it takes for "holds nothing". Both are understood when reading. */
  readonly empty: null | '';
  readonly numbers: 'number' | 'text';
  readonly booleans: 'boolean' | 'text';
  /** The line end it keeps in long texts. */
  readonly lineEnd: '\n' | '\r\n';
}

/**
 * The systems that mappings may be written for.
 *
 * *Source*: Salesforce REST data types, https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/primitive_data_types.htm;
 * HubSpot property values, https://developers.hubspot.com/docs/guides/api/crm/properties: all of them text, cleared by an empty one;
 * the AWS service models: amounts are text, a member that is left out holds nothing.
 */
export const SYSTEM_FORMS: Readonly<Record<string, SystemForm>> = {
  salesforce: { empty: null, numbers: 'number', booleans: 'boolean', lineEnd: '\r\n' },
  hubspot: { empty: '', numbers: 'text', booleans: 'text', lineEnd: '\n' },
  'aws-marketplace': { empty: null, numbers: 'text', booleans: 'boolean', lineEnd: '\n' },
  'aws-partner-central': { empty: null, numbers: 'text', booleans: 'boolean', lineEnd: '\n' },
};
