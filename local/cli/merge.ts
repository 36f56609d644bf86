import { callHub, type RemoteOptions } from './api-client.ts';

/** Options of merging and of undoing it. */
export interface MergeOptions extends RemoteOptions {
  /** Do it; without this, only what it would do is shown. */
  readonly yes?: boolean;
}

interface Preview {
  readonly fields: readonly {
    readonly id: string;
    readonly field: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
  readonly writes: readonly {
    readonly connection: string;
    readonly object: string;
    readonly externalId?: string;
    readonly operation: string;
    readonly fields: readonly { readonly theirs: string; readonly before?: unknown; readonly after: unknown }[];
  }[];
  readonly remarks: readonly string[];
}

/** Shows what merging two unified records would do, or, told so, merges them. */
export async function merge(kind: string, survivor: string, other: string, options: MergeOptions): Promise<void> {
  const path = `/api/records/${encodeURIComponent(kind)}/${encodeURIComponent(survivor)}/merge?other=${encodeURIComponent(other)}`;
  if (options.yes !== true) {
    tell(await callHub<Preview>(options, 'GET', path), `npx hub merge ${kind} ${survivor} ${other} --yes`);
    return;
  }
  const answer = await callHub<{ merge: string; remarks?: readonly string[] }>(options, 'POST', path);
  console.log(`${other} is now part of ${survivor} in the hub. To undo it: npx hub unmerge ${answer.merge} --yes`);
  for (const remark of answer.remarks ?? []) console.log(`For you to do: ${remark}`);
}

/** Shows what undoing a merge would do, or, told so, undoes it. */
export async function unmerge(merge: string, options: MergeOptions): Promise<void> {
  const path = `/api/merges/${encodeURIComponent(merge)}/unmerge`;
  if (options.yes !== true) {
    tell(await callHub<Preview>(options, 'GET', path), `npx hub unmerge ${merge} --yes`);
    return;
  }
  const { remarks = [] } = await callHub<{ remarks?: readonly string[] }>(options, 'POST', path);
  console.log(`${merge} is undone; the systems are being put right.`);
  for (const remark of remarks) console.log(`For you to do: ${remark}`);
}

function tell({ fields, writes, remarks }: Preview, command: string): void {
  for (const [id, changed] of Map.groupBy(fields, (field) => field.id)) {
    console.log(`In the hub, what ${id} stands for:`);
    for (const { field, before, after } of changed) console.log(`  ${field}: ${show(before)} → ${show(after)}`);
  }
  for (const { connection, object, externalId = '(new)', operation, fields: written } of writes) {
    console.log(`In ${connection}, ${object} ${externalId}: ${operation === 'none' ? 'waits' : operation}`);
    for (const { theirs, before, after } of written) console.log(`  ${theirs}: ${show(before)} → ${show(after)}`);
  }
  if (fields.length === 0) console.log('In the hub, no value would change.');
  if (writes.length === 0) console.log('Nothing would be written to any system.');
  for (const remark of remarks) console.log(`For you to do then: ${remark}`);
  console.log(`\nNothing was written. To do it: ${command}`);
}

function show(value: unknown): string {
  return value === undefined || value === null || value === '' ? '(empty)' : JSON.stringify(value);
}
