import { fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ReadOutcome } from '../../domain/model/snapshot.ts';
import type { SystemValue } from '../../domain/model/value.ts';
import type { Call } from '../kit/connector.ts';
import { ask } from './ask.ts';
import { instantOf } from './instant.ts';
import type { Json } from './json.ts';
import { readField, submissionField } from './opportunity-fields.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { readEach } from './read-each.ts';
import type { Probe } from './refusal-of-one.ts';
import { allOpportunities } from './sweep-all.ts';

/** Text that could be an opportunity's id; other text is asked for nowhere. */
export const opportunityId = /^O\d{1,19}$/;

/** Reads opportunities by their ids; see {@link readEach} for the bounds. */
export function readOpportunities(
  call: Call<PartnerCentralApi>,
  ids: readonly string[],
  fields: readonly string[],
): Promise<Result<readonly ReadOutcome[]>> {
  return readEach(call, ids, opportunityProbe, async (id) => {
    const opportunity = await getOpportunity(call, id);
    return opportunity.ok ? snapshotOf(opportunity.value, fields) : opportunity;
  });
}

/** By which it shows whether AWS refuses opportunities, or one of them. */
export const opportunityProbe: Probe = { list: allOpportunities, readOne: getOpportunity };

/** One opportunity as AWS holds it now. */
export async function getOpportunity(call: Call<PartnerCentralApi>, id: string): Promise<Result<Json>> {
  if (!opportunityId.test(id)) {
    return fail({ kind: 'missing', code: 'MALFORMED_ID', message: 'This is no id of an opportunity.' });
  }
  return ask(call, 'GetOpportunity', { Identifier: id });
}

/**
 * Whether it may still be in the making: it carries an id of the partner's and has not been handed over. Its solution and its offer are
 * associated after it was created, a second or more apart, so an event can have it read in between. What is not there yet was emptied by
 * nobody, which is what a change after the creation would mean; AWS's time of creation, in whole seconds, would always say that there was one.
 */
function isBeingMade(opportunity: Json): boolean {
  const { PartnerOpportunityIdentifier: ours } = opportunity;
  return typeof ours === 'string' && ours !== '' && readField(opportunity, submissionField) === false;
}

function snapshotOf(opportunity: Json, fields: readonly string[]): Result<ReadOutcome> {
  const { Id, LastModifiedDate, CreatedDate } = opportunity;
  const modifiedAt = instantOf(LastModifiedDate);
  if (typeof Id !== 'string' || modifiedAt === undefined) {
    const message = 'AWS answered an opportunity without its id or change time.';
    return fail({ kind: 'defect', code: 'BAD_ANSWER', message });
  }
  const values: Record<string, SystemValue> = {};
  for (const field of fields) {
    const value = readField(opportunity, field);
    if (value !== undefined) values[field] = value;
  }
  const createdAt = isBeingMade(opportunity) ? modifiedAt : instantOf(CreatedDate);
  const times = createdAt === undefined ? { modifiedAt } : { modifiedAt, createdAt };
  return succeed({ outcome: 'found', snapshot: { externalId: Id, ...times, values } });
}
