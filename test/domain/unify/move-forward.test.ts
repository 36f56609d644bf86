import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Moves } from '../../../domain/mapping/compiled-mapping.ts';
import type { Origin } from '../../../domain/model/source-record.ts';
import type { OwnField, UnifiedField, UnifiedRecord } from '../../../domain/model/unified-record.ts';
import type { Vocabulary } from '../../../domain/model/vocabulary.ts';
import type { CanonicalField, CanonicalSource } from '../../../domain/unify/canonical-source.ts';
import { unifyFields } from '../../../domain/unify/unify-fields.ts';
import { unifyRecord } from '../../../domain/unify/unify-record.ts';

const CHOICES = ['prospect', 'qualified', 'committed', 'won', 'lost'];
const vocabulary: Vocabulary = {
  kind: 'deal',
  fields: new Map([
    [
      'stage',
      {
        name: 'stage',
        tag: 's',
        type: 'choice',
        isMany: false,
        choices: CHOICES,
        ends: ['won', 'lost'],
        survivorship: { by: 'newest' },
        isPersonal: false,
        note: '',
      },
    ],
  ]),
};

const CONNECTIONS = ['crm', 'portal', 'market', 'partners'];

function source(connection: string, stage: CanonicalField, moves?: Moves): CanonicalSource {
  const base = { from: `${connection}#deal#1`, connection, rank: CONNECTIONS.indexOf(connection), fields: { stage } };
  return moves === undefined ? base : { ...base, moves: { stage: moves } };
}

function says(value: string | null, at: number, origin: Origin = 'system'): CanonicalField {
  return { value, at, origin };
}

const FORWARD: Moves = { back: new Set() };
const LOST_ANYTIME: Moves = { back: new Set(['lost']) };

function stageOf(sources: readonly CanonicalSource[], own: Readonly<Record<string, OwnField>> = {}) {
  return unifyFields(vocabulary, sources, own).stage;
}

describe('a source that may only move a field forward', () => {
  test('moves it forward', () => {
    const stage = stageOf([source('crm', says('qualified', 10)), source('market', says('won', 20), FORWARD)]);

    expect(stage).toMatchObject({ value: 'won', from: 'market#deal#1', rule: 'newest' });
  });

  test('is passed over where it would take it back, and the record tells of it', () => {
    const stage = stageOf([source('crm', says('committed', 10)), source('market', says('qualified', 20), FORWARD)]);

    expect(stage).toEqual({ value: 'committed', at: 10, from: 'crm#deal#1', origin: 'system', rule: 'forward' });
  });

  test('neither turns what is won into lost nor what is lost into won', () => {
    const won = stageOf([source('crm', says('won', 10)), source('market', says('lost', 20), FORWARD)]);
    const lost = stageOf([source('crm', says('lost', 10)), source('market', says('won', 20), FORWARD)]);

    expect([won?.value, lost?.value]).toEqual(['won', 'lost']);
  });

  test('may set what its lookup names, wherever the field stands', () => {
    const stage = stageOf([source('crm', says('won', 10)), source('market', says('lost', 20), LOST_ANYTIME)]);

    expect(stage).toMatchObject({ value: 'lost', rule: 'newest' });
  });

  test('gives way to a newer edit of a person, wherever that leads', () => {
    const stage = stageOf([source('crm', says('prospect', 30)), source('market', says('won', 20), FORWARD)]);

    expect(stage).toMatchObject({ value: 'prospect', from: 'crm#deal#1' });
  });

  test('is measured at what stood when it spoke, not at what people had set back before', () => {
    const stage = stageOf([
      source('portal', says('won', 10)),
      source('crm', says('prospect', 20)),
      source('market', says('qualified', 30), FORWARD),
    ]);

    expect(stage).toMatchObject({ value: 'qualified', from: 'market#deal#1' });
  });

  test('is no news where it says what stands', () => {
    const stage = stageOf([source('crm', says('won', 10)), source('market', says('won', 20), FORWARD)]);

    expect(stage).toMatchObject({ value: 'won', from: 'crm#deal#1', rule: 'only' });
  });

  test('does not take a found value back either, and what it was found to hold counts only alone', () => {
    const edited = stageOf([
      source('crm', says('committed', 10, 'found')),
      source('market', says('qualified', 20), FORWARD),
    ]);
    const found = stageOf([
      source('crm', says('qualified', 10, 'found')),
      source('market', says('won', 20, 'found'), FORWARD),
    ]);
    const alone = stageOf([source('market', says('won', 20, 'found'), FORWARD)]);

    expect([edited?.value, found?.value, alone?.value]).toEqual(['committed', 'qualified', 'won']);
  });

  test('fills a field that people emptied, and does not empty one', () => {
    const filled = stageOf([source('crm', says(null, 10)), source('market', says('prospect', 20), FORWARD)]);
    const kept = stageOf([source('crm', says('prospect', 10)), source('market', says(null, 20), FORWARD)]);

    expect([filled?.value, kept?.value]).toEqual(['prospect', 'prospect']);
  });
});

const stage = fc.record({
  value: fc.option(fc.constantFrom(...CHOICES), { nil: null }),
  at: fc.integer({ min: 0, max: 5 }),
  origin: fc.constantFrom<Origin>('system', 'hub', 'found'),
});
const moves = fc.option(
  fc.subarray(CHOICES).map((back): Moves => ({ back: new Set(back) })),
  { nil: undefined },
);
const sources = fc
  .array(fc.tuple(stage, moves), { minLength: 1, maxLength: 4 })
  .map((all) => all.map(([field, rule], index) => source(CONNECTIONS[index] ?? '', field, rule)));

function content(field: UnifiedField | undefined): unknown {
  return field && [field.value, field.at, field.from, field.origin];
}

describe('laws of moving forward', () => {
  test('any order and any repetition of the sources gives the same', () => {
    fc.assert(
      fc.property(sources, fc.nat(), (all, pick) => {
        const again = all[pick % all.length] as CanonicalSource;
        const turned = [...all.slice(pick % all.length), ...all.slice(0, pick % all.length)];
        expect(stageOf(turned)).toEqual(stageOf(all));
        expect(stageOf([...all].reverse())).toEqual(stageOf(all));
        expect(content(stageOf([...all, again]))).toEqual(content(stageOf(all)));
      }),
    );
  });

  test('where everything may go back, all is as if nothing were said about moving', () => {
    fc.assert(
      fc.property(sources, (all) => {
        const told = all.filter(({ fields }) => fields.stage?.value !== null);
        const free = told.map((each) => ({ ...each, moves: { stage: { back: new Set(CHOICES) } } }));
        const plain = told.map(({ moves: _moves, ...each }) => each);
        expect(stageOf(free)).toEqual(stageOf(plain));
      }),
    );
  });

  test('a record that was unified once more is the same, and need not be written', () => {
    fc.assert(
      fc.property(sources, sources, (before, after) => {
        const first = unify(undefined, before).record;
        const second = unify(first, after).record;
        expect(unify(second, after)).toMatchObject({ isMoved: false, record: { fields: second.fields } });
      }),
    );
  });
});

function unify(stored: UnifiedRecord | undefined, canonical: readonly CanonicalSource[]) {
  const seating = { seats: {}, seated: [], shadows: [] };
  const input = {
    kind: 'deal',
    id: 'U',
    stored,
    sources: [],
    seating,
    canonical,
    vocabulary,
    keys: [],
    now: 1,
  } as const;
  return unifyRecord(input);
}

/** Somebody sets the stage somewhere; the place in the list is the time. */
interface Word {
  readonly connection: string;
  readonly value: string;
}

const RULES: Readonly<Record<string, Moves | undefined>> = { market: FORWARD, partners: LOST_ANYTIME };

/** What the stage should be after all that was said, by the rule as docs/mappings.md tells it; knows nothing of the hub. */
function expected(words: readonly Word[]): string {
  const places: Readonly<Record<string, number>> = { '': -1, prospect: 0, qualified: 1, committed: 2, won: 3, lost: 3 };
  return words.reduce((stands, { connection, value }) => {
    const isFree = connection === 'crm' || connection === 'portal' || (connection === 'partners' && value === 'lost');
    return isFree || (places[value] ?? 0) > (places[stands] ?? 0) ? value : stands;
  }, '');
}

/** A hub that has heard some of it: what each system holds, and the record. */
class Hub {
  readonly held = new Map<string, CanonicalField>();
  record: UnifiedRecord | undefined;

  hear(connection: string, value: string, at: number): void {
    this.held.set(connection, says(value, at));
    this.settle();
  }

  /** The market cannot be written to; a system holds what the hub wrote as the hub's. */
  deliver(connection: string): void {
    const [stands, held] = [this.record?.fields.stage, this.held.get(connection)];
    if (stands === undefined || connection === 'market' || held?.value === stands.value) return;
    this.held.set(connection, { value: stands.value, at: stands.at, origin: 'hub' });
    this.settle();
  }

  private settle(): void {
    const canonical = [...this.held].map(([connection, field]) => source(connection, field, RULES[connection]));
    this.record = unify(this.record, canonical).record;
  }
}

const word = fc.record({ connection: fc.constantFrom(...CONNECTIONS), value: fc.constantFrom(...CHOICES) });

describe('what was said long ago does not count again', () => {
  test('whatever the hub writes meanwhile, the stage is what all that was said makes it', () => {
    const deliveries = fc.array(fc.constantFrom(...CONNECTIONS), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, deliveries), { minLength: 1, maxLength: 12 }), (story) => {
        const hub = new Hub();
        const said: Word[] = [];
        for (const [at, [each, written]] of story.entries()) {
          // Setting what is there already is no edit.
          if (hub.held.get(each.connection)?.value !== each.value) {
            said.push(each);
            hub.hear(each.connection, each.value, at);
            expect(hub.record?.fields.stage?.value).toBe(expected(said));
          }
          for (const connection of written) hub.deliver(connection);
          for (const connection of CONNECTIONS) if (said.length > 0) hub.deliver(connection);
          expect(hub.record?.fields.stage?.value ?? '').toBe(expected(said));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('nor does it matter whose words the hub hears first', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 9 }), fc.infiniteStream(fc.nat()), (words, picks) => {
        const said = onwards(words);
        const waiting = new Map(
          CONNECTIONS.map((name) => [
            name,
            said.flatMap((each, at) => (each.connection === name ? [{ ...each, at }] : [])),
          ]),
        );
        const hub = new Hub();
        for (let left = [...waiting.values()].filter((each) => each.length > 0); left.length > 0; ) {
          const next = left[(picks.next().value ?? 0) % left.length]?.shift();
          if (next !== undefined) hub.hear(next.connection, next.value, next.at);
          // What is still to be heard from a system is read there before it is written over. What the partners' system said is
          // lost when it is passed over and put right before the hub has heard that people had gone back by then.
          for (const [name, rest] of waiting) {
            const isHeard = name === 'partners' ? left.every((each) => each.length === 0) : rest.length === 0;
            if (isHeard && (picks.next().value ?? 0) % 2 === 0) hub.deliver(name);
          }
          left = left.filter((each) => each.length > 0);
        }
        expect(hub.record?.fields.stage?.value ?? '').toBe(expected(said));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** What changes something where it is said; of the market and the partners' system, what leads on from what they said before. */
function onwards(words: readonly Word[]): readonly Word[] {
  const far = new Map<string, number>();
  const last = new Map<string, string>();
  return words.filter(({ connection, value }) => {
    const isNews = last.get(connection) !== value;
    last.set(connection, value);
    if (RULES[connection] === undefined) return isNews;
    const place = CHOICES.indexOf(value);
    if (value === 'lost' || place <= (far.get(connection) ?? -1)) return false;
    far.set(connection, place);
    return true;
  });
}
