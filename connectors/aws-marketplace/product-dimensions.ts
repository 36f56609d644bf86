import * as z from 'zod';
import { type Fault, fail, OWN_CHECK, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { readEntity } from './read-entity.ts';

const product = z.object({
  Dimensions: z
    .array(z.object({ Key: z.string(), Name: z.string().nullish(), Types: z.array(z.string()).nullish() }))
    .nullish()
    .transform((all) => all ?? []),
});

/**
 * Which of a product's dimensions an offer grants: those the deal names, or the only one there is.
 *
 * Only dimensions a contract can be about count (`Entitled`); the metered ones are billed by use. *Bounds*: one call. *Faults*:
 * `rejected` with the names to choose from, where the deal names none and there are several, or names one there is not.
 */
export async function chooseDimensions(
  call: Call<MarketplaceApi>,
  productId: string,
  named: readonly string[],
): Promise<Result<readonly string[]>> {
  const told = await readEntity(call, productId);
  if (!told.ok) return told.fault.kind === 'missing' ? fail(noSuchProduct) : told;
  const parsed = product.safeParse(told.value.value.DetailsDocument);
  if (!parsed.success) return fail(shapeless);
  const entitled = parsed.data.Dimensions.filter(({ Types }) => Types?.includes('Entitled') === true);
  const choices = entitled
    .map(({ Key, Name }) => (Name === Key || !Name ? Key : `${Key} (${Name})`))
    .slice(0, namesMax);
  const unknown = named.filter((key) => !entitled.some((dimension) => dimension.Key === key));
  if (unknown.length > 0) return fail(noSuchDimension(choices));
  if (named.length > 0) return succeed(named);
  const [only, ...others] = entitled;
  if (only === undefined) return fail(noDimension);
  return others.length === 0 ? succeed([only.Key]) : fail(ambiguous(choices));
}

/** How many names a problem lists; a product has up to 100. */
const namesMax = 24;

function ambiguous(choices: readonly string[]): Fault {
  return {
    kind: 'rejected',
    code: 'DIMENSION_AMBIGUOUS',
    message: `The product has several dimensions; say on the deal which one is sold: ${choices.join(', ')}.`,
    fields: ['DimensionKey'],
    toldBy: OWN_CHECK,
  };
}

function noSuchDimension(choices: readonly string[]): Fault {
  return {
    kind: 'rejected',
    code: 'DIMENSION_UNKNOWN',
    message: `The product has no dimension of that key that a contract can be about; there are: ${choices.join(', ') || 'none'}.`,
    fields: ['DimensionKey'],
    toldBy: OWN_CHECK,
  };
}

const noDimension: Fault = {
  kind: 'rejected',
  code: 'DIMENSION_MISSING',
  message:
    'The product has no dimension that a contract can be about, so no private offer with a fixed price can be made of it.',
  fields: ['ProductId'],
  toldBy: OWN_CHECK,
};

const noSuchProduct: Fault = {
  kind: 'rejected',
  code: 'PRODUCT_UNKNOWN',
  message: 'AWS Marketplace knows no such product of this seller.',
  fields: ['ProductId'],
  toldBy: OWN_CHECK,
};

const shapeless: Fault = {
  kind: 'defect',
  code: 'UNKNOWN_PRODUCT_SHAPE',
  message:
    'AWS Marketplace answered a product in a shape the hub does not know; a new version of the connector is needed.',
};
