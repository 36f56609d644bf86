import { defineField, type FieldSchema } from './field-schema.ts';

/**
 * What a deal's way over a cloud marketplace needs on Opportunity, as the mapping names it. Amounts keep six decimals: charges by
 * usage have more than two, and an org rounds what does not fit.
 */
export const marketplaceFields: readonly FieldSchema[] = [
  defineField('AWS_Product_Id__c', 'string', 'AWS Product', { length: 80 }),
  defineField('AWS_Buyer_Account__c', 'string', 'AWS Buyer Account', { length: 20 }),
  defineField('AWS_Offer_Requested__c', 'boolean', 'Make Private Offer'),
  defineField('Contract_Months__c', 'double', 'Contract Months', { precision: 3 }),
  defineField('AWS_Dimension__c', 'string', 'AWS Dimension', { length: 255 }),
  defineField('AWS_Payment_Schedule__c', 'string', 'AWS Payment Schedule', { length: 255 }),
  defineField('AWS_Offer_Id__c', 'string', 'AWS Offer', { length: 80 }),
  defineField('AWS_Offer_State__c', 'picklist', 'AWS Offer State', { picklist: ['Draft', 'Released', 'Expired'] }),
  defineField('AWS_Offer_Request__c', 'picklist', 'Private Offer Asked For', {
    picklist: ['Waiting', 'Incomplete', 'Under Way', 'Refused', 'Made'],
  }),
  defineField('AWS_Offer_Error__c', 'textarea', 'Why There Is No Private Offer', { length: 1_000 }),
  defineField('AWS_Offer_Expiry__c', 'date', 'AWS Offer Expires'),
  defineField('AWS_Agreement_Id__c', 'string', 'AWS Agreement', { length: 80 }),
  defineField('AWS_Agreement_Status__c', 'picklist', 'AWS Agreement Status', {
    picklist: [
      'Active',
      'Archived',
      'Cancelled',
      'Expired',
      'Renewed',
      'Replaced',
      'Rolled Back',
      'Superseded',
      'Terminated',
    ],
  }),
  defineField('AWS_Accepted_At__c', 'datetime', 'AWS Offer Accepted'),
  defineField('AWS_Agreement_Start__c', 'date', 'AWS Agreement Start'),
  defineField('AWS_Agreement_End__c', 'date', 'AWS Agreement End'),
  defineField('AWS_Auto_Renew__c', 'boolean', 'AWS Renews Itself'),
  defineField('Predecessor__c', 'reference', 'Renewed or Replaced Opportunity', {
    referenceTo: ['Opportunity'],
    relationshipName: 'Predecessor__r',
  }),
  defineField('AWS_License_Arn__c', 'string', 'AWS Licence', { length: 255 }),
  defineField('AWS_Entitlement_Status__c', 'picklist', 'AWS Entitlement', {
    picklist: ['Pending', 'Scheduled', 'Provisioned', 'Failed', 'Deprovisioned'],
  }),
  ...['Charged', 'Invoiced', 'Adjusted'].map((name) =>
    defineField(`AWS_${name}__c`, 'currency', `AWS ${name}`, { scale: 6 }),
  ),
  defineField('AWS_Next_Charge_Date__c', 'date', 'AWS Next Charge On'),
  defineField('AWS_Next_Charge_Amount__c', 'currency', 'AWS Next Charge', { scale: 6 }),
  defineField('AWS_Cancellation__c', 'picklist', 'AWS Cancellation', {
    picklist: ['Pending Approval', 'Approved', 'Rejected', 'Cancelled', 'Validation Failed'],
  }),
  defineField('Tax_Amount__c', 'currency', 'Tax', { scale: 6 }),
  defineField('AWS_Committed_Spend__c', 'boolean', 'Paid from Committed Spend'),
  defineField('Exchange_Rate__c', 'double', 'Exchange Rate', { scale: 12 }),
  defineField('Exchange_Day__c', 'date', 'Exchange Rate Of'),
  defineField('Reporting_Currency__c', 'string', 'Reporting Currency', { length: 3 }),
];

/** What co-selling with AWS needs on Opportunity. */
export const coSellFields: readonly FieldSchema[] = [
  defineField('AWS_Co_Sell_Requested__c', 'boolean', 'Share With AWS'),
  defineField('AWS_Co_Sell_Id__c', 'string', 'AWS Opportunity', { length: 80 }),
  defineField('AWS_Co_Sell_Request__c', 'picklist', 'Sharing Asked For', {
    picklist: ['Waiting', 'Incomplete', 'Under Way', 'Refused', 'Made'],
  }),
  defineField('AWS_Co_Sell_Error__c', 'textarea', 'Why It Is Not Shared', { length: 1_000 }),
  defineField('AWS_Co_Sell_Status__c', 'picklist', 'AWS Review', {
    picklist: ['Pending Submission', 'Submitted', 'In Review', 'Approved', 'Rejected', 'Action Required'],
  }),
  defineField('AWS_Co_Sell_Comments__c', 'textarea', 'AWS Review Comments', { length: 32_768 }),
  defineField('AWS_Co_Sell_Solution__c', 'string', 'AWS Solution', { length: 80 }),
  defineField('AWS_Co_Sell_Needs__c', 'multipicklist', 'Needed From AWS', {
    picklist: [
      'Architectural Validation',
      'Business Presentation',
      'Competitive Information',
      'Pricing Assistance',
      'Technical Consultation',
      'Total Cost of Ownership Evaluation',
      'Deal Support',
      'Support for Public Tender',
    ],
  }),
  defineField('AWS_Co_Sell_Involvement__c', 'picklist', 'AWS Involvement', {
    picklist: ['Co-Sell', 'For Visibility Only'],
  }),
  defineField('AWS_Co_Sell_Use_Case__c', 'string', 'Use Case'),
  defineField('AWS_Co_Sell_Problem__c', 'textarea', 'Customer Business Problem', { length: 32_768 }),
  defineField('AWS_Co_Sell_Delivery__c', 'multipicklist', 'Delivery Model', {
    picklist: ['SaaS or PaaS', 'BYOL or AMI', 'Managed Services', 'Professional Services', 'Resell', 'Other'],
  }),
  defineField('Lost_Reason__c', 'picklist', 'Lost Because', {
    picklist: [
      'Customer Deficiency',
      'Customer Experience',
      'Delayed or Cancelled',
      'Financial or Commercial',
      'Legal, Tax or Regulatory',
      'Lost to Google',
      'Lost to Microsoft',
      'Lost to SoftLayer',
      'Lost to VMware',
      'Lost to Other',
      'No Opportunity',
      'On Premises',
      'Partner Gap',
      'People or Governance',
      'Price',
      'Product or Technology',
      'Security or Compliance',
      'Technical Limitations',
      'Other',
    ],
  }),
];
