import * as z from 'zod';
import { type AssociationState, statesAfterAdding } from './association-store.ts';
import { findAssociationType, plainAssociationType } from './association-types.ts';
import type { CrmState } from './crm-state.ts';
import { findObjectType, type ObjectType } from './object-types.ts';
import { normaliseValue } from './property-values.ts';
import type { ChangeOrigin, RecordVersion } from './record-version.ts';

const recordSchema = z.strictObject({
  type: z.string(),
  /** Digits only, as all ids of the vendor are. */
  id: z.string().regex(/^[1-9]\d{0,14}$/),
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  createdAt: z.int().optional(),
  modifiedAt: z.int().optional(),
  archivedAt: z.int().optional(),
  /** Ids that were merged into this record before the beginning. */
  mergedIds: z.array(z.string()).optional(),
});

const associationSchema = z.strictObject({
  fromType: z.string(),
  fromId: z.string(),
  toType: z.string(),
  toId: z.string(),
  /** Default: the plain type. A labelled type brings the plain one along. */
  typeIds: z.array(z.int()).optional(),
});

export const seedSchema = z.strictObject({
  records: z.array(recordSchema).optional(),
  associations: z.array(associationSchema).optional(),
});

/** A record that existed before anybody looked. Times are epoch ms; without them it was made now. */
export type SeedRecord = z.input<typeof recordSchema>;
export type SeedAssociation = z.input<typeof associationSchema>;

/** How much was taken, and what was not and why. */
export interface SeedReport {
  readonly records: number;
  readonly associations: number;
  readonly rejected: readonly string[];
}

/**
 * Fills a simulator with sample data: no webhooks, no limits, given ids and times, and values no write would be
 * allowed (an enumeration value that is no option any more), because real accounts hold such values. A record that
 * exists is replaced.
 */
export function seed(
  state: CrmState,
  records: readonly SeedRecord[],
  associations: readonly SeedAssociation[],
  now: number,
): SeedReport {
  const rejected: string[] = [];
  let recordCount = 0;
  for (const record of records) {
    const type = findObjectType(record.type)?.type;
    const version = type === undefined ? `unknown object ${record.type}` : readVersion(state, type, record, now);
    if (type === undefined || typeof version === 'string') {
      rejected.push(`${record.type} ${record.id}: ${String(version)}`);
      continue;
    }
    state.commit({ kind: 'record', type, version });
    for (const loserId of record.mergedIds ?? []) {
      state.commit({ kind: 'merged', type, loserId, survivorId: record.id });
    }
    recordCount += 1;
  }
  let associationCount = 0;
  for (const association of associations) {
    const states = readAssociation(state, association);
    if (states === undefined) {
      rejected.push(`${association.fromType} ${association.fromId} → ${association.toType} ${association.toId}`);
      continue;
    }
    for (const associated of states) state.commit({ kind: 'associated', ...associated });
    associationCount += 1;
  }
  state.flush();
  state.catchUpSearch();
  return { records: recordCount, associations: associationCount, rejected };
}

const seededBy: ChangeOrigin = { changeSource: 'IMPORT', sourceId: 'sample-data' };

function readVersion(state: CrmState, type: ObjectType, record: SeedRecord, now: number): RecordVersion | string {
  const values: Record<string, string> = {};
  for (const [name, raw] of Object.entries(record.properties)) {
    const definition = state.catalogue.find(type, name);
    if (definition === undefined) return `unknown property ${name}`;
    const text = raw === null ? '' : String(raw);
    const normalised = normaliseValue(state.catalogue, type, definition, text, undefined, true);
    if (!normalised.ok) return normalised.error.message;
    if (normalised.value !== null) values[name] = normalised.value;
  }
  if (record.mergedIds !== undefined) values.hs_merged_object_ids = record.mergedIds.join(';');
  const createdAt = record.createdAt ?? record.modifiedAt ?? now;
  return {
    id: record.id,
    values,
    createdAt,
    modifiedAt: record.modifiedAt ?? createdAt,
    archivedAt: record.archivedAt ?? null,
    createdBy: seededBy,
    changes: {},
  };
}

function readAssociation(state: CrmState, association: SeedAssociation): readonly AssociationState[] | undefined {
  const fromType = findObjectType(association.fromType)?.type;
  const toType = findObjectType(association.toType)?.type;
  if (fromType === undefined || toType === undefined) return undefined;
  const plain = plainAssociationType(fromType, toType);
  const types = association.typeIds?.map(findAssociationType) ?? [plain];
  const fitting = types.filter((type) => type?.from === fromType && type.to === toType);
  if (fitting.length !== types.length) return undefined;
  const from = { type: fromType, id: association.fromId };
  const to = { type: toType, id: association.toId };
  const added = fitting.filter((type) => type !== undefined);
  return statesAfterAdding(state.associations, from, to, added);
}
