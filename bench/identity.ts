import type { Kind } from '../domain/model/kind.ts';
import type { Vocabulary } from '../domain/model/vocabulary.ts';
import { memoryStore } from '../local/memory/memory-store.ts';
import { type Aim, atLeast, atMost, readFlags, report } from './bench-report.ts';
import { dirtyCompanies } from './identity/dirty-companies.ts';
import { dirtyPersons } from './identity/dirty-persons.ts';
import { type Judgement, judge, noJudgement } from './identity/judge.ts';
import type { LabelledSet } from './identity/labelled-set.ts';
import { type CostFigures, measureCosts } from './identity/measure-costs.ts';
import { meetRecords } from './identity/meet-records.ts';
import { hasSharedData } from './identity/shared-rows.ts';
import { sharedSets } from './identity/shared-sets.ts';
import { benchVocabularies } from './identity/vocabularies.ts';

/** How well one labelled set was recognised. Shares are of pairs of records; what there is none of is left out. */
interface SetFigures {
  readonly set: string;
  readonly records: number;
  readonly truePairs: number;
  /** Of the pairs linked without a person, how many are one. */
  readonly precision?: number;
  /** Of the true pairs: linked; linked or joined by one question; one record when every question was answered rightly. */
  readonly recall: { readonly automatic: number; readonly withReview: number; readonly answered: number };
  /** Questions a record, pairs to compare a record, and how many of these are the same. */
  readonly review: { readonly questions: number; readonly comparisons: number; readonly yes: number };
  readonly published?: LabelledSet['published'];
}

const OWN_RECORDS = { quick: 2_000, usual: 10_000 };
const SIZES = { quick: [500, 2_000], usual: [1_000, 10_000, 100_000] };
/** Time a record at the largest size by that at the smallest: more than this is not flat. */
const FLAT_MAX = 1.5;

const flags = readFlags();
const vocabularies = benchVocabularies();
const own = flags.quick ? OWN_RECORDS.quick : OWN_RECORDS.usual;
const sets = [
  { name: 'own companies', worlds: [dirtyCompanies(own)] },
  { name: 'own persons', worlds: [dirtyPersons(own)] },
  ...(hasSharedData ? sharedSets() : []),
];
if (!hasSharedData)
  console.error('identity: the labelled sets are not here (../shared/data); only the own ones are measured');
const figures = await inOrder(sets, (set) => measureSet(set, vocabularies));
const sizes = flags.quick ? SIZES.quick : SIZES.usual;
const costs = [
  ...(await measureCosts('partner', dirtyCompanies, sizes, vocabularies)),
  ...(await measureCosts('contact', dirtyPersons, sizes, vocabularies)),
];
report('identity', flags, { sets: figures, costs, aims: aimsOf(figures, costs) });

async function measureSet(set: LabelledSet, known: ReadonlyMap<Kind, Vocabulary>): Promise<SetFigures> {
  const sum = noJudgement();
  for (const records of set.worlds) judge(sum, records, await meetRecords(records, known, memoryStore()));
  return {
    set: set.name,
    records: sum.records,
    truePairs: sum.truePairs,
    ...(sum.linked === 0 ? {} : { precision: share(sum.linkedRight, sum.linked) }),
    recall: recallOf(sum),
    review: {
      questions: share(sum.questions, sum.records),
      comparisons: share(sum.comparisons, sum.records),
      yes: share(sum.comparisonsYes, sum.comparisons),
    },
    ...(set.published === undefined ? {} : { published: set.published }),
  };
}

function recallOf({ linkedRight, asked, answered, truePairs }: Judgement): SetFigures['recall'] {
  return {
    automatic: share(linkedRight, truePairs),
    withReview: share(asked, truePairs),
    answered: share(answered, truePairs),
  };
}

function aimsOf(measured: readonly SetFigures[], spent: readonly CostFigures[]): readonly Aim[] {
  return [
    ...measured.flatMap(({ set, precision }) =>
      precision === undefined ? [] : [atLeast(`${set}: precision of automatic links`, 0.999, precision)],
    ),
    ...measured.flatMap(({ set, recall, published }) =>
      published === undefined ? [] : [atLeast(`${set}: recall with review`, published.recall, recall.answered)],
    ),
    ...[...Map.groupBy(spent, ({ kind }) => kind)].map(([kind, ofKind]) =>
      atMost(`${kind}: the hub’s time a record, largest by smallest`, FLAT_MAX, ofKind.at(-1)?.bySmallest ?? 0),
    ),
  ];
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
}

async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
