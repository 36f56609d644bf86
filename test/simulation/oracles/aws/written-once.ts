import type { VendorCall } from '../../world/chronicle.ts';
import type { EndOfRun, Violation } from '../end-of-run.ts';

/** What a deal takes of the one write a second that AWS allows, once each. */
const ONCE = ['CreateOpportunity', 'AssociateOpportunity', 'StartEngagementFromOpportunityTask'];

/**
 * What AWS has carried out and answered is not sent again: each deal takes three writes of the one a second that the partner has. What got no
 * answer, or one that a process was stopped over, may be; and what a process was at that was frozen past its lease.
 */
export function writtenOnce({ calls, plan }: EndOfRun): readonly Violation[] {
  if (plan.items.some(({ deed }) => deed.do === 'freeze')) return [];
  const done = calls.filter(
    ({ system, operation = '', status }) => system === 'partner-central' && ONCE.includes(operation) && status === 200,
  );
  return [...Map.groupBy(done, thingOf)].flatMap(([thing, all]) => {
    const [first, ...others] = all.toSorted((a, b) => a.sentAt - b.sentAt);
    const { answeredAt, invocation } = first ?? {};
    if (answeredAt === undefined || invocation?.isSound !== true) return [];
    const again = others.find(({ sentAt }) => sentAt > answeredAt);
    if (again === undefined) return [];
    return [
      { invariant: 'no duplicate', what: `${thing} was sent again, ${again.sentAt - answeredAt} ms after its answer` },
    ];
  });
}

function thingOf({ operation, body }: VendorCall): string {
  // The request is the connector's own, in AWS's form.
  const {
    Identifier,
    OpportunityIdentifier,
    ClientToken,
    RelatedEntityIdentifier = '',
  } = JSON.parse(body) as Readonly<Record<string, string | undefined>>;
  return `${operation} ${Identifier ?? OpportunityIdentifier ?? ClientToken} ${RelatedEntityIdentifier}`.trim();
}
