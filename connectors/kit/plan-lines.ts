import { type LineItem, normalLines, readLineItem } from '../../domain/model/line-item.ts';

/** A row of a deal's products as the system holds it. */
export interface HeldLine extends LineItem {
  readonly id: string;
}

/** What to do to a deal's rows. */
export interface LinesPlan {
  readonly remove: readonly string[];
  readonly change: readonly { readonly id: string; readonly quantity: string; readonly price: string }[];
  readonly add: readonly LineItem[];
}

/**
 * How the rows of a deal become the lines wanted, product by product, with the least that has to be done: a row that is right
 * stays, also with what else people noted in it; one of the same product is changed; the rest is added or removed.
 *
 * A product whose rows are not what was last read (`base`) is left alone: somebody changed it since, and that is for the hub to
 * take in before it writes. Rows that say already what is wanted are not touched, so a repetition does nothing.
 * *Shape*: `wanted` and `base` are lines as text, in normal form. *Faults*: texts that are no lines count as none.
 */
export function planLines(wanted: readonly string[], base: readonly string[], held: readonly HeldLine[]): LinesPlan {
  const wantedOf = byProduct(itemsOf(wanted));
  const baseOf = byProduct(itemsOf(base));
  const heldOf = byProduct(held);
  const plans = [...new Set([...wantedOf.keys(), ...heldOf.keys()])].toSorted().map((product): LinesPlan => {
    const rows = heldOf.get(product) ?? [];
    const lines = wantedOf.get(product) ?? [];
    const isDone = isSame(rows, lines);
    return isDone || !isSame(rows, baseOf.get(product) ?? []) ? NOTHING : planProduct(lines, rows);
  });
  return {
    remove: plans.flatMap(({ remove }) => remove),
    change: plans.flatMap(({ change }) => change),
    add: plans.flatMap(({ add }) => add),
  };
}

const NOTHING: LinesPlan = { remove: [], change: [], add: [] };

/** Reads lines; the codec lets only lines through. */
export function itemsOf(texts: readonly string[]): readonly LineItem[] {
  return texts.flatMap((text) => readLineItem(text) ?? []);
}

function planProduct(lines: readonly LineItem[], rows: readonly HeldLine[]): LinesPlan {
  const open = [...lines];
  const spare = rows.filter(({ quantity, price }) => {
    const place = open.findIndex((line) => line.quantity === quantity && line.price === price);
    if (place >= 0) open.splice(place, 1);
    return place < 0;
  });
  return {
    change: spare.flatMap(({ id }, place) => {
      const line = open[place];
      return line === undefined ? [] : [{ id, quantity: line.quantity, price: line.price }];
    }),
    remove: spare.slice(open.length).map(({ id }) => id),
    add: open.slice(spare.length),
  };
}

function byProduct<Item extends LineItem>(items: readonly Item[]): Map<string, Item[]> {
  return Map.groupBy(items, ({ product }) => product);
}

function isSame(a: readonly LineItem[], b: readonly LineItem[]): boolean {
  const [one, other] = [normalLines(a), normalLines(b)];
  return one !== undefined && other !== undefined && one.join('\n') === other.join('\n');
}
