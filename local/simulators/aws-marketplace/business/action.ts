/** What came of something a buyer, the seller or AWS did: the record, or why it cannot be done. */
export type ActionOutcome<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly reason: string };

export function done<Result>(result: Result): ActionOutcome<Result> {
  return { ok: true, result };
}

export function impossible(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
