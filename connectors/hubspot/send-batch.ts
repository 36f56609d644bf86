import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { BatchAnswer, ErrorAnswer, RecordAnswer } from './answers.ts';
import { faultOfInput } from './refusal.ts';

/** What became of each input, by its key. Every key that was sent is in it. */
export type Sent<T> = ReadonlyMap<string, Result<T>>;

/** Faults of a whole request that one of its inputs may have caused alone. */
const perhapsOneInput: ReadonlySet<Fault['kind']> = new Set(['rejected', 'conflict', 'missing']);

/**
 * Sends inputs as one request, and in halves when it was refused as a whole for what may be the doing of one of them. So one
 * bad record never fails its neighbours, also where HubSpot has no partial mode.
 *
 * *Bounds*: at most 2 × inputs − 1 requests, if every single input is bad; ordinarily one.
 */
export async function sendInHalves<Input extends { readonly key: string }, T>(
  inputs: readonly Input[],
  request: (inputs: readonly Input[]) => Promise<Result<Sent<T>>>,
): Promise<Sent<T>> {
  if (inputs.length === 0) return new Map();
  const answer = await request(inputs);
  if (answer.ok) return answer.value;
  if (inputs.length === 1 || !perhapsOneInput.has(answer.fault.kind)) {
    return new Map(inputs.map(({ key }) => [key, answer]));
  }
  const middle = Math.ceil(inputs.length / 2);
  const first = await sendInHalves(inputs.slice(0, middle), request);
  const second = await sendInHalves(inputs.slice(middle), request);
  return new Map([...first, ...second]);
}

/** One input of a batch of record writes: what it can be recognised by in the answer. */
export interface TracedInput {
  /** Sent along as `objectWriteTraceId`; unique in the batch. */
  readonly key: string;
  /** HubSpot's id, of an update. */
  readonly id?: string;
  /** A property that identifies the record, of a creation or an upsert. */
  readonly unique?: { readonly property: string; readonly value: string };
}

/**
 * Matches a batch's answer to its inputs: by the trace id they carried, else by record id or by a unique property; never by
 * position, because a partial answer leaves out what failed and keeps no order.
 *
 * *Faults*: an input that is neither among the results nor among the refusals is `uncertain`.
 */
export function matchBatch(
  inputs: readonly TracedInput[],
  answer: BatchAnswer<RecordAnswer>,
  operation: 'create' | 'update',
): Sent<RecordAnswer> {
  const byTrace = new Map(answer.results.map((result) => [result.traceId, result]));
  return new Map(
    inputs.map((input) => {
      const result = byTrace.get(input.key) ?? answer.results.find((each) => isOf(each, input));
      if (result !== undefined) return [input.key, succeed(result)];
      const error = answer.errors.find((each) => isAbout(each, input));
      return [input.key, fail(error === undefined ? noAnswer : faultOfInput(error, operation))];
    }),
  );
}

/** The ids an error is about, wherever this call puts them. */
export function idsOf({ context }: ErrorAnswer): readonly string[] {
  return [...(context.ids ?? []), ...(context.id ?? []), ...(context.objectIds ?? [])];
}

const noAnswer: Fault = {
  kind: 'uncertain',
  code: 'NO_ANSWER_FOR_INPUT',
  message: 'HubSpot did not say what became of the record; the hub looks before it acts again.',
};

function isOf(result: RecordAnswer, { id, unique }: TracedInput): boolean {
  if (id !== undefined && result.id === id) return true;
  return unique !== undefined && result.properties[unique.property] === unique.value;
}

function isAbout(error: ErrorAnswer, { key, id }: TracedInput): boolean {
  const traceIds = error.context.objectWriteTraceId;
  if (traceIds !== undefined) return traceIds.includes(key);
  return id !== undefined && idsOf(error).includes(id);
}
