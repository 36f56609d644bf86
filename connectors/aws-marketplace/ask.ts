import type { z } from 'zod';
import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import type { ExactAnswer } from './exact-answer.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import type { Operation } from './operations.ts';

/** A parsed answer. */
export interface Told<T> {
  readonly value: T;
  /** AWS's clock at the answer, ms; absent where it does not say. */
  readonly answeredAt?: number;
}

/**
 * Asks AWS one thing: takes the operation's budget, sends, and parses the answer tolerantly (members nobody asked for are left out).
 *
 * `send` is called anew for each try: an SDK command is sent once. Every operation of this connector may be repeated: those that
 * write carry a client token or write the same tag again. *Faults*: those of `classify`; `defect` with code `BAD_ANSWER` where a
 * member that cannot be done without is missing.
 */
export async function ask<T>(
  call: Call<MarketplaceApi>,
  operation: Operation,
  answer: z.ZodType<T>,
  send: (api: MarketplaceApi, signal: AbortSignal) => Promise<ExactAnswer>,
): Promise<Result<Told<T>>> {
  const sent = await call({ route: operation, isRepeatable: true, budgets: [operation] }, send);
  if (!sent.ok) return sent;
  const { body, answeredAt } = sent.value;
  const parsed = answer.safeParse(body);
  if (!parsed.success) return fail(shapeless(operation));
  return succeed({ value: parsed.data, ...(answeredAt === undefined ? {} : { answeredAt }) });
}

/** A page of a list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next?: string | null | undefined;
}

/** Reads a list to its end. *Bounds*: `pagesMax` pages; a longer list is a `defect` with code `LIST_TOO_LONG`, never a part of it. */
export async function askAll<Row>(
  operation: Operation,
  pagesMax: number,
  askPage: (token: string | undefined) => Promise<Result<Page<Row>>>,
): Promise<Result<readonly Row[]>> {
  const rows: Row[] = [];
  let token: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await askPage(token);
    if (!answer.ok) return answer;
    rows.push(...answer.value.rows);
    const { next } = answer.value;
    if (next === undefined || next === null || next === '') return succeed(rows);
    token = next;
  }
  return fail(tooLong(operation));
}

function shapeless(operation: Operation): Fault {
  return {
    kind: 'defect',
    code: 'BAD_ANSWER',
    message: `AWS Marketplace answered ${operation} in a shape the hub does not know.`,
  };
}

function tooLong(operation: Operation): Fault {
  return {
    kind: 'defect',
    code: 'LIST_TOO_LONG',
    message: `AWS Marketplace answered ${operation} with more pages than the hub reads of one record.`,
  };
}
