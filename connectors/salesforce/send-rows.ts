import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { classifyRow } from './classify.ts';
import { recordIdOf } from './record-id.ts';
import type { Row } from './run-query.ts';
import type { ApiRequest, SalesforceApi } from './salesforce-api.ts';
import { readFaults } from './salesforce-error.ts';

/** What became of one row. */
export type RowResult =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly fault: Fault };

/** A call of the collections resource: which rows go where is all that differs. */
export interface RowsRequest {
  readonly route: string;
  readonly isRepeatable: boolean;
  /** The request that carries these rows; at most 200. */
  readonly of: (rows: readonly Row[]) => ApiRequest;
}

/**
 * Sends rows and answers one result per row, in order.
 *
 * Salesforce answers row by row as a rule. But a value of the wrong JSON type makes it refuse the whole request, without a word on
 * which row it was; such a refusal is narrowed down, by the field it names or else by halves, so that a bad row fails alone.
 * *Bounds*: one call as a rule, 24 at most; rows still undecided then share the refusal.
 */
export async function sendRows(
  call: Call<SalesforceApi>,
  request: RowsRequest,
  rows: readonly Row[],
): Promise<readonly RowResult[]> {
  let callsLeft = callsMax;

  /** `before` is the refusal of the rows these were among. */
  async function send(part: readonly Row[], before?: Fault): Promise<readonly RowResult[]> {
    if (part.length === 0) return [];
    if (callsLeft < 1 && before !== undefined) return failEach(part, before);
    callsLeft -= 1;
    const answer = await sendOnce(call, request, part);
    if (answer.ok) return answer.value;
    const { fault } = answer;
    if (fault.kind !== 'rejected' || part.length === 1) return failEach(part, fault);
    const { fields = [] } = fault;
    const isConcerned = part.map((row) => fields.some((field) => Object.hasOwn(row, field)));
    if (isConcerned.includes(true)) {
      const others = await send(
        part.filter((_, index) => !isConcerned[index]),
        fault,
      );
      const answers = others.values();
      return isConcerned.map((concerned) => (concerned ? undefined : answers.next().value) ?? { ok: false, fault });
    }
    const middle = Math.ceil(part.length / 2);
    const first = await send(part.slice(0, middle), fault);
    return [...first, ...(await send(part.slice(middle), fault))];
  }

  return send(rows);
}

const callsMax = 24;

async function sendOnce(
  call: Call<SalesforceApi>,
  request: RowsRequest,
  rows: readonly Row[],
): Promise<Result<readonly RowResult[]>> {
  const { route, isRepeatable } = request;
  const answer = await call({ route, isRepeatable, budgets: ['daily'] }, (api, signal) =>
    api.request(request.of(rows), signal),
  );
  if (!answer.ok) return answer;
  const { value } = answer;
  if (!Array.isArray(value) || value.length !== rows.length) {
    return fail({
      kind: 'defect',
      code: 'ROWS_MISCOUNTED',
      message: 'Salesforce did not answer each row it was sent.',
    });
  }
  return succeed((value as readonly Row[]).map(readRow));
}

function readRow(row: Row): RowResult {
  const id = typeof row.id === 'string' ? recordIdOf(row.id) : undefined;
  if (row.success === true && id !== undefined) return { ok: true, id, created: row.created === true };
  return { ok: false, fault: classifyRow(readFaults(row.errors)) };
}

function failEach(rows: readonly Row[], fault: Fault): readonly RowResult[] {
  return rows.map(() => ({ ok: false, fault }));
}
