import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HeldLine, planLines } from '../../../connectors/kit/plan-lines.ts';
import { lineItemText, normalLines } from '../../../domain/model/line-item.ts';

const row = (id: string, product: string, quantity: string, price: string): HeldLine => ({
  id,
  product,
  quantity,
  price,
});
const NOTHING = { remove: [], change: [], add: [] };

describe('the lines of a deal', () => {
  it('are changed in the row that is there, added and removed by product', () => {
    const held = [row('1', 'A', '1', '10'), row('2', 'B', '1', '20'), row('3', 'C', '1', '30')];
    const base = held.map(lineItemText);

    const plan = planLines(['A | 2 × 10', 'B | 1 × 20', 'D | 1 × 40'], base, held);

    expect(plan).toEqual({
      change: [{ id: '1', quantity: '2', price: '10' }],
      remove: ['3'],
      add: [{ product: 'D', quantity: '1', price: '40' }],
    });
  });

  it('stay as they are where several rows add up to one line', () => {
    const held = [row('1', 'A', '1', '10'), row('2', 'A', '1', '10')];

    expect(planLines(['A | 2 × 10'], ['A | 2 × 10'], held)).toEqual(NOTHING);
  });

  it('of a product that somebody changed since are left to be taken in first; other products go on', () => {
    const held = [row('1', 'A', '5', '10'), row('2', 'B', '1', '20'), row('3', 'New', '1', '1')];

    const plan = planLines(['A | 2 × 10', 'B | 3 × 20'], ['A | 1 × 10', 'B | 1 × 20'], held);

    expect(plan).toEqual({ ...NOTHING, change: [{ id: '2', quantity: '3', price: '20' }] });
  });

  it('are what is wanted afterwards, and nothing is left to do', () => {
    const items = fc.array(
      fc.record({
        product: fc.constantFrom('A', 'B', 'C'),
        quantity: fc.integer({ min: 1, max: 3 }).map(String),
        price: fc.integer({ min: 1, max: 3 }).map(String),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(items, items, (before, after) => {
        const held = before.map((item, place) => ({ ...item, id: String(place) }));
        const wanted = normalLines(after) ?? [];

        const { remove, change, add } = planLines(wanted, normalLines(before) ?? [], held);
        const changed = new Map(change.map(({ id, ...values }) => [id, values]));
        const rows = [
          ...held.filter(({ id }) => !remove.includes(id)).map((line) => ({ ...line, ...changed.get(line.id) })),
          ...add.map((item, place) => ({ ...item, id: `new-${place}` })),
        ];

        expect(normalLines(rows)).toEqual(wanted);
        expect(planLines(wanted, normalLines(before) ?? [], rows)).toEqual(NOTHING);
      }),
    );
  });
});
