import type { DescribedRecord } from '../../domain/pipeline/describe-record.ts';
import { callHub, type RemoteOptions } from './api-client.ts';

const JOURNAL_MAX = 15;

/** Prints a unified record: every field with where it came from and why, where the record lies, what waits, what happened. */
export async function showRecord(kind: string, record: string, options: RemoteOptions): Promise<void> {
  const kindPath = `/api/records/${encodeURIComponent(kind)}`;
  const path = /[:#]/.test(record)
    ? `${kindPath}?ref=${encodeURIComponent(record)}`
    : `${kindPath}/${encodeURIComponent(record)}`;
  console.log(describe(await callHub<DescribedRecord>(options, 'GET', path)));
}

/** A record as text for a person. */
export function describe(record: DescribedRecord): string {
  const { kind, id, state, version, changedAt, fields, seats, shadows, problems, waiting, journal, mergedInto } =
    record;
  const merged = mergedInto === undefined ? '' : `, part of ${mergedInto} now`;
  const lines = [`${kind} ${id}  (${state}${merged}, version ${version}, changed ${changedAt})`, ''];
  const widest = Math.max(0, ...Object.keys(fields).map((name) => name.length));
  for (const [name, { value, from, at, why }] of Object.entries(fields)) {
    lines.push(`  ${name.padEnd(widest)}  ${textOf(value)}`);
    lines.push(`  ${' '.repeat(widest)}  ${from}, ${at}: ${why}`);
  }
  lines.push('', 'Where it lies');
  for (const [seat, externalId] of Object.entries(seats)) lines.push(`  ${seat}  ${externalId}`);
  for (const { seat, externalId } of shadows) {
    lines.push(`  ${seat}  ${externalId}  (a second one there, left alone until the two are merged there)`);
  }
  if (problems.length > 0) lines.push('', 'What waits for a person');
  for (const { id: problem, cause, connection, field, message, value, nextStep } of problems) {
    lines.push(`  ${cause}  ${connection}${field === undefined ? '' : `  ${field}`}  (${problem})`);
    lines.push(`    ${message}`);
    if (value !== undefined) lines.push(`    Its value: “${value}”`);
    lines.push(`    → ${nextStep}`);
  }
  if (waiting.length > 0) lines.push('', 'What waits');
  for (const { connection, object, fields: names, note } of waiting) {
    lines.push(`  ${connection} ${object}: ${names.length > 0 ? names.join(', ') : 'its deletion'} (${note})`);
  }
  lines.push('', 'What happened, newest first');
  for (const { at, step, from, changes, by, note } of journal.slice(0, JOURNAL_MAX)) {
    const who = [from, by].filter((text) => text !== undefined).join(' by ');
    const moved = Object.entries(changes).map(([field, [old, next]]) => `${field} ${textOf(old)} → ${textOf(next)}`);
    lines.push(`  ${at}  ${step}${who === '' ? '' : `  ${who}`}${note === undefined ? '' : `: ${note}`}`);
    for (const change of moved) lines.push(`    ${change}`);
  }
  return lines.join('\n');
}

function textOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
