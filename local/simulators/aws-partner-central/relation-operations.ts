import type { RelatedEntityType } from '@aws-sdk/client-partnercentral-selling';
import { type AwsResult, answered } from '../aws/aws-result.ts';
import type { AwsOperation } from '../aws/aws-service.ts';
import { soldCount } from './business-rules.ts';
import { writeCall } from './define-call.ts';
import { type AssociateOpportunityRequest, associateOpportunityRequest } from './opportunity-requests.ts';
import type { PartnerAccount } from './partner-account.ts';
import { idIn } from './record-ids.ts';
import type { Opportunity } from './records.ts';
import { type FieldError, forbidden, invalidRequest, notFound } from './service-faults.ts';

/**
 * How many of each an opportunity may have.
 * *Source*: https://docs.aws.amazon.com/partner-central/latest/developer-guide/quotas.md (read November 2026).
 */
const RELATED_MAX: Readonly<Record<RelatedEntityType, number>> = {
  AwsProducts: 20,
  Solutions: 10,
  AwsMarketplaceSolutions: 10,
  AwsMarketplaceProducts: 10,
  AwsMarketplaceOffers: 1,
  AwsMarketplaceOfferSets: 1,
};

/**
 * Solutions, AWS products and marketplace offers of an opportunity, which may change in every review status and stage.
 * *Source*: https://docs.aws.amazon.com/partner-central/latest/developer-guide/associating-disassociating-assigning-opportunities.md
 * (read November 2026).
 */
export function relationOperations(account: PartnerAccount): readonly AwsOperation[] {
  return [
    writeCall('AssociateOpportunity', associateOpportunityRequest, (input) => associate(account, input)),
    writeCall('DisassociateOpportunity', associateOpportunityRequest, (input) => disassociate(account, input)),
  ];
}

function associate(account: PartnerAccount, input: AssociateOpportunityRequest): AwsResult {
  const held = account.opportunity(input.Catalog, input.OpportunityIdentifier);
  if (held === undefined) return notFound('The opportunity');
  const type = input.RelatedEntityType;
  const id = relatedId(input);
  if (id === undefined) return invalidRequest([wrongIdentifier('INVALID_STRING_FORMAT')]);
  if (type === 'Solutions') {
    const solution = account.solutions.get(id);
    if (solution?.catalog !== input.Catalog) return notFound('The solution');
    if (solution.status !== 'Active') return forbidden([wrongIdentifier('INVALID_VALUE')]);
  }
  // What is associated already stays so, and nothing is told.
  if (held.related[type].includes(id)) return answered();
  if (held.related[type].length >= RELATED_MAX[type]) return forbidden([wrongIdentifier('TOO_MANY_VALUES')]);
  account.changeOpportunity(withRelated(held, type, [...held.related[type], id]));
  return answered();
}

function disassociate(account: PartnerAccount, input: AssociateOpportunityRequest): AwsResult {
  const held = account.opportunity(input.Catalog, input.OpportunityIdentifier);
  if (held === undefined) return notFound('The opportunity');
  const type = input.RelatedEntityType;
  const id = relatedId(input);
  if (id === undefined || !held.related[type].includes(id)) return notFound('The association');
  const left = withRelated(
    held,
    type,
    held.related[type].filter((other) => other !== id),
  );
  const isRequired = held.review.status !== 'Pending Submission' && soldCount(held) > 0;
  if (isRequired && soldCount(left) === 0) return forbidden([wrongIdentifier('NOT_ENOUGH_VALUES')]);
  account.changeOpportunity(left);
  return answered();
}

/**
 * The id under which an entity is kept and answered. Private offers are named by their ARN, as the model wants it, or by
 * their id, and answered by their id; both are recorded.
 */
function relatedId({ RelatedEntityType, RelatedEntityIdentifier }: AssociateOpportunityRequest): string | undefined {
  const form = FORMS[RelatedEntityType];
  if (form !== undefined && !form.test(RelatedEntityIdentifier)) return undefined;
  const isOffer = RelatedEntityType === 'AwsMarketplaceOffers' || RelatedEntityType === 'AwsMarketplaceOfferSets';
  return isOffer ? idIn(RelatedEntityIdentifier) : RelatedEntityIdentifier;
}

const FORMS: Partial<Readonly<Record<RelatedEntityType, RegExp>>> = {
  Solutions: /^S-[0-9]{1,19}$/,
  AwsMarketplaceOffers:
    /^(arn:aws:aws-marketplace:[a-z]{1,2}-[a-z]*-\d+:\d{12}:AWSMarketplace\/Offer\/.+|offer-[0-9a-z]+)$/,
  AwsMarketplaceOfferSets:
    /^(arn:aws:aws-marketplace:[a-z]{1,2}-[a-z]*-\d+:\d{12}:AWSMarketplace\/OfferSet\/offerset-.+|offerset-[0-9a-z]+)$/,
  AwsMarketplaceSolutions: /^arn:/,
  AwsMarketplaceProducts: /^arn:/,
};

function withRelated(held: Opportunity, type: RelatedEntityType, ids: readonly string[]): Opportunity {
  return { ...held, related: { ...held.related, [type]: ids } };
}

function wrongIdentifier(Code: FieldError['Code']): FieldError {
  return { FieldName: 'RelatedEntityIdentifier', Message: 'The entity cannot be associated.', Code };
}
