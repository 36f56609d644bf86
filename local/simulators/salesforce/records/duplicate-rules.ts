import type { DuplicateResult, RowError } from '../api-error.ts';
import type { ObjectTable } from '../store/object-table.ts';
import { type FieldValues, isDeleted, type StoredRecord } from '../stored-record.ts';

/** A duplicate rule switched on for an object. */
export interface DuplicateRule {
  readonly object: string;
  /** API name, for example `Standard_Lead_Duplicate_Rule`. */
  readonly name: string;
  /** A record matches when all of these are filled and equal without regard to case. */
  readonly fields: readonly string[];
  /** Whether a request may save the duplicate all the same, by header. */
  readonly allowSave: boolean;
}

/**
 * The first rule that finds duplicates of the values, as the row's error; `undefined` lets them be saved.
 * *Bounds*: reads the whole table once per row and rule, so rules are for tests of behaviour, not for load;
 * at most three matches are named.
 */
export function findDuplicates(
  rules: readonly DuplicateRule[],
  table: ObjectTable,
  values: FieldValues,
  ownId: string | undefined,
  savesDuplicates: boolean,
  dataPath: string,
): RowError | undefined {
  for (const rule of rules) {
    if (rule.object !== table.schema.name || (rule.allowSave && savesDuplicates)) continue;
    const matches = matchesOf(rule, table, values, ownId);
    if (matches.length > 0) return duplicatesDetected(rule, matches, dataPath);
  }
  return undefined;
}

const matchesNamedMax = 3;
const errorMessage = 'Use one of these records?';

function matchesOf(
  rule: DuplicateRule,
  table: ObjectTable,
  values: FieldValues,
  ownId: string | undefined,
): StoredRecord[] {
  const wanted = rule.fields.map((field) => comparable(values[field]));
  if (wanted.length === 0 || wanted.includes(undefined)) return [];
  const matches: StoredRecord[] = [];
  for (const record of table.inIdOrder('ascending')) {
    if (record.id === ownId || isDeleted(record)) continue;
    if (!rule.fields.every((field, at) => comparable(record.values[field]) === wanted[at])) continue;
    matches.push(record);
    if (matches.length === matchesNamedMax) break;
  }
  return matches;
}

function comparable(value: FieldValues[string] | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value).toLowerCase();
}

function duplicatesDetected(rule: DuplicateRule, matches: readonly StoredRecord[], dataPath: string): RowError {
  const duplicateResult: DuplicateResult = {
    allowSave: rule.allowSave,
    duplicateRule: rule.name,
    duplicateRuleEntityType: rule.object,
    errorMessage,
    matchResults: [
      {
        entityType: rule.object,
        errors: [],
        matchEngine: 'ExactMatchEngine',
        matchRecords: matches.map((record) => ({
          additionalInformation: [],
          fieldDiffs: [],
          matchConfidence: 100,
          record: {
            attributes: { type: rule.object, url: `${dataPath}/sobjects/${rule.object}/${record.id}` },
            Id: record.id,
          },
        })),
        rule: `${rule.name}_Match`,
        size: matches.length,
        success: true,
      },
    ],
  };
  return { statusCode: 'DUPLICATES_DETECTED', message: errorMessage, fields: [], duplicateResult };
}
