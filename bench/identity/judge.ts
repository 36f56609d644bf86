import type { LabelledRecord } from './labelled-set.ts';
import type { Meeting } from './meet-records.ts';

/** What the hub's meeting with labelled records was worth. Counts of pairs of records, where nothing else is said. */
export interface Judgement {
  records: number;
  /** Pairs that are one company or person. */
  truePairs: number;
  /** Pairs the hub linked by itself, and those of them that are one. */
  linked: number;
  linkedRight: number;
  /** True pairs that are linked, or that one question rightly answered makes one: it may show several others that are all the same. */
  asked: number;
  /** True pairs that are one record when every question has been answered rightly. */
  answered: number;
  /** Questions put to a person (not pairs). */
  questions: number;
  /** Pairs of unified records that the questions ask to compare, and those that are the same. */
  comparisons: number;
  comparisonsYes: number;
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
    comparisons: 0,
    comparisonsYes: 0,
  };
}

/** Judges a meeting by the labels and adds it to `sum`. */
export function judge(sum: Judgement, records: readonly LabelledRecord[], { unifiedOf, questions }: Meeting): void {
  const groups = Map.groupBy(records, ({ id }) => unifiedOf.get(id) ?? '');
  const common = (one: string, other: string): number => pairsBetween(groups.get(one) ?? [], groups.get(other) ?? []);
  sum.records += records.length;
  sum.truePairs += pairsWithin(records);
  for (const group of groups.values()) {
    sum.linked += (group.length * (group.length - 1)) / 2;
    sum.linkedRight += pairsWithin(group);
    sum.asked += pairsWithin(group);
  }
  const compared = new PairsOnce();
  const joined = new PairsOnce();
  const heads = new Map<string, string>();
  for (const { about, others } of questions) {
    const same = [about];
    for (const other of others) {
      const isNew = compared.add(about, other);
      const isSame = common(about, other) > 0;
      if (isSame) same.push(other);
      if (!isNew) continue;
      sum.comparisons += 1;
      if (isSame) sum.comparisonsYes += 1;
    }
    for (const [index, one] of same.entries()) {
      for (const other of same.slice(index + 1)) if (joined.add(one, other)) sum.asked += common(one, other);
      join(heads, about, one);
    }
  }
  sum.questions += new Set(questions.map(({ id }) => id)).size;
  for (const together of Map.groupBy(groups, ([id]) => headOf(heads, id)).values()) {
    sum.answered += pairsWithin(together.flatMap(([, group]) => group));
  }
}

/** Pairs of ids, the order within a pair left aside. */
class PairsOnce {
  readonly #seen = new Set<string>();

  /** Whether the pair had not been there before. */
  add(one: string, other: string): boolean {
    const pair = one < other ? `${one} ${other}` : `${other} ${one}`;
    if (this.#seen.has(pair)) return false;
    this.#seen.add(pair);
    return true;
  }
}

function join(heads: Map<string, string>, one: string, other: string): void {
  const [a, b] = [headOf(heads, one), headOf(heads, other)];
  if (a !== b) heads.set(a, b);
}

function headOf(heads: ReadonlyMap<string, string>, id: string): string {
  let head = id;
  for (let next = heads.get(head); next !== undefined; next = heads.get(head)) head = next;
  return head;
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
