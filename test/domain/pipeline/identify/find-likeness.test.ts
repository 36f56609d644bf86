import { describe, expect, test } from 'vitest';
import type { LabelledRecord } from '../../../../bench/identity/labelled-set.ts';
import { meetRecords } from '../../../../bench/identity/meet-records.ts';
import { benchVocabularies } from '../../../../bench/identity/vocabularies.ts';
import type { Kind } from '../../../../domain/model/kind.ts';
import { enterWeakKeys } from '../../../../domain/pipeline/identify/weak-key-holders.ts';
import type { HubStore } from '../../../../domain/pipeline/ports.ts';
import { memoryStore } from '../../../../local/memory/memory-store.ts';

/** Lets a hub meet records by their values, and answers which are one, and the questions that are open. */
async function meet(kind: Kind, records: readonly Readonly<Record<string, string>>[], store: HubStore = memoryStore()) {
  const labelled = records.map((values, index): LabelledRecord => ({ id: `${index}`, kind, cluster: '', values }));
  const { unifiedOf } = await meetRecords(labelled, benchVocabularies(), store);
  const ids = records.map((_, index) => unifiedOf.get(`${index}`) ?? '');
  const { problems } = await store.listProblems({ limit: 200 });
  return {
    /** The number of the first record each is one with. */
    heads: ids.map((id) => ids.indexOf(id)),
    /** In the order of the records they are about. */
    questions: problems
      .map(({ cause, candidates = [] }) => [cause, ...candidates.map((id) => ids.indexOf(id))])
      .sort((a, b) => Number(a[1]) - Number(b[1])),
    messages: problems.map(({ message }) => message),
  };
}

const ann = { firstName: 'Ann', lastName: 'Lee', email: 'office@lee.example.com' };

describe('an e-mail address', () => {
  test('links people whose names fit: nicknames, initials, other last names, no name', async () => {
    const own = { ...ann, email: 'ann.lee@lee.com' };
    const { heads, questions } = await meet('contact', [
      own,
      { ...own, firstName: 'Annie' },
      { ...own, firstName: 'A.' },
      { ...own, lastName: 'Lee-Moss' },
      { ...own, lastName: 'Moss' },
      { ...own, firstName: 'Lee', lastName: 'Ann' },
      { email: own.email },
    ]);

    expect(heads).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(questions).toEqual([]);
  });

  test.each([
    ['王', '志伟', '紫薇'],
    ['김', '지훈', '재현'],
    ['حداد', 'سعيد', 'سعاد'],
  ])('links no two of the family %s because their names look alike in Latin letters', async (lastName, one, other) => {
    const shared = { lastName, email: 'family@haddad.com' };
    const { heads, questions } = await meet('contact', [
      { ...shared, firstName: one },
      { ...shared, firstName: other },
    ]);

    expect(heads).toEqual([0, 1]);
    expect(questions).toEqual([['doubtful-match', 1, 0]]);
  });

  test.each([
    ['Tim', 'Tom'],
    ['Dan', 'Don'],
    ['Jan', 'June'],
  ])('links no %s and %s, of whose short names the same few consonants are left', async (one, other) => {
    const shared = { lastName: 'Lee', email: 'the.lees@lee.com' };
    const { heads, questions } = await meet('contact', [
      { ...shared, firstName: one },
      { ...shared, firstName: other },
    ]);

    expect(heads).toEqual([0, 1]);
    expect(questions).toEqual([['doubtful-match', 1, 0]]);
  });

  test('of somebody with quite another name is a question, and from then on links only who gives a name that fits', async () => {
    const shared = { ...ann, email: 'the.lees@lee.com' };
    const { heads, questions, messages } = await meet('contact', [
      shared,
      { ...shared, firstName: 'Carl' },
      { email: shared.email },
      { ...shared, firstName: 'Anne' },
    ]);

    expect(heads).toEqual([0, 1, 2, 0]);
    expect(questions).toEqual([
      ['doubtful-match', 1, 0],
      ['doubtful-match', 2, 0, 1],
    ]);
    expect(messages).toContain('contact 1 has the e-mail address of another contact, but not the name.');
  });
});

describe('a likeness', () => {
  const acme = { name: 'Nordlicht Systeme GmbH', city: 'Kiel' };

  test('to several records is one question about all of them, the most alike first', async () => {
    const store = memoryStore();
    const { heads, questions } = await meet(
      'partner',
      [
        { ...acme, domain: 'nordlicht.com', phone: '+494311234567' },
        { ...acme, domain: 'nordlicht-systeme.com' },
        { ...acme, phone: '0431 1234567' },
      ],
      store,
    );

    expect(heads).toEqual([0, 1, 2]);
    expect(questions).toEqual([
      ['doubtful-match', 1, 0],
      ['doubtful-match', 2, 0, 1],
    ]);
  });

  test('that a record brings to light which is linked for sure is a question about the established one, asked once', async () => {
    const { heads, questions } = await meet('partner', [
      { name: 'Nordlicht', domain: 'nordlicht.com' },
      { name: 'Seewind Logistik', city: 'Kiel', phone: '+494311234567' },
      { name: 'Seewind Logistik', domain: 'nordlicht.com', phone: '+494311234567' },
      { name: 'Seewind Logistik', domain: 'nordlicht.com', phone: '+494311234567' },
    ]);

    expect(heads).toEqual([0, 1, 0, 0]);
    expect(questions).toEqual([['doubtful-match', 0, 1]]);
  });

  test('is no question when only the number in the name differs', async () => {
    const { questions } = await meet('partner', [{ name: 'Seewind Fund 1' }, { name: 'Seewind Fund 2' }]);

    expect(questions).toEqual([]);
  });
});

describe('a weak key', () => {
  const key = { kind: 'contact', type: 'weak-person', value: 'smith' } as const;

  test('that thousands give is full after eight, and costs no write from then on', async () => {
    const memory = memoryStore();
    let writes = 0;
    const store: HubStore = {
      ...memory,
      putKey: (...args) => {
        writes += 1;
        return memory.putKey(...args);
      },
    };
    for (let person = 0; person < 1_000; person += 1) await enterWeakKeys(store, [key], `U${person}`);

    expect(writes).toBe(8);
    expect((await memory.readKeys([key])).values().next().value?.split(' ')).toHaveLength(8);
    expect(await enterWeakKeys(store, [key], 'V')).toHaveLength(3);
  });

  test('takes everybody who comes at the same time, and of any two one at least sees the other', async () => {
    const store = memoryStore();
    const names = ['A', 'B', 'C', 'D'];

    const seen = await Promise.all(names.map((name) => enterWeakKeys(store, [key], name)));

    expect(await enterWeakKeys(store, [key], 'E')).toHaveLength(4);
    for (const [i, one] of names.entries()) {
      for (const [j, other] of names.entries()) {
        expect(i === j || seen[i]?.includes(other) || seen[j]?.includes(one)).toBe(true);
      }
    }
  });
});
