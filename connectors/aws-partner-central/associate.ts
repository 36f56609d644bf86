import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { SystemValue, SystemValues } from '../../domain/model/value.ts';
import { readAwsAccount } from '../kit/aws/aws-client.ts';
import type { Call } from '../kit/connector.ts';
import { ask } from './ask.ts';
import type { Json } from './json.ts';
import { offerField, offerIdOf, related, solutionField } from './opportunity-fields.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';

/** The fields that are associations, with what AWS calls them. */
const kinds = [
  { field: solutionField, type: 'Solutions', holds: (opportunity: Json) => related(opportunity).solutions },
  { field: offerField, type: 'AwsMarketplaceOffers', holds: (opportunity: Json) => related(opportunity).offers },
] as const;

/**
 * Makes the associations of an opportunity what the values say, as differences: what is there already is left, what was read as the
 * field's value is taken away when another takes its place, and others that people associated stay.
 *
 * *Shape*: `opportunity` as it was just read; the first fault, or `undefined`. *Bounds*: three calls a field; none when nothing differs.
 */
export async function associate(
  call: Call<PartnerCentralApi>,
  opportunity: Json,
  values: SystemValues,
): Promise<Fault | undefined> {
  for (const { field, type, holds } of kinds) {
    if (!Object.hasOwn(values, field)) continue;
    const identified = await identifierOf(call, field, values[field]);
    if (!identified.ok) return named(identified.fault, field);
    const wanted = identified.value;
    const held = holds(opportunity);
    const isThere = wanted === undefined || held.some((each) => isSame(each, wanted));
    const [replaced] = held;
    // An opportunity takes one private offer, so the old one goes before the new one comes.
    const steps: readonly (readonly ['AssociateOpportunity' | 'DisassociateOpportunity', string])[] = [
      ...(replaced === undefined || (wanted !== undefined && isSame(replaced, wanted))
        ? []
        : [['DisassociateOpportunity', replaced] as const]),
      ...(isThere || wanted === undefined ? [] : [['AssociateOpportunity', wanted] as const]),
    ];
    for (const [operation, identifier] of type === 'Solutions' ? steps.toReversed() : steps) {
      const answer = await ask(call, operation, {
        OpportunityIdentifier: opportunity.Id,
        RelatedEntityType: type,
        RelatedEntityIdentifier: identifier,
      });
      if (!answer.ok) return named(answer.fault, field);
    }
  }
  return undefined;
}

/** Whether two identifiers name the same; offers are named by ARN or by id alone. */
function isSame(a: string, b: string): boolean {
  return offerIdOf(a) === offerIdOf(b);
}

/** What AWS wants to be given for the value; `undefined` for none. */
async function identifierOf(
  call: Call<PartnerCentralApi>,
  field: string,
  value: SystemValue | undefined,
): Promise<Result<string | undefined>> {
  if (typeof value !== 'string' || value === '') return succeed(undefined);
  if (field === solutionField) {
    return /^S-\d{1,19}$/.test(value) ? succeed(value) : refused('The solution must be S- and digits.');
  }
  if (!/^offer-\w{1,64}$/.test(value)) return refused('The offer must be offer- and what follows.');
  // An offer is its seller's entity, and the seller is the account of the connection.
  const account = await readAwsAccount(call);
  if (!account.ok) return account;
  return succeed(`arn:aws:aws-marketplace:us-east-1:${account.value.accountId}:AWSMarketplace/Offer/${value}`);
}

function refused(message: string): { readonly ok: false; readonly fault: Fault } {
  return fail({ kind: 'rejected', code: 'BAD_IDENTIFIER', message });
}

/** A refusal of an association is about its field, whatever AWS calls it. */
function named(fault: Fault, field: string): Fault {
  if (fault.kind === 'missing') return { ...fault, kind: 'rejected', fields: [field] };
  return fault.kind === 'rejected' ? { ...fault, fields: [field] } : fault;
}
