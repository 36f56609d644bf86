import type { ChangeTap } from './change-tap.ts';
import type { VendorSide } from './vendor-side.ts';

/** Both systems. */
export interface BothSides {
  readonly salesforce: VendorSide;
  readonly hubspot: VendorSide;
}

/** A company on both sides: its ids. */
export interface Pair {
  readonly salesforce: string;
  readonly hubspot: string;
}

/** One edit to make, and where it will be seen. */
export interface Edit {
  readonly side: VendorSide;
  readonly id: string;
  readonly mark: number;
  readonly seenAt: VendorSide;
  readonly seenId: string;
}

/** Makes up edits: sides in turn, on each side every company in turn, every mark once. */
export interface Editor {
  next(count: number): readonly Edit[];
}

/** Puts so many companies into both systems. */
export async function seedPairs({ salesforce, hubspot }: BothSides, count: number): Promise<readonly Pair[]> {
  const range = { first: 0, count };
  const hubspotIds = await hubspot.seed(range);
  const salesforceIds = await salesforce.seed(range);
  return salesforceIds.map((id, index) => ({ salesforce: id, hubspot: hubspotIds[index] ?? '' }));
}

/** An editor of these companies. The sides begin at opposite ends: one company is edited on both only when nearly all are. */
export function editorOf({ salesforce, hubspot }: BothSides, pairs: readonly Pair[]): Editor {
  const half = Math.floor(pairs.length / 2);
  let made = 0;
  return {
    next: (count) =>
      Array.from({ length: count }, () => {
        const isSalesforce = made % 2 === 0;
        const turn = Math.floor(made / 2) + (isSalesforce ? 0 : half);
        const pair = pairs[turn % pairs.length];
        const [here, there] = isSalesforce ? [salesforce, hubspot] : [hubspot, salesforce];
        made += 1;
        return {
          side: here,
          id: pair?.[here.connection] ?? '',
          mark: 1_000_000 + made,
          seenAt: there,
          seenId: pair?.[there.connection] ?? '',
        };
      }),
  };
}

/** Makes edits in the vendors' largest batches and has the tap await them. */
export async function editInBatches(edits: readonly Edit[], tap: ChangeTap): Promise<void> {
  await Promise.all(
    [...Map.groupBy(edits, ({ side }) => side)].map(async ([side, own]) => {
      for (let start = 0; start < own.length; start += side.batchMax) {
        const piece = own.slice(start, start + side.batchMax);
        await side.editMany(new Map(piece.map(({ id, mark }) => [id, mark])));
        const editedAt = performance.now();
        for (const { seenAt, seenId, mark } of piece) tap.expect(seenAt, seenId, mark, editedAt);
      }
    }),
  );
}
