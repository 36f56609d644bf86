import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../local/simulators/sample-data/seeded-random.ts';
import type { CompanyLedger, SharedField, SideName } from './kill-run-ledger.ts';
import { type Change, domainOf, type VendorAccount } from './vendor-accounts.ts';

/** The people of the kill run, who edit and create in both systems. */
export interface People {
  /** Everything they did; grows while they work. */
  readonly ledger: readonly CompanyLedger[];
  /** Changes made so far: each field written and each record made is one. */
  made(): number;
  /** Works until so many changes are made; `progress` says how much of the time they have is over, from 0 to 1. */
  work(changes: number, progress: () => number): Promise<void>;
}

/** How people work. */
export interface PeopleOptions {
  readonly random: SeededRandom;
  readonly accounts: Readonly<Record<SideName, VendorAccount>>;
  /** Companies that both systems have, by index of `sample-partners.ts` from 0. */
  readonly pairs: readonly Readonly<Record<SideName, string>>[];
}

const TICK_MS = 250;
/** What people do in one tick at most, but for bulk changes; who is behind catches up bit by bit. */
const MOST_A_TICK = 100;
/** Of what people do. The rest are edits of one field on one side. */
const SHARES = { volley: 0.07, create: 0.02, twins: 0.02 } as const;
/** Now and then somebody changes many records at once. */
const BULK = { chance: 0.03, most: 150 } as const;
const FIELDS: readonly SharedField[] = ['name', 'phone'];
const SIDES: readonly SideName[] = ['salesforce', 'hubspot'];

interface Worker {
  readonly ids: { salesforce?: string; hubspot?: string };
  readonly ownMarks: { salesforce?: number; hubspot?: number };
  readonly volleys: { name?: readonly string[]; phone?: readonly string[] };
  readonly domain: string;
  readonly isTwin: boolean;
}

/**
 * People who, by seeded chance,
 * - write into the field that only their side edits, each mark once, the same company as often as it comes;
 * - write into one field on both sides in the same moment, once for each company and field: with a second such moment an edit could
 *   fall between the hub's last read and its write, which neither system can be asked to guard against;
 * - create companies on one side, and now and then the same company on both sides in the same moment.
 */
export function peopleOf({ random, accounts, pairs }: PeopleOptions): People {
  const ledger: Worker[] = pairs.map((ids, index) => ({
    domain: domainOf(index),
    isTwin: false,
    ids: { ...ids },
    ownMarks: {},
    volleys: {},
  }));
  let made = 0;
  let mark = 1_000_000;

  async function work(changes: number, progress: () => number): Promise<void> {
    while (made < changes) {
      const due = Math.min(changes, Math.ceil(progress() * changes)) - made;
      if (due > 0) await act(Math.min(due, MOST_A_TICK));
      await sleep(TICK_MS);
    }
  }

  async function act(due: number): Promise<void> {
    const bulk = random.chance(BULK.chance) ? 2 + random.below(BULK.most) : 0;
    const edits: Record<SideName, Map<string, Change>> = { salesforce: new Map(), hubspot: new Map() };
    if (bulk > 0) for (let count = 0; count < bulk; count += 1) editOwn(edits, 'hubspot');
    for (let count = bulk; count < due; count += 1) {
      const chance = random.next();
      if (chance < SHARES.twins) await create(SIDES);
      else if (chance < SHARES.twins + SHARES.create) await create([random.pick(SIDES)]);
      else if (chance < SHARES.twins + SHARES.create + SHARES.volley) volley(edits);
      else editOwn(edits, random.pick(SIDES));
    }
    await Promise.all(SIDES.map((side) => send(side, edits[side])));
  }

  async function create(sides: readonly SideName[]): Promise<void> {
    const index = ledger.length;
    const company: Worker = { domain: domainOf(index), isTwin: sides.length > 1, ids: {}, ownMarks: {}, volleys: {} };
    ledger.push(company);
    made += sides.length;
    const ids = await Promise.all(sides.map((side) => accounts[side].create(index)));
    // Twins are left alone: until the hub has met both, an edit of one field makes the record's other values as new as it.
    const [only] = sides.length === 1 ? sides : [];
    if (only !== undefined && ids[0] !== undefined) company.ids[only] = ids[0];
  }

  function editOwn(edits: Record<SideName, Map<string, Change>>, side: SideName): void {
    const company = random.pick(ledger);
    const id = company.ids[side];
    if (id === undefined || edits[side].has(id)) return;
    mark += 1;
    made += 1;
    company.ownMarks[side] = mark;
    edits[side].set(id, { own: mark });
  }

  function volley(edits: Record<SideName, Map<string, Change>>): void {
    const company = random.pick(ledger);
    const field = random.pick(FIELDS);
    const { salesforce, hubspot } = company.ids;
    if (salesforce === undefined || hubspot === undefined || company.volleys[field] !== undefined) return;
    if (edits.salesforce.has(salesforce) || edits.hubspot.has(hubspot)) return;
    const [one, other] = [mark + 1, mark + 2];
    mark += 2;
    made += 2;
    const [here, there] = field === 'name' ? [`Name ${one}`, `Name ${other}`] : [`+4930${one}`, `+4930${other}`];
    company.volleys[field] = [here, there].map((text) => (field === 'phone' ? text.slice(1) : text));
    edits.salesforce.set(salesforce, { field, text: here });
    edits.hubspot.set(hubspot, { field, text: there });
  }

  async function send(side: SideName, edits: ReadonlyMap<string, Change>): Promise<void> {
    const { batchMax } = accounts[side];
    const entries = [...edits];
    for (let start = 0; start < entries.length; start += batchMax) {
      await accounts[side].edit(new Map(entries.slice(start, start + batchMax)));
    }
  }

  return { ledger, made: () => made, work };
}
