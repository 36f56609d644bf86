import { type OpportunityStage, opportunityStages } from '../schema/opportunity.ts';
import type { FieldValues, StoredRecord } from '../stored-record.ts';

/**
 * What the org works out by itself from the values of a record about to be saved: full names, and what the stage, the
 * amount and the close date of an opportunity imply.
 *
 * `written` are the values of this write, `values` all values the record will have, `before` the version it replaces.
 */
export function deriveValues(
  object: string,
  written: FieldValues,
  values: FieldValues,
  before: StoredRecord | undefined,
  nowMs: number,
): FieldValues {
  if (object === 'Opportunity') return deriveOpportunity(written, values, before, nowMs);
  if (object === 'Contact' || object === 'Lead' || object === 'User') return { Name: fullName(values) };
  return {};
}

function fullName(values: FieldValues): string {
  return [values.FirstName, values.LastName].filter((part) => typeof part === 'string').join(' ');
}

function deriveOpportunity(
  written: FieldValues,
  values: FieldValues,
  before: StoredRecord | undefined,
  nowMs: number,
): FieldValues {
  const stage = stageNamed(values.StageName);
  const isStageWritten = written.StageName !== undefined && written.StageName !== before?.values.StageName;
  // A stage brings its own probability, unless the same write names another one.
  const probability = numberOr(isStageWritten ? (written.Probability ?? stage.probability) : values.Probability, 0);
  const amount = values.Amount;
  return {
    Probability: probability,
    ExpectedRevenue: typeof amount === 'number' ? Math.round(amount * probability) / 100 : null,
    IsClosed: stage.isClosed,
    IsWon: stage.isWon,
    ForecastCategory: stage.forecastCategory,
    LastStageChangeDate: before !== undefined && isStageWritten ? nowMs : (before?.values.LastStageChangeDate ?? null),
    ...fiscalPeriod(values.CloseDate),
  };
}

/** A stage outside the list is kept (the picklist is not restricted) and counts as open without a chance. */
function stageNamed(name: FieldValues[string] | undefined): OpportunityStage {
  const known = opportunityStages.find((stage) => stage.name === name);
  return known ?? { name: String(name), isClosed: false, isWon: false, probability: 0, forecastCategory: 'Pipeline' };
}

function fiscalPeriod(closeDate: FieldValues[string] | undefined): FieldValues {
  if (typeof closeDate !== 'string') return { FiscalYear: null, FiscalQuarter: null };
  return { FiscalYear: Number(closeDate.slice(0, 4)), FiscalQuarter: Math.ceil(Number(closeDate.slice(5, 7)) / 3) };
}

function numberOr(value: FieldValues[string] | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
