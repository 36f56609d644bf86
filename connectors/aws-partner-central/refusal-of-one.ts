import type { Fault, Result } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { ask } from './ask.ts';
import { asObjects, asText } from './json.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import type { WholeList } from './sweep-all.ts';

/** How a kind of record is asked for to find out whether AWS refuses the connection or one record. */
export interface Probe {
  readonly list: WholeList;
  readonly readOne: (call: Call<PartnerCentralApi>, id: string) => Promise<Result<unknown>>;
}

/** Whether AWS knows who asks and does not let them at what was asked for. */
export function isDenied({ kind, code }: Fault): boolean {
  return kind === 'credential' && DENIED.has(code);
}

const DENIED: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);

/**
 * Whether AWS answers the connection all the same, so that a refusal is about the records that were refused: it lists records of
 * that kind and lets one of the others be read. Where there is no other, the list is answer enough. *Bounds*: two calls.
 */
export async function answersOthers(
  call: Call<PartnerCentralApi>,
  { list, readOne }: Probe,
  refused: readonly string[],
): Promise<boolean> {
  const page = await ask(call, list.operation, { ...list.input, MaxResults: rowsMax });
  if (!page.ok) return false;
  const other = asObjects(page.value[list.rows])
    .map(({ Id }) => asText(Id))
    .find((id) => id !== undefined && !refused.includes(id));
  if (other === undefined) return true;
  const read = await readOne(call, other);
  return read.ok || read.fault.kind === 'missing';
}

/** More than one read or write is refused. */
const rowsMax = 100;

/** The refusal of one record, which is for whoever works with records to see to. */
export function refusalOfOne({ code }: Fault): Fault {
  return {
    kind: 'rejected',
    code,
    message:
      'AWS answers the hub, but not about this one: it may be another account’s by now, or the policy of the role leaves out what was asked.',
  };
}
