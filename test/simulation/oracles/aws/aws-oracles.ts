import { agree } from '../agree.ts';
import { budgetsHold } from '../budgets.ts';
import { boundedWrites, silentAtRest, toldBySweeps } from '../come-to-rest.ts';
import type { EndOfRun, Violation } from '../end-of-run.ts';
import { noDuplicates } from '../no-duplicates.ts';
import { noSilence } from '../no-silence.ts';
import { nothingLost } from '../nothing-lost.ts';
import { oneWriter } from '../one-writer.ts';
import { agreedDeals } from './agreed-deals.ts';
import { answeredInvitations } from './answered-invitations.ts';
import { awsBudgets } from './aws-budgets.ts';
import { hindrances, told } from './aws-end.ts';
import { handmadeOpportunities } from './handmade-opportunities.ts';
import { handsOff } from './hands-off.ts';
import { offeredDeals } from './offered-deals.ts';
import { onlyForward } from './only-forward.ts';
import { releasedOnce } from './released-once.ts';
import { sharedDeals } from './shared-deals.ts';
import { stepsBack } from './steps-back.ts';
import { toldEvents } from './told-events.ts';
import { writtenOnce } from './written-once.ts';

/**
 * The judges of a world with AWS accounts. The general ones hold there too, but for what only people may change elsewhere: AWS moves
 * stage, amount and dates of deals, and deals come into being that no person made.
 */
export const AWS_ORACLES: readonly ((end: EndOfRun) => readonly Violation[])[] = [
  silentAtRest,
  toldBySweepsOrEvents,
  boundedWritesWithAws,
  oneWriter,
  noDuplicates,
  agree,
  editsStand,
  noSilenceBut,
  budgetsHold,
  awsBudgets,
  releasedOnce,
  offeredDeals,
  agreedDeals,
  onlyForward,
  stepsBack,
  toldEvents,
  sharedDeals,
  handmadeOpportunities,
  handsOff,
  answeredInvitations,
  writtenOnce,
];

/** The fields that nobody but people writes. */
const PEOPLES: ReadonlySet<string> = new Set(['nextStep']);

/** Nothing lost, of what only people say. */
function editsStand(end: EndOfRun): readonly Violation[] {
  const changes = end.changes.map((change) => ({
    ...change,
    units: Object.fromEntries(Object.entries(change.units).filter(([unit]) => PEOPLES.has(unit))),
  }));
  return nothingLost({ ...end, changes });
}

/** What AWS told and the hub does not know stays an open question until a person has looked it up, and so does an invitation. */
function noSilenceBut(end: EndOfRun): readonly Violation[] {
  return noSilence({
    ...end,
    problems: hindrances(end.problems),
  });
}

/**
 * Sweeps and events tell all. Only that an agreement was amended is left to the walk where the event of it was lost: AWS lists agreements by
 * no time of change.
 */
function toldBySweepsOrEvents(end: EndOfRun): readonly Violation[] {
  const { sent, deals } = end.aws;
  const untold = new Set(
    sent.flatMap(({ event, isLost }) => {
      const { agreement } = event.detail as { readonly agreement?: { readonly id?: string } };
      return isLost && agreement?.id !== undefined ? [agreement.id] : [];
    }),
  );
  const isUntold = ({ system, id }: { readonly system: string; readonly id: string }): boolean => {
    const deal = deals.find((each) => each.system === system && each.id === id);
    return deal !== undefined && untold.has(told(deal, 'AWS_Agreement_Id__c', 'aws_agreement_id'));
  };
  return toldBySweeps({ ...end, changes: end.changes.filter((change) => !isUntold(change)) });
}

/** AWS's events stand for what happened there. */
function boundedWritesWithAws(end: EndOfRun): readonly Violation[] {
  return boundedWrites(end, end.aws.sent.length);
}
