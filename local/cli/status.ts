import { callHub, type RemoteOptions } from './api-client.ts';
import { CliFault } from './cli-fault.ts';

/** A sweep as the API tells it. */
interface SweepStatus {
  readonly seen: number;
  readonly finished: boolean;
  readonly startedAt: string;
}

/** What `GET /api/status` answers. */
export interface HubStatus {
  readonly stage: string;
  readonly connections: readonly {
    readonly id: string;
    readonly system: string;
    readonly direction: string;
    readonly state: string;
    readonly paused?: string;
    readonly problems: readonly string[];
    readonly budgets?: readonly {
      readonly budget: string;
      readonly limit: number;
      readonly window: 'day' | 'rolling';
      readonly used: number;
      readonly left: number;
      readonly forecast: number;
      readonly spentAt?: string;
      readonly backgroundPercent: number;
      readonly isTold: boolean;
    }[];
    readonly objects: Readonly<
      Record<
        string,
        { readonly kind: string; readonly backfilled: boolean; readonly sweeps: Readonly<Record<string, SweepStatus>> }
      >
    >;
  }[];
  readonly queues: Readonly<
    Record<string, { readonly ready: number; readonly inFlight: number; readonly delayed: number }>
  >;
  readonly openProblems: number;
  readonly openProblemsAreMore: boolean;
}

/** Reads how the hub stands. */
export function readStatus(options: RemoteOptions): Promise<HubStatus> {
  return callHub<HubStatus>(options, 'GET', '/api/status');
}

/** The connection that is named, or all. *Faults*: names those there are where there is no such one. */
export async function readConnections(
  options: RemoteOptions,
  connection: string | undefined,
): Promise<HubStatus['connections']> {
  const { connections } = await readStatus(options);
  if (connections.length === 0) throw new CliFault('The hub has no connections.');
  const chosen = connections.filter(({ id }) => connection === undefined || id === connection);
  if (chosen.length > 0) return chosen;
  throw new CliFault(`There is no connection ${connection}; there are ${connections.map(({ id }) => id).join(', ')}.`);
}

/** Prints how the hub stands. */
export async function status(options: RemoteOptions): Promise<void> {
  const { stage, connections, queues, openProblems, openProblemsAreMore } = await readStatus(options);
  console.log(`Hub (${stage}) at ${options.url}\n`);
  for (const connection of connections) {
    const why = connection.paused === undefined ? '' : ` (${connection.paused})`;
    console.log(`${connection.id}: ${connection.system}, ${connection.state}${why}, direction ${connection.direction}`);
    for (const budget of connection.budgets ?? []) console.log(`  ${describeBudget(budget)}`);
    for (const [object, { backfilled, sweeps }] of Object.entries(connection.objects)) {
      const seen = Object.entries(sweeps).map(([mode, { seen, finished }]) => `${mode} ${seen}${finished ? '' : ' …'}`);
      const from = backfilled ? 'backfilled' : 'not backfilled';
      console.log(`  ${object.padEnd(14)} ${from.padEnd(15)} ${seen.join(', ')}`);
    }
  }
  if (connections.some(({ objects }) => Object.keys(objects).length > 0)) {
    console.log(
      '\nBehind each object: how many records its last sweeps named (changes and deletions, walk, backfill); … is still on its way.',
    );
  }
  const width = Math.max(...Object.keys(queues).map((name) => name.length), 30);
  console.log(`\n${'Queue, in messages'.padEnd(width)} ready  in flight  delayed`);
  for (const [name, { ready, inFlight, delayed }] of Object.entries(queues)) {
    console.log(`${name.padEnd(width)} ${pad(ready, 5)} ${pad(inFlight, 10)} ${pad(delayed, 8)}`);
  }
  const [least, next] = openProblemsAreMore ? ['at least ', ' counts them all'] : ['', ''];
  console.log(`\nOpen problems: ${least}${openProblems}${openProblems > 0 ? ` (npx hub problems${next})` : ''}`);
}

type Budget = NonNullable<HubStatus['connections'][number]['budgets']>[number];

/** How a day's allowance stands, in a sentence. */
export function describeBudget(budget: Budget): string {
  const { window, used, limit, forecast, spentAt, backgroundPercent, isTold } = budget;
  const [span, end] = window === 'day' ? ['today', 'by midnight UTC'] : ['in 24 hours', 'in 24 hours'];
  const whose = isTold ? 'calls' : 'calls of the hub';
  const pace =
    spentAt === undefined
      ? `at this pace ${count(forecast)} ${end}`
      : `at this pace all used at ${spentAt.slice(11, 16)} UTC; the hub slows down then, and loses nothing`;
  return `${count(used)} of ${count(limit)} ${whose} ${span}, ${pace}; backfills keep to ${backgroundPercent} %`;
}

function count(calls: number): string {
  return calls.toLocaleString('en-US');
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}
