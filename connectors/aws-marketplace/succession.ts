import type { AgreementRow } from './answers.ts';
import { exactInstant } from './exact-instant.ts';

/** What the other agreements of the same buyer about the same product say of one. */
export interface Succession {
  /** The agreement this one renews or replaces. */
  readonly predecessorId?: string;
  /** Whether no earlier agreement of this buyer came from the same offer; a renewal by itself keeps the offer of the first. */
  readonly isFirstOfOffer: boolean;
}

/** States in which another agreement took the place of one. */
const SUCCEEDED: ReadonlySet<string> = new Set(['RENEWED', 'REPLACED', 'SUPERSEDED']);

/** How far apart an end and the next beginning may lie, ms: an agreement ends in the last instant of a day, or mid-day when replaced. */
const adjacentMs = 86_400_000;

/**
 * Which agreement one renews or replaces, from the agreements themselves: AWS names it in one event only, which may be lost.
 *
 * ```
 *   ── RENEWED ────┤├── this ──        ends where this one begins (within a day)
 *   ── REPLACED ───┼───┤               or it would have run on, and no third one was accepted between the two
 *                  ├── this ──
 * ```
 *
 * Pure; the order of `siblings` means nothing. What this agreement's own row says counts where it is among them.
 */
export function successionOf(agreement: AgreementRow, siblings: readonly AgreementRow[]): Succession {
  const accepted = acceptedAt(agreement);
  const earlier = siblings
    .filter(({ agreementId }) => agreementId !== agreement.agreementId)
    .filter((sibling) => isEarlier(sibling, agreement));
  const offerId = agreement.proposalSummary?.offerId;
  const isFirstOfOffer = !earlier.some(({ proposalSummary }) => offerId && proposalSummary?.offerId === offerId);
  const start = exactInstant(agreement.startTime ?? agreement.acceptanceTime)?.ms;
  if (accepted === undefined || start === undefined) return { isFirstOfOffer };
  const ended = earlier.filter(({ status }) => SUCCEEDED.has(status ?? ''));
  const adjacent = ended
    .map((row) => ({ row, gapMs: Math.abs((exactInstant(row.endTime)?.ms ?? Number.NaN) - start) }))
    .filter(({ gapMs }) => gapMs <= adjacentMs)
    .toSorted((a, b) => a.gapMs - b.gapMs || byAcceptance(b.row, a.row));
  const closest = adjacent[0]?.row;
  if (closest !== undefined) return { isFirstOfOffer, predecessorId: closest.agreementId };
  const [latest] = earlier.toSorted((a, b) => byAcceptance(b, a));
  const end = exactInstant(latest?.endTime)?.ms;
  const isOverlapped = latest !== undefined && ended.includes(latest) && (end === undefined || end >= start);
  return isOverlapped ? { isFirstOfOffer, predecessorId: latest.agreementId } : { isFirstOfOffer };
}

/**
 * Whether no other agreement of the same offer came before this one, whoever accepted it. By the beginning of their terms: an amendment may
 * move the time of acceptance on, and must not make another one the first. Pure; the order of `others` means nothing.
 */
export function isFirstAmong(agreement: AgreementRow, others: readonly AgreementRow[]): boolean {
  return others
    .filter(({ agreementId }) => agreementId !== agreement.agreementId)
    .every((other) => byBeginning(agreement, other) < 0);
}

function byBeginning(one: AgreementRow, other: AgreementRow): number {
  const difference = (beganAt(one) ?? 0) - (beganAt(other) ?? 0);
  return difference === 0 ? byAcceptance(one, other) : difference;
}

function beganAt({ startTime, acceptanceTime }: AgreementRow): number | undefined {
  return exactInstant(startTime ?? acceptanceTime)?.ms;
}

function isEarlier(one: AgreementRow, other: AgreementRow): boolean {
  return byAcceptance(one, other) < 0;
}

function byAcceptance(one: AgreementRow, other: AgreementRow): number {
  const difference = (acceptedAt(one) ?? 0) - (acceptedAt(other) ?? 0);
  if (difference !== 0) return difference;
  if (one.agreementId === other.agreementId) return 0;
  return one.agreementId < other.agreementId ? -1 : 1;
}

function acceptedAt({ acceptanceTime, startTime }: AgreementRow): number | undefined {
  return exactInstant(acceptanceTime ?? startTime)?.ms;
}
