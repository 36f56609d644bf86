import { describe, expect, test } from 'vitest';
import { dirtyCompanies } from '../../../bench/identity/dirty-companies.ts';
import { dirtyPersons } from '../../../bench/identity/dirty-persons.ts';
import { judge, noJudgement } from '../../../bench/identity/judge.ts';
import type { LabelledSet } from '../../../bench/identity/labelled-set.ts';
import { meetRecords } from '../../../bench/identity/meet-records.ts';
import { hasSharedData } from '../../../bench/identity/shared-rows.ts';
import { sharedSets } from '../../../bench/identity/shared-sets.ts';
import { benchVocabularies } from '../../../bench/identity/vocabularies.ts';
import { memoryStore } from '../../../local/memory/memory-store.ts';

const vocabularies = benchVocabularies();

/** What the hub makes of a set when it meets its records one after the other; see `npm run bench -- identity`. */
async function met({ worlds }: Pick<LabelledSet, 'worlds'>) {
  const sum = noJudgement();
  let reads = 0;
  let writes = 0;
  for (const records of worlds) {
    const meeting = await meetRecords(records, vocabularies, memoryStore());
    judge(sum, records, meeting);
    reads += meeting.counts.reads;
    writes += meeting.counts.writes;
  }
  return {
    precision: sum.linked === 0 ? 1 : sum.linkedRight / sum.linked,
    automatic: sum.linkedRight / sum.truePairs,
    answered: sum.answered / sum.truePairs,
    questionsPerRecord: sum.questions / sum.records,
    readsPerRecord: reads / sum.records,
    writesPerRecord: writes / sum.records,
  };
}

describe('recognition, measured on invented dirt', () => {
  test.each([
    { name: 'companies', records: dirtyCompanies(1_000), automatic: 0.7, questions: 0.25 },
    { name: 'persons', records: dirtyPersons(1_000), automatic: 0.4, questions: 0.4 },
  ])(
    '$name: no wrong link, and of 100 pairs 99 are linked or asked about',
    async ({ records, automatic, questions }) => {
      const figures = await met({ worlds: [records] });

      expect(figures.precision).toBeGreaterThanOrEqual(0.999);
      expect(figures.automatic).toBeGreaterThanOrEqual(automatic);
      expect(figures.answered).toBeGreaterThanOrEqual(0.99);
      expect(figures.questionsPerRecord).toBeLessThanOrEqual(questions);
      // What one record costs is bounded: at most 16 weak keys and 10 candidates.
      expect(figures.readsPerRecord).toBeLessThanOrEqual(30);
      expect(figures.writesPerRecord).toBeLessThanOrEqual(20);
    },
  );
});

describe.skipIf(!hasSharedData)('recognition, measured on labelled sets (skipped where ../shared is not there)', () => {
  test.each([
    ['febrl1', 0.995, 0.6],
    ['splink-fake1000', 0.85, 0.7],
    ['senzing-truthset', 0.981, 0.9],
    ['listed-companies', 0.85, 0.3],
    ['fodors-zagats', 1, 0.2],
    ['name-bench', 0.85, 0.4],
  ])(
    '%s: no wrong link; with review %d of the pairs, by %d questions a record at most',
    async (name, recall, questions) => {
      const set = sharedSets().find((each) => each.name === name);
      const figures = await met({ worlds: set?.worlds ?? [] });

      expect(figures.precision).toBeGreaterThanOrEqual(0.999);
      expect(figures.answered).toBeGreaterThanOrEqual(recall);
      expect(figures.questionsPerRecord).toBeLessThanOrEqual(questions);
    },
  );
});
