import type { AuditDifference, AuditReason } from '../../domain/audit/difference.ts';
import type { AuditWindow } from '../../domain/audit/window.ts';

/** Sums of one connection's object. */
export interface AuditRow {
  readonly connection: string;
  readonly object: string;
  /** Records that the system listed. */
  there: number;
  /** Of these, kept out by the mapping's `take`. */
  leftOut: number;
  same: number;
  differs: number;
  unknown: number;
  missing: number;
  gone: number;
  windows: number;
  /** Windows whose two sides have the same hash. */
  equalWindows: number;
}

/** How many records are not the same for one reason, and by which fields. */
export interface AuditCause {
  readonly connection: string;
  readonly object: string;
  readonly what: AuditDifference['what'];
  readonly reason: AuditReason;
  records: number;
  /** The first of them. */
  readonly examples: AuditDifference[];
  /** Records by field; the record as a whole is not among them. */
  readonly fields: Map<string, number>;
}

/** The sums of an audit, in the order in which they were met. Grows with objects, reasons and fields, not with records. */
export interface AuditTally {
  row(connection: string, object: string): AuditRow;
  addWindow(window: AuditWindow): void;
  addDifference(difference: AuditDifference): void;
  rows(): readonly AuditRow[];
  causes(): readonly AuditCause[];
  /** Records that are the same, of all that should be. */
  verified(): { readonly same: number; readonly of: number };
}

/** An empty {@link AuditTally} that keeps so many examples of every cause. */
export function auditTally(examplesMax: number): AuditTally {
  const rows = new Map<string, AuditRow>();
  const causes = new Map<string, AuditCause>();

  function row(connection: string, object: string): AuditRow {
    const key = `${connection}#${object}`;
    const known = rows.get(key) ?? { connection, object, ...NOTHING };
    rows.set(key, known);
    return known;
  }

  function cause({ connection, object, what }: AuditDifference, reason: AuditReason): AuditCause {
    const key = `${connection}#${object}#${what}#${reason}`;
    const known = causes.get(key) ?? { connection, object, what, reason, records: 0, examples: [], fields: new Map() };
    causes.set(key, known);
    return known;
  }

  return {
    row,
    addWindow({ connection, object, there, known }) {
      const sums = row(connection, object);
      sums.windows += 1;
      if (there.hash === known.hash && there.count === known.count) sums.equalWindows += 1;
    },
    addDifference(difference) {
      row(difference.connection, difference.object)[difference.what] += 1;
      for (const reason of new Set(Object.values(difference.reasons))) {
        const met = cause(difference, reason);
        met.records += 1;
        if (met.examples.length < examplesMax) met.examples.push(difference);
        for (const [field, why] of Object.entries(difference.reasons)) {
          if (why === reason && field !== '*') met.fields.set(field, (met.fields.get(field) ?? 0) + 1);
        }
      }
    },
    rows: () => [...rows.values()],
    causes: () => [...causes.values()].sort((a, b) => b.records - a.records),
    verified() {
      const all = [...rows.values()];
      const same = all.reduce((sum, each) => sum + each.same, 0);
      const others = all.reduce(
        (sum, { differs, unknown, missing, gone }) => sum + differs + unknown + missing + gone,
        0,
      );
      return { same, of: same + others };
    },
  };
}

const NOTHING = {
  there: 0,
  leftOut: 0,
  same: 0,
  differs: 0,
  unknown: 0,
  missing: 0,
  gone: 0,
  windows: 0,
  equalWindows: 0,
};
