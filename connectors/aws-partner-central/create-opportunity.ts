import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import { ask } from './ask.ts';
import { instantOf } from './instant.ts';
import { asText } from './json.ts';
import { newOpportunity, refusalOfValues } from './opportunity-payload.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { finishOpportunity } from './update-opportunity.ts';

/**
 * Makes an opportunity of a deal: creates it, names its solution and offer, and hands it to AWS if the deal asks for it.
 *
 * ```
 *  create, with a token made of the unified id ─▶ associate ─▶ hand over
 * ```
 *
 * There is never a second one: the token makes AWS answer the one it made, or refuse. If a step after the creation does not succeed, the
 * outcome is `uncertain` and names what was made (`madeAs`): the hub reads it, and goes on with what is missing as with any update. A step
 * that got no answer may still be under way: then nothing is named, and the hub looks when that must be over.
 * *Bounds*: at most eight calls.
 */
export async function createOpportunity(
  call: Call<PartnerCentralApi>,
  hubIdField: string,
  item: WriteItem,
): Promise<WriteOutcome> {
  const { unifiedId, values } = item;
  const body = newOpportunity(unifiedId, hubIdField, values);
  const refusal = refusalOfValues(values, body);
  if (refusal !== undefined) return { outcome: 'failed', fault: refusal };

  const made = await ask(call, 'CreateOpportunity', { ClientToken: `tributary-${unifiedId}`, ...body });
  // A conflict: the token was used with other values. An earlier attempt made it, before the deal was edited.
  if (!made.ok) {
    const isMade = made.fault.kind === 'conflict';
    return { outcome: 'failed', fault: isMade ? unfinished(made.fault.code) : made.fault };
  }
  const { Id, LastModifiedDate } = made.value;
  const externalId = asText(Id);
  if (externalId === undefined) return { outcome: 'failed', fault: unfinished('NO_ID') };

  const fault = await finishOpportunity(call, item, { ...body, Id, LastModifiedDate });
  if (fault !== undefined) {
    const isUnderWay = fault.kind === 'uncertain' || fault.isUnanswered === true;
    return { outcome: 'failed', fault: unfinished(fault.code), ...(isUnderWay ? {} : { madeAs: externalId }) };
  }
  const modifiedAt = instantOf(LastModifiedDate);
  return { outcome: 'written', externalId, created: true, ...(modifiedAt === undefined ? {} : { modifiedAt }) };
}

/** Some of it is done: whatever stopped the rest, the hub must look at what is there before it goes on. */
function unfinished(code: string): Fault {
  return {
    kind: 'uncertain',
    code,
    message: 'The opportunity was made, but not all that belongs to it; the hub looks at it and goes on.',
  };
}
