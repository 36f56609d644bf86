import type { Fault, FaultKind } from '../../domain/model/fault.ts';
import { faultOfNetwork, faultOfStatus } from '../kit/fault-of-http.ts';
import { errorTable } from './error-table.ts';
import { recordIdOf } from './record-id.ts';
import { SalesforceError, type SalesforceFault } from './salesforce-error.ts';

/** What was thrown by a request → who must act. Pure. */
export function classify(error: unknown, request: { readonly isRepeatable: boolean }): Fault {
  if (error instanceof SalesforceError) {
    const [first] = error.faults;
    const known = faultOfCode(first);
    if (known !== undefined) {
      return { ...withFields(asThrottled(known, first, error.retryAfterMs), error.faults), cause: error };
    }
    const byStatus = faultOfStatus(error.status, request, error.retryAfterMs);
    const code = first.code.startsWith('HTTP_') ? byStatus.code : first.code;
    return { ...withFields(byStatus, error.faults), code, cause: error };
  }
  return (
    faultOfNetwork(error, request) ?? {
      kind: 'defect',
      code: 'UNFORESEEN',
      message: 'The Salesforce connector met something it does not foresee.',
      cause: error,
    }
  );
}

/** What a row of a collection was refused for → who must act. Rows carry no status, so an unknown code is a refusal. */
export function classifyRow(faults: readonly SalesforceFault[]): Fault {
  const [first] = faults;
  if (first === undefined) {
    return { kind: 'defect', code: 'ROW_WITHOUT_ERROR', message: 'Salesforce refused the row and did not say why.' };
  }
  const message = `Salesforce refused the record with ${first.code}.`;
  return withFields(faultOfCode(first) ?? { kind: 'rejected', code: first.code, message }, faults);
}

/** Whether the session has ended; some 401s say that no session of this user will ever do, and asking again is pointless. */
export function isExpired(error: unknown): boolean {
  if (!(error instanceof SalesforceError)) return false;
  // An org that moved answers with a redirect; a fresh token names the new instance.
  if (error.status > 300 && error.status < 400) return true;
  const [{ code, message }] = error.faults;
  return error.status === 401 && code === 'INVALID_SESSION_ID' && !/not valid for use with the REST API/i.test(message);
}

function faultOfCode(vendor: SalesforceFault): Fault | undefined {
  const entry = errorTable[vendor.code];
  if (entry === undefined) return undefined;
  const [kind, sentence] = entry;
  return { kind, code: vendor.code, message: sentence + detailOf(vendor, kind) };
}

/** What may be said of the vendor's own text: an administrator's validation message, and ids of possible duplicates. */
function detailOf(vendor: SalesforceFault, kind: FaultKind): string {
  if (kind !== 'rejected') return '';
  if (vendor.code === 'FIELD_CUSTOM_VALIDATION_EXCEPTION' && vendor.message !== '')
    return ` It says: ${vendor.message}`;
  const candidates = vendor.duplicates.map(recordIdOf).filter((id) => id !== undefined);
  return candidates.length === 0 ? '' : ` Possible duplicates: ${candidates.join(', ')}.`;
}

/** One code stands for the day's limit and for too many calls at once; only the message tells them apart. */
function asThrottled(fault: Fault, vendor: SalesforceFault, retryAfterMs: number | undefined): Fault {
  if (fault.kind !== 'throttled') return fault;
  const isMomentary = /concurrent/i.test(vendor.message);
  return { ...fault, retryAfterMs: retryAfterMs ?? (isMomentary ? concurrencyWaitMs : dailyWaitMs) };
}

const concurrencyWaitMs = 5_000;
/** The day's limit is a rolling one, so a little comes back all the time. */
const dailyWaitMs = 900_000;

/** A refusal names every field that any of the errors names. */
function withFields(fault: Fault, faults: readonly SalesforceFault[]): Fault {
  const fields = [...new Set(faults.flatMap((each) => each.fields))];
  return fault.kind === 'rejected' && fields.length > 0 ? { ...fault, fields } : fault;
}
