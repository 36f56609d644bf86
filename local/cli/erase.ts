import { callHub, type RemoteOptions } from './api-client.ts';
import { CliFault } from './cli-fault.ts';

/** Options of erasing. */
export interface EraseOptions extends RemoteOptions {
  /** Do it; without this, only what it would take away is shown. */
  readonly yes?: boolean;
  /** Connections in which the record stays. */
  readonly keepIn?: readonly string[];
  /** Apply the whole list of erasures again. */
  readonly reapply?: boolean;
}

interface Preview {
  readonly id: string;
  readonly state: string;
  readonly aliases: readonly string[];
  readonly systems: readonly {
    readonly connection: string;
    readonly object: string;
    readonly externalId: string;
    readonly will: 'delete' | 'keep';
    readonly waits?: string;
  }[];
  readonly fields: readonly string[];
  readonly keys: readonly string[];
  readonly journal: number;
  readonly merges: readonly string[];
  readonly parted: readonly string[];
  readonly refusals: readonly string[];
  readonly askedAt?: string;
}

/** Shows what erasing a record would take away, or, told so, has it erased. */
export async function erase(
  kind: string | undefined,
  record: string | undefined,
  options: EraseOptions,
): Promise<void> {
  if (options.reapply === true) return reapply(options);
  if (kind === undefined || record === undefined) {
    throw new CliFault('Say which record: npx hub erase <kind> <id>, or <kind> <connection>:<object>:<external id>.');
  }
  const keepIn = options.keepIn ?? [];
  const query = keepIn.length === 0 ? '' : `?keepIn=${encodeURIComponent(keepIn.join(','))}`;
  const path = `/api/records/${encodeURIComponent(kind)}/${encodeURIComponent(record)}/erasure${query}`;
  if (options.yes !== true) {
    const kept = keepIn.map((connection) => ` --keep-in ${connection}`).join('');
    tell(kind, await callHub<Preview>(options, 'GET', path), `npx hub erase ${kind} ${record}${kept} --yes`);
    return;
  }
  const { erasing } = await callHub<{ erasing: string }>(options, 'POST', path);
  console.log(`${kind} ${erasing} is being erased. To see what is still to be done: npx hub erase ${kind} ${erasing}`);
}

function tell(kind: string, preview: Preview, command: string): void {
  const { id, state, systems, fields, keys, journal, merges, parted, aliases, refusals, askedAt } = preview;
  if (state === 'erased') {
    console.log(`${kind} ${id} is erased in the hub${askedAt === undefined ? '' : `, as asked for at ${askedAt}`}.`);
    for (const seat of systems) {
      console.log(
        `Still to be deleted: ${seat.connection} ${seat.object} ${seat.externalId}. ${seat.waits ?? ''}`.trim(),
      );
    }
    if (systems.length === 0) console.log('Nothing is left to do.');
    return;
  }
  console.log(`${kind} ${id}${askedAt === undefined ? '' : ` (asked for at ${askedAt}, not yet done)`}`);
  for (const { connection, object, externalId, will, waits } of systems) {
    console.log(
      `  ${connection} ${object} ${externalId}: ${will === 'keep' ? 'stays, and is read no more' : 'is deleted'}`,
    );
    if (waits !== undefined) console.log(`    waits: ${waits}`);
  }
  console.log(`  in the hub: ${fields.length} fields (${fields.join(', ')})`);
  if (keys.length > 0) console.log(`  match keys: ${keys.join(', ')}`);
  console.log(`  journal: ${journal} entries; merges kept: ${merges.length}`);
  for (const alias of aliases) console.log(`  and ${alias}, which was merged into it`);
  for (const other of parted) console.log(`  and the time it was one with ${other}, from that record's journal`);
  for (const refusal of refusals) console.log(`First: ${refusal}`);
  console.log(`\nNothing was written. This cannot be undone. To do it: ${command}`);
}

interface ReapplyPage {
  readonly applied: number;
  readonly elsewhere: readonly { readonly ref: string; readonly kind: string; readonly id: string }[];
  readonly next?: string;
}

async function reapply(options: EraseOptions): Promise<void> {
  if (options.yes !== true) {
    throw new CliFault(
      'This erases everything on the list of erasures again, as after a restore. To do it: --reapply --yes',
    );
  }
  let applied = 0;
  let after: string | undefined;
  for (let call = 0; call < CALLS_MAX; call++) {
    const page: ReapplyPage = await callHub(options, 'POST', '/api/erasures/reapply', { after });
    applied += page.applied;
    for (const { ref, kind, id } of page.elsewhere) {
      console.log(`For you to look at: ${ref} was erased and now belongs to ${kind} ${id}, which was not.`);
    }
    after = page.next;
    if (after === undefined) break;
  }
  console.log(`${applied} erasures applied again.`);
  if (after !== undefined) console.log('There are more; run it again.');
}

const CALLS_MAX = 10_000;
