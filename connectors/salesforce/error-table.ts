import type { FaultKind } from '../../domain/model/fault.ts';

/**
 * What Salesforce's error codes mean for the hub: who must act, and a sentence for them. Codes that are not here are judged
 * by the HTTP status, or as a refusal when they concern a row.
 *
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
 * (StatusCode, ExceptionCode) and
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
 */
export const errorTable: Readonly<Record<string, readonly [FaultKind, string]>> = {
  // Nobody: it passes.
  REQUEST_LIMIT_EXCEEDED: ['throttled', 'The API calls this org may make are used up for the moment.'],
  EXCEEDED_QUOTA: ['throttled', 'The API calls this org may make are used up for the moment.'],
  SERVER_UNAVAILABLE: ['transient', 'Salesforce is not available at the moment.'],
  UNABLE_TO_LOCK_ROW: ['transient', 'Somebody else was writing the record or its parent.'],
  QUERY_TIMEOUT: ['transient', 'Salesforce took too long to answer the query.'],
  REQUEST_RUNNING_TOO_LONG: ['transient', 'Salesforce took too long to answer.'],
  API_CURRENTLY_DISABLED: ['transient', 'The API is switched off for this org at the moment.'],
  ORG_LOCKED: ['transient', 'The org is locked at the moment, for a refresh or a migration.'],
  CANNOT_EXECUTE_FLOW_TRIGGER: [
    'rejected',
    "A flow of the org failed on this record; look at the flow's error e-mail.",
  ],

  // An administrator: the connection's access.
  INVALID_SESSION_ID: ['credential', 'The session was refused, also a fresh one; check the connected app.'],
  INVALID_AUTH_HEADER: ['credential', 'The session was refused; check the connected app.'],
  API_DISABLED_FOR_ORG: ['credential', "The org's edition or the hub's user has no API access."],
  FUNCTIONALITY_NOT_ENABLED: ['credential', "A feature the hub needs is switched off for the org or the hub's user."],
  INSUFFICIENT_ACCESS: ['credential', "The hub's user lacks a permission."],
  INVALID_TYPE: ['credential', "The hub's user may not see the object, or the org does not have it."],
  LOGIN_MUST_USE_SECURITY_TOKEN: ['credential', "The hub's address is not trusted by the org; check the login rules."],
  TRIAL_EXPIRED: ['credential', 'The org has expired.'],

  // The domain: the record is not there, or moved.
  ENTITY_IS_DELETED: ['missing', 'The record was deleted.'],
  INVALID_CROSS_REFERENCE_KEY: ['rejected', 'A record it refers to does not exist in Salesforce.'],
  NOT_FOUND: ['missing', 'Salesforce knows no such record.'],
  DELETE_FAILED: ['rejected', 'Salesforce refused to delete the record, because others depend on it.'],
  ENTITY_SAVE_ERROR: ['conflict', 'The record changed while it was being written.'],

  // Revenue operations: the data or the mapping.
  DUPLICATES_DETECTED: ['rejected', 'A duplicate rule of the org stopped the record; decide which one it is.'],
  REQUIRED_FIELD_MISSING: ['rejected', 'A field the org requires is empty.'],
  FIELD_CUSTOM_VALIDATION_EXCEPTION: ['rejected', 'A validation rule of the org refused the record.'],
  FIELD_FILTER_VALIDATION_EXCEPTION: ['rejected', 'A lookup filter of the org refused the value.'],
  FIELD_INTEGRITY_EXCEPTION: ['rejected', 'The value does not fit the record it belongs to.'],
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: ['rejected', 'The picklist does not have this value; add it or map it.'],
  STRING_TOO_LONG: ['rejected', 'The text is longer than the field.'],
  NUMBER_OUTSIDE_VALID_RANGE: ['rejected', 'The number does not fit the field.'],
  INVALID_EMAIL_ADDRESS: ['rejected', 'Salesforce does not take this for an e-mail address.'],
  INVALID_CURRENCY_ISO: ['rejected', 'The currency is not active in the org.'],
  INVALID_CURRENCY_CORP_RATE: ['rejected', 'The currency has no rate in the org.'],
  INVALID_TYPE_ON_FIELD_IN_RECORD: ['rejected', 'The value is of another type than the field.'],
  JSON_PARSER_ERROR: ['rejected', 'The value is of another type than the field.'],
  MALFORMED_ID: ['rejected', 'A reference is no Salesforce id.'],
  INVALID_FIELD: ['rejected', "The org does not have the field, or the hub's user may not see it."],
  INVALID_FIELD_FOR_INSERT_UPDATE: ['rejected', "The field is read-only for the hub's user."],
  INSUFFICIENT_ACCESS_OR_READONLY: [
    'rejected',
    "The hub's user may not write the record; it may be converted or locked.",
  ],
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: ['rejected', "The hub's user may not use a record it refers to."],
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: ['rejected', 'A trigger of the org failed on the record.'],
  CANNOT_UPDATE_CONVERTED_LEAD: ['rejected', 'The lead was converted and can no longer be changed.'],
  INACTIVE_OWNER_OR_USER: ['rejected', 'The owner is inactive in Salesforce; choose another one.'],
  OP_WITH_INVALID_USER_TYPE_EXCEPTION: ['rejected', 'This user cannot own such records.'],
  TRANSFER_REQUIRES_READ: ['rejected', 'The new owner may not read such records.'],
  DUPLICATE_VALUE: ['rejected', 'Another record already has this value in a field that is unique.'],
  DUPLICATE_EXTERNAL_ID: ['rejected', 'Two records carry the same hub id; merge them or clear one.'],
  STORAGE_LIMIT_EXCEEDED: ['rejected', "The org's storage is full."],

  // A developer: a request that should not have been made.
  MALFORMED_QUERY: ['defect', 'Salesforce did not understand a query.'],
  INVALID_QUERY_FILTER_OPERATOR: ['defect', 'Salesforce did not understand a query.'],
  EXCEEDED_MAX_SIZE_REQUEST: ['defect', 'A request was larger than Salesforce takes.'],
  METHOD_NOT_ALLOWED: ['defect', 'Salesforce does not know the request.'],
  UNSUPPORTED_API_VERSION: ['defect', 'Salesforce no longer serves this version of the API.'],
};
