import type { SeededRandom } from '../engine/seeded-random.ts';
import { type AwsId, type PlanItem, SYSTEM_IDS } from './plan.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * What accounts of AWS meet beside the mishaps of every world, where something is going on: a process killed when AWS has answered a write and before
 * anything of that is noted; limits of the account that others use up for many minutes; a connection paused for a while, of AWS or of a
 * CRM; invoices, of which no event tells, right after an agreement.
 */
export function hardships(random: SeededRandom, items: readonly PlanItem[], aws: AwsId): PlanItem[] {
  const somewhere = (): number => Math.max(0, random.pick(items).at + random.between(-10, 120) * SECOND_MS);
  const hard: PlanItem[] = [];
  // Few writes go to AWS, each for a deal that asks for something: whoever makes the next one meets it.
  for (const { at, deed } of items)
    if (deed.do === 'enter' && deed.entity.startsWith('D') && random.chance(0.4))
      hard.push({ at, deed: { do: 'die-after-write', system: aws, forMs: 0 } });
  if (random.chance(0.25))
    hard.push({ at: somewhere(), deed: { do: 'throttle', system: aws, forMs: random.between(5, 25) * MINUTE_MS } });
  if (random.chance(0.3)) {
    const system = random.pick([...SYSTEM_IDS, aws, aws]);
    const at = somewhere();
    hard.push(
      { at, deed: { do: 'pause', system } },
      { at: at + random.between(30, 720) * SECOND_MS, deed: { do: 'resume', system } },
    );
  }
  for (const { at, deed } of items)
    if (deed.do === 'accept' && random.chance(0.5))
      hard.push({ at: at + random.between(1, 600) * SECOND_MS, deed: { do: 'invoice', entity: deed.entity } });
  return hard;
}
