import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { parse } from 'yaml';
import type { PreviewedRecord } from '../../domain/pipeline/deliver/preview-delivery.ts';
import { callHub, type RemoteOptions } from './api-client.ts';
import { CliFault } from './cli-fault.ts';
import { readStatus } from './status.ts';

/** What the person asked for. */
export interface PreviewOptions extends RemoteOptions {
  readonly kind?: string;
  readonly mapping?: string;
  readonly limit: string;
  readonly json?: boolean;
}

interface Page {
  readonly records: readonly PreviewedRecord[];
  readonly seen: number;
  readonly unknown: number;
  readonly position: unknown;
  readonly hasMore: boolean;
}

/** Prints what the hub would write, per record and field, and a sum at the end. Nothing is written anywhere. */
export async function preview(target: string | undefined, options: PreviewOptions): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new CliFault('--limit is a whole number from 1.');
  const mapping = options.mapping === undefined ? undefined : await readMapping(options.mapping);
  const { connections } = await readStatus(options);
  const told = new Set<string>();
  const sums: Record<string, number> = {};
  let unknown = 0;
  for (const { id, objects } of connections) {
    for (const [object, { kind }] of Object.entries(objects)) {
      if (options.kind !== undefined && kind !== options.kind) continue;
      let position: unknown;
      for (let seen = 0; seen < limit; ) {
        const page = await callHub<Page>(options, 'POST', '/api/preview', {
          target,
          connection: id,
          object,
          position,
          most: limit - seen,
          mapping,
        });
        for (const record of page.records) tell(record, told, sums, options.json === true);
        unknown += page.unknown;
        seen += page.seen;
        position = page.position;
        if (!page.hasMore || page.seen === 0) break;
      }
    }
  }
  if (options.json === true) return;
  for (const [what, count] of Object.entries(sums)) console.log(`${what}: ${count}`);
  if (Object.keys(sums).length === 0) console.log('Nothing would be written.');
  if (unknown > 0) console.log(`${unknown} records have not been read yet; run \`npx hub backfill\` first.`);
}

function tell(record: PreviewedRecord, told: Set<string>, sums: Record<string, number>, isJson: boolean): void {
  // A record with seats in two connections is met twice on the way; it is told once.
  const key = `${record.connection}#${record.kind}#${record.id}`;
  if (told.has(key)) return;
  told.add(key);
  const what = `${record.connection} ${record.object} ${wordFor(record)}`;
  sums[what] = (sums[what] ?? 0) + 1;
  if (isJson) {
    console.log(JSON.stringify(record));
    return;
  }
  console.log(`${what} ${record.externalId ?? '(new)'}  [${record.kind} ${record.id}]`);
  for (const { theirs, before, after, from, rule } of record.fields) {
    console.log(`  ${theirs}: ${show(before)} → ${show(after)}   (${from}, ${rule})`);
  }
  for (const [field, reason] of Object.entries(record.held)) console.log(`  ${field} waits: ${reason}`);
  for (const { fields, note } of record.waiting) {
    console.log(`  waits in ${record.connection}: ${fields.length > 0 ? fields.join(', ') : 'its deletion'}: ${note}`);
  }
  if (record.missing.length > 0) console.log(`  not without ${record.missing.join(', ')}`);
}

function wordFor({ operation, held, missing, waiting }: PreviewedRecord): string {
  if (operation !== 'none') return operation;
  return waiting.length > 0 && Object.keys(held).length + missing.length === 0 ? 'waiting' : 'held';
}

function show(value: unknown): string {
  return value === undefined || value === null || value === '' ? '(empty)' : JSON.stringify(value);
}

/** A mapping file under `mappings/`, parsed; its path says which mapping it replaces. */
async function readMapping(file: string): Promise<{ path: string; document: unknown }> {
  const path = relative(resolve('mappings'), resolve(file));
  const parts = resolve(file).split('/').slice(-2).join('/');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CliFault(`${file} cannot be read.`);
  });
  try {
    return { path: path.startsWith('..') ? parts : path, document: parse(text) };
  } catch (error) {
    throw new CliFault(`${file}: ${error instanceof Error ? error.message : 'is not YAML'}`);
  }
}
