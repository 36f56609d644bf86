import type { FaultPlan } from '../shared/fault-plan.ts';
import { type ApiError, type ErrorDetail, type Outcome, refuse, succeed, validationError } from './api-error.ts';
import type { RecordRef } from './association-store.ts';
import { type AssociationType, findAssociationType } from './association-types.ts';
import type { CrmState } from './crm-state.ts';
import { type ObjectType, objectTypes } from './object-types.ts';
import { normaliseValue } from './property-values.ts';
import type { RecordVersion } from './record-version.ts';

/** Properties as written: numbers and booleans are taken as their text, `null` as `''` (clear). */
export type WrittenProperties = Readonly<Record<string, string | number | boolean | null>>;

export interface WrittenAssociation {
  readonly to: { readonly id: string };
  readonly types: readonly { readonly associationTypeId: number }[];
}

export interface PlannedAssociation {
  readonly to: RecordRef;
  readonly types: readonly AssociationType[];
}

/** A write that was checked and may be carried out. `former` is absent for a creation. */
export interface PlannedWrite {
  readonly type: ObjectType;
  readonly former: RecordVersion | undefined;
  /** What differs from `former`; `null` clears. */
  readonly changed: Readonly<Record<string, string | null>>;
  readonly associations: readonly PlannedAssociation[];
}

/** Unique values that earlier inputs of the same batch have spoken for. */
export type ClaimedValues = Set<string>;

export interface RecordPlanner {
  planCreation(
    type: ObjectType,
    properties: WrittenProperties,
    associations: readonly WrittenAssociation[],
    claimed: ClaimedValues,
  ): Outcome<PlannedWrite>;
  planUpdate(
    type: ObjectType,
    former: RecordVersion,
    properties: WrittenProperties,
    claimed: ClaimedValues,
  ): Outcome<PlannedWrite>;
}

/** Checks writes the way the vendor does, changing nothing: all reasons about properties are told together. */
export function recordPlanner(state: CrmState, faults: FaultPlan): RecordPlanner {
  const plan = (
    type: ObjectType,
    former: RecordVersion | undefined,
    properties: WrittenProperties,
    associations: readonly PlannedAssociation[],
    claimed: ClaimedValues,
  ): Outcome<PlannedWrite> => {
    const injected = faults.meetRow({ object: type, values: properties });
    if (injected !== undefined) return refuse(injectedError(injected.code));
    const normalised = normaliseProperties(state, type, former, properties);
    if (!normalised.ok) return normalised;
    const completed = completeProperties(state, type, former, normalised.value);
    if (!completed.ok) return completed;
    const changed = differences(former, completed.value);
    const conflict = findConflict(state, type, former, changed, claimed);
    if (conflict !== undefined) return refuse(conflict);
    return succeed({ type, former, changed, associations });
  };
  return {
    planCreation(type, properties, associations, claimed) {
      const planned = planAssociations(state, type, associations);
      if (!planned.ok) return planned;
      if (type === 'leads') {
        const refusal = refusalOfLead(properties, planned.value);
        if (refusal !== undefined) return refuse(refusal);
      }
      return plan(type, undefined, properties, planned.value, claimed);
    },
    planUpdate(type, former, properties, claimed) {
      return plan(type, former, properties, [], claimed);
    },
  };
}

function normaliseProperties(
  { catalogue }: CrmState,
  type: ObjectType,
  former: RecordVersion | undefined,
  properties: WrittenProperties,
): Outcome<Record<string, string | null>> {
  const values: Record<string, string | null> = {};
  const details: ErrorDetail[] = [];
  for (const [name, raw] of Object.entries(properties)) {
    const definition = catalogue.find(type, name);
    if (definition === undefined) {
      details.push(propertyDetail(name, 'does not exist', 'PROPERTY_DOESNT_EXIST'));
    } else if (definition.isReadOnly) {
      details.push(propertyDetail(name, 'is a read only property; its value cannot be set', 'READ_ONLY_VALUE'));
    } else {
      const text = raw === null ? '' : String(raw);
      const normalised = normaliseValue(catalogue, type, definition, text, former?.values[name]);
      if (normalised.ok) values[name] = normalised.value;
      else details.push(normalised.error);
    }
  }
  return details.length === 0 ? succeed(values) : refuse(propertiesError(details));
}

/** Fills in what the system itself sets (pipeline, stage, currency) and checks what must agree (stage and pipeline). */
function completeProperties(
  { catalogue }: CrmState,
  type: ObjectType,
  former: RecordVersion | undefined,
  values: Readonly<Record<string, string | null>>,
): Outcome<Record<string, string | null>> {
  const completed = { ...values };
  const after = (name: string): string | null =>
    completed[name] ?? (name in completed ? null : former?.values[name]) ?? null;
  if (type === 'deals' && after('amount') !== null && after('deal_currency_code') === null) {
    completed.deal_currency_code = catalogue.account.companyCurrency;
  }
  const { pipelineProperty, stageProperty } = objectTypes[type];
  if (pipelineProperty === undefined || stageProperty === undefined) return succeed(completed);
  const pipelineId = after(pipelineProperty) ?? catalogue.pipelines[type][0]?.id;
  if (pipelineId === undefined) return succeed(completed);
  if (after(pipelineProperty) === null) completed[pipelineProperty] = pipelineId;
  const stageId = after(stageProperty) ?? catalogue.findPipeline(type, pipelineId)?.stages[0]?.id;
  if (stageId === undefined) return succeed(completed);
  if (after(stageProperty) === null) completed[stageProperty] = stageId;
  const isTouched = pipelineProperty in values || stageProperty in values;
  if (isTouched && catalogue.findStage(type, pipelineId, stageId) === undefined) {
    return refuse(propertiesError([propertyDetail(stageProperty, 'is not a stage of the pipeline', 'INVALID_OPTION')]));
  }
  return succeed(completed);
}

function differences(
  former: RecordVersion | undefined,
  values: Readonly<Record<string, string | null>>,
): Record<string, string | null> {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== (former?.values[name] ?? null)));
}

function findConflict(
  state: CrmState,
  type: ObjectType,
  former: RecordVersion | undefined,
  changed: Readonly<Record<string, string | null>>,
  claimed: ClaimedValues,
): ApiError | undefined {
  const claims: string[] = [];
  for (const name of state.catalogue.uniqueProperties(type)) {
    const value = changed[name] ?? null;
    if (value === null) continue;
    const holder = state.records(type).findByUniqueValue(name, value);
    const claim = `${name}=${value}`;
    if (holder !== undefined && holder.id !== former?.id) return conflictError(type, name, holder.id);
    if (claimed.has(claim)) return conflictError(type, name, undefined);
    claims.push(claim);
  }
  for (const claim of claims) claimed.add(claim);
  return undefined;
}

function planAssociations(
  state: CrmState,
  type: ObjectType,
  written: readonly WrittenAssociation[],
): Outcome<readonly PlannedAssociation[]> {
  const planned: PlannedAssociation[] = [];
  for (const { to, types } of written) {
    const known = types.map(({ associationTypeId }) => findAssociationType(associationTypeId));
    const fitting = known.filter((candidate) => candidate?.from === type && candidate.to === known[0]?.to);
    const toType = known[0]?.to;
    if (toType === undefined || fitting.length !== types.length) {
      return refuse(validationError(`One of the association types is not valid from ${type}`));
    }
    const target = state.records(toType).find(to.id);
    if (target === undefined) {
      return refuse(
        validationError(`Object to associate does not exist: ${toType} ${to.id}`, { context: { id: [to.id] } }),
      );
    }
    planned.push({ to: { type: toType, id: target.id }, types: fitting.filter((item) => item !== undefined) });
  }
  return succeed(planned);
}

/**
 * A lead stands for a person: the vendor refuses one without.
 * *Source*: https://developers.hubspot.com/docs/api-reference/crm-leads-v3/guide (checked November 2026).
 */
function refusalOfLead(
  properties: WrittenProperties,
  associations: readonly PlannedAssociation[],
): ApiError | undefined {
  if (!associations.some(({ to }) => to.type === 'contacts')) {
    return validationError('A lead must be associated with a contact when it is created');
  }
  const name = properties.hs_lead_name ?? '';
  if (name === '') {
    return propertiesError([propertyDetail('hs_lead_name', 'is required', 'REQUIRED_PROPERTY')]);
  }
  return undefined;
}

function conflictError(type: ObjectType, property: string, holderId: string | undefined): ApiError {
  const isContactEmail = type === 'contacts' && property === 'email';
  const existing = holderId === undefined ? '' : ` Existing ID: ${holderId}`;
  return {
    status: 409,
    category: 'CONFLICT',
    message: isContactEmail
      ? `Contact already exists.${existing}`
      : `Cannot set property ${property}: another record already has that value.${existing}`,
    errors: [propertyDetail(property, 'is already held by another record', 'CONFLICTING_UNIQUE_VALUE')],
  };
}

function injectedError(code = 'VALIDATION_ERROR'): ApiError {
  return {
    status: 400,
    category: code,
    message: 'The simulator was told to refuse this record',
    errors: [{ message: 'The simulator was told to refuse this record', code }],
  };
}

function propertyDetail(name: string, reason: string, code: string): ErrorDetail {
  const shown = name.slice(0, 100);
  return { message: `Property "${shown}" ${reason}`, code, context: { propertyName: [shown] } };
}

/** The vendor repeats the details inside the message, as JSON. */
function propertiesError(errors: readonly ErrorDetail[]): ApiError {
  const inMessage = errors.map(({ message, code, context }) => ({
    isValid: false,
    message,
    error: code,
    name: context?.propertyName?.[0],
  }));
  return validationError(`Property values were not valid: ${JSON.stringify(inMessage)}`, { errors });
}
