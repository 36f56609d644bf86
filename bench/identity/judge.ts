import type { LabelledRecord } from './labelled-set.ts';
import type { Meeting } from './meet-records.ts';

/** What the hub's meeting with labelled records was worth. Counts of pairs of records. */
export interface Judgement {
  records: number;
  /** Pairs that are one company or person. */
  truePairs: number;
  /** Pairs the hub linked by itself, and those of them that are one. */
  linked: number;
  linkedRight: number;
  /** True pairs that are linked, or that a question put to a person is about. */
  asked: number;
  /** True pairs that are one record when every question has been answered rightly. */
  answered: number;
  /** Questions put to a person, and those whose answer is yes. */
  questions: number;
  questionsYes: number;
}

/** Nothing judged yet; figures of several worlds add up. */
export function noJudgement(): Judgement {
  return {
    records: 0,
    truePairs: 0,
    linked: 0,
    linkedRight: 0,
    asked: 0,
    answered: 0,
    questions: 0,
    questionsYes: 0,
  };
}

/** Judges a meeting by the labels and adds it to `sum`. */
export function judge(sum: Judgement, records: readonly LabelledRecord[], { unifiedOf, questions }: Meeting): void {
  const groups = Map.groupBy(records, ({ id }) => unifiedOf.get(id) ?? '');
  sum.records += records.length;
  sum.truePairs += pairsWithin(records);
  for (const group of groups.values()) {
    sum.linked += (group.length * (group.length - 1)) / 2;
    sum.linkedRight += pairsWithin(group);
  }
  const linkedRight = [...groups.values()].reduce((total, group) => total + pairsWithin(group), 0);
  sum.asked += linkedRight;
  const heads = new Map<string, string>();
  const headOf = (id: string): string => {
    let head = id;
    for (let next = heads.get(head); next !== undefined; next = heads.get(head)) head = next;
    return head;
  };
  const askedAbout = new Set<string>();
  for (const [one, other] of questions) {
    const pair = one < other ? `${one} ${other}` : `${other} ${one}`;
    if (askedAbout.has(pair)) continue;
    askedAbout.add(pair);
    sum.questions += 1;
    const common = pairsBetween(groups.get(one) ?? [], groups.get(other) ?? []);
    sum.asked += common;
    if (common === 0) continue;
    sum.questionsYes += 1;
    const [a, b] = [headOf(one), headOf(other)];
    if (a !== b) heads.set(a, b);
  }
  for (const joined of Map.groupBy(groups, ([id]) => headOf(id)).values()) {
    sum.answered += pairsWithin(joined.flatMap(([, group]) => group));
  }
}

function pairsWithin(records: readonly LabelledRecord[]): number {
  let pairs = 0;
  for (const { length } of Map.groupBy(records, ({ cluster }) => cluster).values())
    pairs += (length * (length - 1)) / 2;
  return pairs;
}

function pairsBetween(a: readonly LabelledRecord[], b: readonly LabelledRecord[]): number {
  const sizes = Map.groupBy(b, ({ cluster }) => cluster);
  return a.reduce((total, { cluster }) => total + (sizes.get(cluster)?.length ?? 0), 0);
}
