import { type DeliveryPlan, type PlanInput, planDelivery, recordHash } from '../deliver/plan-delivery.ts';
import { WHOLE } from '../model/source-record.ts';
import { creatingIn, type Seat } from '../model/unified-record.ts';
import type { AuditReason, AuditReasons } from './difference.ts';

/** A record that one connection has and another has not. Pure; times in ms. */
export interface AbsenceInput extends Omit<PlanInput, 'source' | 'refused'> {
  /** The other connection's seat in the unified record, if one was ever taken. */
  readonly seat: Seat | undefined;
  /** Whether the hub may create records of the object there now. */
  readonly isOpen: boolean;
  readonly now: number;
}

/** Why a record is not in a connection it belongs to. `undefined`: it does not belong there. */
export function judgeAbsence(input: AbsenceInput): AuditReasons | undefined {
  const { unified, seat, now } = input;
  const creating = creatingIn(seat);
  if (unified.state !== 'present') return undefined;
  // Planned as if nothing stood in its way, so that what does can be named.
  const plan = planDelivery({ ...input, unified: { ...unified, doubts: [] }, refused: {} });
  const held = plan.operation === 'none' ? [...plan.missing, ...neededAndHeld(input, plan)] : [];
  const isStuck = held.length + plan.pending.length > 0;
  // The mapping's filter keeps it away, or there is nothing to tell of it.
  if (plan.operation === 'none' && !isStuck) return undefined;
  if ((unified.doubts ?? []).length > 0) return { [WHOLE]: 'in-doubt' };
  if (!input.isOpen) return { [WHOLE]: 'closed' };
  if (creating !== undefined && creating.creating.until > now) return { [WHOLE]: 'on-its-way' };
  if (held.length > 0) return all(held, 'held');
  if (plan.operation === 'none') return all(plan.pending, 'waiting');
  if (creating === undefined) return { [WHOLE]: 'behind' };
  if (creating.refused[WHOLE] === recordHash(plan.fields)) return { [WHOLE]: 'refused' };
  const refused = plan.fields.filter(
    ({ line, intent }) => line.isRequired && creating.refused[line.field] === intent.hash,
  );
  return refused.length === 0
    ? { [WHOLE]: 'behind' }
    : all(
        refused.map(({ line }) => line.field),
        'refused',
      );
}

/** Fields that the system requires and whose values cannot be written as they are. */
function neededAndHeld({ mapping }: AbsenceInput, { held }: DeliveryPlan): readonly string[] {
  return mapping.fields.filter(({ field, isRequired }) => isRequired && field in held).map(({ field }) => field);
}

function all(fields: readonly string[], reason: AuditReason): AuditReasons {
  return Object.fromEntries(fields.map((field) => [field, reason]));
}
