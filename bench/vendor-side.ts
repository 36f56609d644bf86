import { OWNERS } from '../local/simulators/sample-data/words.ts';

/**
 * Numbers by the vendor's id of a record: what edits say. People in Salesforce edit the number of employees, people in HubSpot the
 * description, so that one company can be edited on both sides at once and both edits must arrive.
 */
export type Marks = ReadonlyMap<string, number>;

/** A range of company indexes of `sample-partners.ts`: from `first`, so many. */
export interface CompanyRange {
  readonly first: number;
  readonly count: number;
}

/** One simulated system, as people who work in it and the one who runs the bench see it. */
export interface VendorSide {
  readonly connection: 'salesforce' | 'hubspot';
  readonly url: string;
  /** Most records of one call of {@link readCarried} and {@link editMany}. */
  readonly batchMax: number;
  /** Begins anew: no records, no statistics. */
  reset(): Promise<void>;
  /** Puts companies there as if they had been there for a month, without a word to anybody; answers their ids, in order. */
  seed(companies: CompanyRange): Promise<readonly string[]>;
  /** A person edits one record; resolves with the answer. */
  edit(id: string, mark: number): Promise<void>;
  /** A person edits several in one call, at most {@link batchMax}. */
  editMany(edits: Marks): Promise<void>;
  /** What the other side's edits have become in at most {@link batchMax} records here, over the vendor's own API, in one call. */
  readCarried(ids: readonly string[]): Promise<Marks>;
  /** Sends webhooks to the hub of this address, or to nobody. */
  tell(hubUrl: string | undefined): Promise<void>;
  /** Calls answered so far, by route, those of {@link edit}, {@link editMany} and {@link readCarried} left out. */
  calls(): Promise<Readonly<Record<string, number>>>;
  /** How many companies there are. */
  count(): Promise<number>;
}

/** The users whom both simulated systems know by the same e-mail address; they own the seeded companies. */
export const SHARED_OWNERS = OWNERS.slice(0, 2);

/** When seeded records were last changed, ms before now. */
export const SEED_AGE_MS: number = 30 * 86_400_000;

/** Records of one request to seed a simulator; well below the 16 MB its body may have. */
export const SEED_PIECE = 5_000;

/** A description that says a mark. */
export function describeMark(mark: number): string {
  return `Note ${mark}`;
}

/** The mark in a description; 0 in one of another form. */
export function markIn(description: string | null): number {
  return Number(/^Note (\d+)$/.exec(description ?? '')?.[1] ?? 0);
}

/** The companies of a range, as values of one system. */
export function companiesOf<T>({ first, count }: CompanyRange, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, place) => make(first + place));
}

/** The calls a side was asked for less those the bench made itself. */
export function withoutOwn(
  calls: Readonly<Record<string, number>>,
  own: ReadonlyMap<string, number>,
): Record<string, number> {
  const left = Object.entries(calls).map(([route, count]) => [route, count - (own.get(route) ?? 0)] as const);
  return Object.fromEntries(left.filter(([, count]) => count > 0));
}
