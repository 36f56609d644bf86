import type * as z from 'zod';
import { type AwsResult, answered, refused } from '../../aws/aws-result.ts';
import type { AwsCall, AwsOperation } from '../../aws/aws-service.ts';
import { pageOf } from '../../aws/page.ts';
import type { Marketplace } from '../marketplace.ts';
import type { Agreement } from '../records.ts';
import { invalid, notFound } from './agreement-faults.ts';

/** Makes an operation of the service; `callerId` is the account that calls. */
export type Define = <Input>(
  name: string,
  input: z.ZodType<Input>,
  serve: (input: Input, callerId: string, call: AwsCall) => AwsResult,
  writes?: boolean,
) => AwsOperation;

/** Does something with an agreement that the caller is a party of. */
export function onAgreement(
  market: Marketplace,
  agreementId: string,
  callerId: string,
  call: AwsCall,
  work: (agreement: Agreement) => AwsResult,
): AwsResult {
  const agreement = market.agreements.get(agreementId);
  const isParty = agreement?.acceptorId === callerId || agreement?.proposerId === callerId;
  return agreement === undefined || !isParty ? refused(notFound(call, 'Agreement', agreementId)) : work(agreement);
}

/** Answers one page of a list: `member` holds its items, each as `tell` tells it. */
export function paged<Item>(
  list: readonly Item[],
  key: (item: Item) => string,
  { nextToken, maxResults }: { readonly nextToken?: string | undefined; readonly maxResults: number },
  call: AwsCall,
  member: string,
  tell: (item: Item) => unknown,
): AwsResult {
  const page = pageOf(list, key, { token: nextToken, sizeMax: maxResults });
  return page === 'invalid-token'
    ? refused(invalid(call, 'INVALID_NEXT_TOKEN', [{ name: 'nextToken', message: 'is not of this list' }]))
    : answered({ [member]: page.items.map(tell), nextToken: page.nextToken });
}
