import { parentPort, workerData } from 'node:worker_threads';
import { dynamoStore } from '../../../functions/runtime/dynamo-store.ts';
import { hubTable } from '../../../functions/runtime/hub-table.ts';
import { connectTestTable } from '../../support/hub-table.ts';
import { sampleSource } from '../../support/sample-records.ts';
import { SAMPLE_VOCABULARIES } from '../../support/sample-vocabulary.ts';

/** What a thread is told at its start. */
export interface ThreadTask {
  readonly endpoint: string;
  readonly tableName: string;
  readonly thread: number;
  /** Contenders in each thread. */
  readonly contenders: number;
  /** Unified id of the source record all threads add to. */
  readonly sharedId: string;
}

/** What a thread answers after a round. */
export interface RoundResult {
  /** Times one of its contenders was told to have won the round's key, and the round's budget. */
  readonly keysWon: number;
  readonly budgetsWon: number;
  readonly refsWon: number;
  /** The sums its additions to the round's counter were answered. */
  readonly sums: readonly number[];
}

const ATTEMPTS_MAX = 5_000;

const task = workerData as ThreadTask;
const client = connectTestTable(task.endpoint);
const table = hubTable(client, task.tableName, { wait: async () => {}, random: () => 0.5 });
const store = dynamoStore(table, SAMPLE_VOCABULARIES, 90, table);
const contenders = Array.from({ length: task.contenders }, (_, index) => `T${task.thread}-${index}`);

async function playRound(round: number): Promise<RoundResult> {
  const key = { kind: 'partner', type: 'domain', value: `round-${round}` } as const;
  const ref = { connection: 'hubspot', object: 'company', externalId: `round-${round}` };
  const won = await Promise.all(contenders.map((name) => store.putKey(key, name, null)));
  const refs = await Promise.all(contenders.map((name) => store.putRef(ref, 'partner', name, null)));
  const budgets = await Promise.all(
    contenders.map((_, index) =>
      store.swapBudget('shared', 1_000 * (round + 1) + 100 * task.thread + index, lastBudget(round)),
    ),
  );
  const sums = await Promise.all(contenders.map(() => store.count(`round-${round}`, 60_000, 120_000, 1)));
  await Promise.all(contenders.map(addOne));
  return {
    keysWon: won.filter(Boolean).length,
    refsWon: refs.filter(Boolean).length,
    budgetsWon: budgets.filter(Boolean).length,
    sums,
  };
}

let budgetBefore: number | undefined;
const lastBudget = (round: number): number | undefined => (round === 0 ? undefined : budgetBefore);

/** Reads, adds and writes until it is this contender's turn. */
async function addOne(): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const [read] = (await store.readBundle('partner', task.sharedId)).sources;
    const before = read ?? sampleSource({ unifiedId: task.sharedId, counter: 0, revision: 0 });
    const next = { ...before, counter: before.counter + 1, revision: before.revision + 1 };
    if (await store.putSource(next, read?.counter ?? null)) return;
  }
  throw new Error('A contender never got its turn.');
}

parentPort?.on('message', async (message: { readonly round: number; readonly budget: number | undefined } | 'end') => {
  if (message === 'end') {
    client.destroy();
    parentPort?.close();
    return;
  }
  budgetBefore = message.budget;
  parentPort?.postMessage(await playRound(message.round));
});
