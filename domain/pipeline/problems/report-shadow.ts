import { type ExternalRef, seatKey } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { assignSeats } from '../../unify/assign-seats.ts';
import type { Bundle, Hub } from '../ports.ts';
import { problemId, raiseProblem } from './raise-problem.ts';

/** Asks a person to merge two records of one system, which to the hub are one thing, in that system. */
export async function reportShadow(hub: Hub, { kind, id, unified }: Bundle, shadow: ExternalRef): Promise<void> {
  const { connection, object, externalId } = shadow;
  const seat = unified?.seats[seatKey(connection, object)];
  const holder = seat !== undefined && 'externalId' in seat ? seat.externalId : '';
  await raiseProblem(hub, {
    ...questionAbout(shadow),
    kind,
    unifiedId: id,
    message: `${connection} holds two records of this ${kind}: ${object} ${holder} and ${object} ${externalId}.`,
    nextStep: `Merge the two in ${connection}; until then the hub keeps ${holder} in step and leaves ${externalId} alone.`,
    candidates: [`${connection}#${object}#${holder}`],
  });
}

/** The records that have no seat because another one of the same system has it. */
export function shadowsOf(hub: Hub, { unified, sources }: Bundle): readonly SourceRecord[] {
  return unified === undefined ? [] : assignSeats(unified, sources, hub.now(), undefined).shadows;
}

/** The problem that is about such a record. */
export function idOfShadow(shadow: ExternalRef): string {
  return problemId(questionAbout(shadow));
}

/** What a person is to do about the records of a thing that share a system, in words. */
export async function tellShadows(hub: Hub, kind: Kind, id: string): Promise<readonly string[]> {
  const told: string[] = [];
  for (const shadow of shadowsOf(hub, await hub.store.readBundle(kind, id))) {
    const problem = await hub.store.readProblem(idOfShadow(shadow));
    if (problem?.state === 'open') told.push(inWords(problem));
  }
  return told;
}

/** A problem as one line. */
export function inWords({ message, nextStep }: Pick<Problem, 'message' | 'nextStep'>): string {
  return `${message} ${nextStep}`;
}

function questionAbout({ connection, object, externalId }: ExternalRef) {
  return { cause: 'duplicate', connection, object, externalId } as const;
}
