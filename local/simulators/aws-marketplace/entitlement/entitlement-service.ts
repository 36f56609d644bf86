import * as z from 'zod';
import { type AwsFault, type AwsResult, answered, type JsonObject, refused } from '../../aws/aws-result.ts';
import { type AwsService, defineOperation } from '../../aws/aws-service.ts';
import { pageOf } from '../../aws/page.ts';
import { perSecond } from '../../aws/rate-limits.ts';
import type { Marketplace } from '../marketplace.ts';
import type { Agreement, Product } from '../records.ts';

const filterNames = z.enum(['CUSTOMER_IDENTIFIER', 'DIMENSION', 'CUSTOMER_AWS_ACCOUNT_ID', 'LICENSE_ARN']);

const getEntitlementsSchema = z.object({
  ProductCode: z.string().min(1).max(255),
  Filter: z.partialRecord(filterNames, z.array(z.string()).min(1)).optional(),
  NextToken: z.string().min(1).optional(),
  MaxResults: z.int().min(1).max(25).default(25),
});

/**
 * The Entitlement service, spoken to in AWS JSON 1.1: that is what the AWS SDK for JavaScript sends
 * (@aws-sdk/client-marketplace-entitlement-service 3.1138.0), although the model would rather have Smithy RPC v2 CBOR.
 * A call in CBOR is answered 404 here. Limit: 20 calls a second, by
 * https://docs.aws.amazon.com/marketplace/latest/developerguide/entitlement-service-quotas.html (read 2026-11-27).
 *
 * As for products made since June 2026, entitlements have no CustomerIdentifier; filtering by one finds nothing.
 */
export function entitlementService(market: Marketplace): AwsService {
  return {
    name: 'Entitlement',
    signingName: 'aws-marketplace',
    protocol: { kind: 'json', version: '1.1', targetPrefix: 'AWSMPEntitlementService' },
    faultNamespace: 'com.amazonaws.marketplaceentitlementservice#',
    messageMember: 'message',
    throttled: () => fault('ThrottlingException', 'Rate exceeded'),
    unavailable: (status) => ({ ...fault('InternalServiceErrorException', 'An internal fault.'), status }),
    operations: [
      defineOperation({
        name: 'GetEntitlements',
        limits: [perSecond('Entitlement.GetEntitlements', 20)],
        input: getEntitlementsSchema,
        invalid: (issues) =>
          fault('InvalidParameterException', issues.map(({ name, message }) => `${name}: ${message}`).join('; ')),
        serve: (input) => getEntitlements(market, input),
      }),
    ],
  };
}

function getEntitlements(market: Marketplace, input: z.infer<typeof getEntitlementsSchema>): AwsResult {
  const product = market.products.all().find(({ code }) => code === input.ProductCode);
  if (product === undefined) return refused(fault('InvalidParameterException', 'The product code is not known.'));
  const all = market.agreements
    .all()
    .filter(({ productId, entitlementStatus }) => productId === product.id && entitlementStatus === 'PROVISIONED')
    .flatMap((agreement) => entitlementsOf(agreement, product));
  const found = all.filter(({ entitlement }) => meets(entitlement, input.Filter ?? {}));
  const page = pageOf(found, ({ key }) => key, { token: input.NextToken, sizeMax: input.MaxResults });
  if (page === 'invalid-token') return refused(fault('InvalidParameterException', 'NextToken is not valid.'));
  return answered({ Entitlements: page.items.map(({ entitlement }) => entitlement), NextToken: page.nextToken });
}

function entitlementsOf(
  agreement: Agreement,
  product: Product,
): readonly { readonly key: string; readonly entitlement: JsonObject }[] {
  return agreement.grants.map(({ dimensionKey, quantity }) => ({
    key: `${agreement.id} ${dimensionKey}`,
    entitlement: {
      ProductCode: product.code,
      Dimension: dimensionKey,
      CustomerAWSAccountId: agreement.acceptorId,
      Value: { IntegerValue: quantity },
      ...(agreement.endAt === undefined ? {} : { ExpirationDate: agreement.endAt / 1000 }),
      LicenseArn: agreement.licenseArn,
    },
  }));
}

const FILTERED: Readonly<Record<z.infer<typeof filterNames>, string>> = {
  CUSTOMER_IDENTIFIER: 'CustomerIdentifier',
  DIMENSION: 'Dimension',
  CUSTOMER_AWS_ACCOUNT_ID: 'CustomerAWSAccountId',
  LICENSE_ARN: 'LicenseArn',
};

/** All filters, each by one of its values. */
function meets(
  entitlement: JsonObject,
  filter: Partial<Record<z.infer<typeof filterNames>, readonly string[] | undefined>>,
): boolean {
  return filterNames.options.every((name) => {
    const values = filter[name];
    return values === undefined || values.includes(String(entitlement[FILTERED[name]]));
  });
}

function fault(type: string, message: string): AwsFault {
  return { type, message, status: 400 };
}
