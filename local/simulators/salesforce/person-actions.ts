import { rowError } from './api-error.ts';
import { keyPrefixOf, toLongId } from './ids.ts';
import { convertLead, type LeadConversion, type LeadConversionOutcome } from './records/convert-lead.ts';
import { undeleteRecord } from './records/delete-record.ts';
import { mergeRecords } from './records/merge-records.ts';
import { readRow } from './records/read-row.ts';
import { type RowOutcome, refused } from './records/row-outcome.ts';
import type { SimulatedOrg } from './simulated-org.ts';
import type { StoredRecord } from './stored-record.ts';

/** A merge as a person makes it in the org's screens. Ids may have 15 or 18 characters. */
export interface MergeRequest {
  readonly masterId: string;
  /** One or two. */
  readonly loserIds: readonly string[];
  /** What the person keeps of the losers; saved on the master. */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  /** Who merges. Default: the user integrations run as. */
  readonly username?: string | undefined;
}

export interface ConvertRequest extends LeadConversion {
  readonly leadId: string;
  readonly username?: string | undefined;
}

export function merge(simulated: SimulatedOrg, request: MergeRequest): RowOutcome {
  const { schema } = simulated.org;
  const master = recordOf(simulated, request.masterId);
  const object = master === undefined ? undefined : schema.objectOf(keyPrefixOf(master.id));
  const losers = request.loserIds.map((id) => recordOf(simulated, id));
  if (master === undefined || object === undefined || !losers.every(isRecordOf(object.keyPrefix))) return unknownRecord;
  const values = readRow(object, request.values ?? {});
  if (values.kind === 'unreadable') return refused(rowError('INVALID_TYPE_ON_FIELD_IN_RECORD', values.message));
  if (values.kind === 'refused') return refused(values.error);
  const outcome = mergeRecords(simulated.contextOf(request.username), object, master, losers, values.values);
  simulated.commit();
  return outcome;
}

/** Converts a lead as a person does. */
export function convert(simulated: SimulatedOrg, request: ConvertRequest): LeadConversionOutcome {
  const lead = recordOf(simulated, request.leadId);
  if (lead === undefined || keyPrefixOf(lead.id) !== simulated.org.store.table('Lead').schema.keyPrefix) {
    return { ok: false, errors: [rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')] };
  }
  const outcome = convertLead(simulated.contextOf(request.username), lead, request);
  simulated.commit();
  return outcome;
}

/** Takes records out of the recycle bin; one outcome per id, in order. */
export function undelete(simulated: SimulatedOrg, ids: readonly string[]): readonly RowOutcome[] {
  const context = simulated.contextOf(undefined);
  const outcomes = ids.map((id) => {
    const record = recordOf(simulated, id);
    const object = record === undefined ? undefined : simulated.org.schema.objectOf(keyPrefixOf(record.id));
    return record === undefined || object === undefined ? unknownRecord : undeleteRecord(context, object, record);
  });
  simulated.commit();
  return outcomes;
}

const unknownRecord = refused(rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'));

function recordOf(simulated: SimulatedOrg, id: string): StoredRecord | undefined {
  return simulated.org.store.record(toLongId(id) ?? '');
}

function isRecordOf(keyPrefix: string) {
  return (record: StoredRecord | undefined): record is StoredRecord =>
    record !== undefined && keyPrefixOf(record.id) === keyPrefix;
}
