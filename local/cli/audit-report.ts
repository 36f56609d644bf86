import type { AuditDifference, AuditReason } from '../../domain/audit/difference.ts';
import type { AuditCause, AuditRow, AuditTally } from './audit-tally.ts';
import type { WindowChanges } from './earlier-audit.ts';

/** A reason in words, and what a person does about it. */
const REASONS: Readonly<Record<AuditReason, { readonly words: string; readonly next: string }>> = {
  'not-absorbed': { words: 'not taken in by the hub', next: 'npx hub audit --repair' },
  behind: { words: 'not yet written there', next: 'npx hub audit --repair' },
  'on-its-way': { words: 'being written now', next: 'nothing; audit again' },
  waiting: {
    words: 'waits for a record it refers to, or until the system takes edits',
    next: 'nothing, or npx hub problems',
  },
  held: { words: 'held for a person', next: 'npx hub problems' },
  frozen: { words: 'stopped by the loop guard', next: 'npx hub problems' },
  refused: { words: 'refused by the system', next: 'npx hub problems' },
  duplicate: { words: 'a second record of the same', next: 'merge the two in that system (npx hub problems)' },
  'in-doubt': { words: 'may be the same as another', next: 'npx hub problems' },
  closed: { words: 'connection not open for writing', next: 'npx hub status, then release, resume or backfill' },
  'not-shown': { words: 'not shown to the hub', next: 'check what the integration user may see' },
  older: { words: 'answered with an older state', next: 'audit again later' },
  unreadable: { words: 'could not be read', next: 'look at the record in that system' },
  unexplained: { words: 'not explained', next: 'a defect of the hub: please report it' },
};

const WHATS: Readonly<Record<AuditDifference['what'], string>> = {
  differs: 'differs',
  unknown: 'unknown to the hub',
  missing: 'missing there',
  gone: 'gone there',
};

/** The reason of one field or record in words. */
export function wordsOf(reason: AuditReason): string {
  return REASONS[reason].words;
}

/** The end of an audit as a person reads it, with at most so many single differences. */
export function reportLines(tally: AuditTally, showMax: number, isPart: boolean): readonly string[] {
  const causes = tally.causes();
  const { same, of } = tally.verified();
  const examples = examplesOf(causes, showMax);
  const title = examples.length < of - same ? `For example (--show, or --json for all ${count(of - same)}):` : 'Which:';
  return [
    ...table(COLUMNS, tally.rows()),
    '',
    `${count(same)} of ${count(of)} verified the same${isPart ? ', as far as was looked' : ''}${of === 0 ? '' : ` (${share(same, of)})`}.`,
    ...(causes.length === 0 ? [] : ['', 'Why not:', ...table(CAUSE_COLUMNS, causes).map((line) => `  ${line}`)]),
    ...(examples.length === 0 ? [] : ['', title]),
    ...examples.map((difference) => `  ${describe(difference)}`),
  ];
}

/** Some of every cause before many of one; each difference once. */
function examplesOf(causes: readonly AuditCause[], showMax: number): readonly AuditDifference[] {
  const chosen = new Set<AuditDifference>();
  for (let turn = 0; turn < showMax && chosen.size < showMax; turn++) {
    for (const { examples } of causes) {
      const example = examples[turn];
      if (example !== undefined && chosen.size < showMax) chosen.add(example);
    }
  }
  return causes.flatMap(({ examples }) => examples).filter((example) => chosen.delete(example));
}

/** One difference in one line: ids and field names, no values. */
export function describe({
  what,
  connection,
  object,
  externalId,
  kind,
  unifiedId,
  elsewhere,
  reasons,
}: AuditDifference): string {
  const name = externalId ?? `(of ${elsewhere?.connection} ${elsewhere?.object} ${elsewhere?.externalId})`;
  const record = unifiedId === undefined ? '' : `  [${kind} ${unifiedId}]`;
  const why = [...Map.groupBy(Object.entries(reasons), ([, reason]) => reason)].map(([reason, entries]) => {
    const fields = entries.flatMap(([field]) => (field === '*' ? [] : [field]));
    return fields.length === 0 ? wordsOf(reason) : `${fields.join(', ')} ${wordsOf(reason)}`;
  });
  return `${connection} ${object} ${name} ${WHATS[what]}: ${why.join('; ')}${record}`;
}

/** What has changed since an earlier audit. */
export function changesLines(
  { asBefore, changed, total }: WindowChanges,
  file: string,
  showMax: number,
): readonly string[] {
  const before = total === undefined ? '' : `; then ${count(total.same)} of ${count(total.of)} were the same`;
  return [
    '',
    `Since ${file}: ${count(asBefore)} windows as they were, ${count(changed.length)} changed${before}.`,
    ...changed
      .slice(0, showMax)
      .map(
        ({ window: { connection, object, first, last, there }, where }) =>
          `  ${connection} ${object} ${first} to ${last}: ${there.count} records, ${WHERE[where]}`,
      ),
  ];
}

const WHERE = {
  system: 'changed in the system',
  hub: 'changed in what the hub expects there',
  both: 'changed in both',
  new: 'not comparable (new records, or another mapping)',
} as const;

interface Column<T> {
  readonly title: string;
  readonly isNumber?: true;
  of(item: T): string;
}

const COLUMNS: readonly Column<AuditRow>[] = [
  { title: 'Connection', of: ({ connection }) => connection },
  { title: 'Object', of: ({ object }) => object },
  { title: 'There', isNumber: true, of: ({ there }) => count(there) },
  { title: 'Same', isNumber: true, of: ({ same }) => count(same) },
  { title: 'Differ', isNumber: true, of: ({ differs }) => count(differs) },
  { title: 'Unknown', isNumber: true, of: ({ unknown }) => count(unknown) },
  { title: 'Missing', isNumber: true, of: ({ missing }) => count(missing) },
  { title: 'Gone', isNumber: true, of: ({ gone }) => count(gone) },
  { title: 'Left out', isNumber: true, of: ({ leftOut }) => count(leftOut) },
  { title: 'Equal windows', isNumber: true, of: ({ equalWindows, windows }) => `${equalWindows} of ${windows}` },
];

const CAUSE_COLUMNS: readonly Column<AuditCause>[] = [
  { title: 'Records', isNumber: true, of: ({ records }) => count(records) },
  { title: 'Where', of: ({ connection, object }) => `${connection} ${object}` },
  { title: 'What', of: ({ what }) => WHATS[what] },
  { title: 'Why', of: ({ reason }) => wordsOf(reason) },
  { title: 'Fields', of: ({ fields }) => fieldsOf(fields) },
  { title: 'Next', of: ({ reason }) => REASONS[reason].next },
];

const FIELDS_MAX = 4;

function fieldsOf(fields: ReadonlyMap<string, number>): string {
  const names = [...fields].sort(([, a], [, b]) => b - a).map(([field, records]) => `${field} ${count(records)}`);
  const more = names.length > FIELDS_MAX ? ', …' : '';
  return names.length === 0 ? '(the whole record)' : `${names.slice(0, FIELDS_MAX).join(', ')}${more}`;
}

function table<T>(columns: readonly Column<T>[], items: readonly T[]): readonly string[] {
  const cells = [columns.map(({ title }) => title), ...items.map((item) => columns.map((column) => column.of(item)))];
  const widths = columns.map((_, place) => Math.max(...cells.map((line) => line[place]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((cell, place) =>
        columns[place]?.isNumber === true ? cell.padStart(widths[place] ?? 0) : cell.padEnd(widths[place] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** Cut, not rounded: 100 % is said only of all. */
function share(same: number, of: number): string {
  return `${(Math.floor((same / of) * 10_000) / 100).toFixed(2)} %`;
}
