import type { PerFunction } from './function-names.ts';
import type { TABLE_INDEXES } from './hub-table.ts';
import type { QueueName } from './stages-file.ts';

/** What a function may do with the table itself; no function may scan it or change its definition. */
export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'BatchWriteItem'
  | 'UpdateItem'
  | 'DeleteItem';

/** What one function does, and so all it may do. */
export interface FunctionDuty {
  /** One sentence; also the function's description on AWS. */
  readonly does: string;
  readonly table: readonly TableAction[];
  /** Indexes it may query. */
  readonly indexes: readonly (typeof TABLE_INDEXES)[number][];
  /** What it may do with the list of erasures; nothing deletes from that. */
  readonly erasures: readonly TableAction[];
  /** Queues it may send to; `outbound` means those of all connections. */
  readonly sends: readonly QueueName[];
  readonly publishes: boolean;
  /** Whether it speaks to vendors, or checks their signatures. */
  readonly readsSecrets: boolean;
  /** Whether it calls the systems themselves: what connectors do at AWS it may do as well. */
  readonly callsSystems: boolean;
  /** Whether it counts what waits in the queues, and sends dead letters to their queue again. */
  readonly redrives: boolean;
}

/** The duties of all functions. The policies and nothing else are made from this: a duty that is not here is refused on AWS. */
export const FUNCTION_DUTIES: PerFunction<FunctionDuty> = {
  'receive-webhook': {
    does: 'Checks a webhook and puts what it hints at on the inbound queue.',
    // The connection's state, the counters, and a mark for every request seen so that none is taken twice.
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    indexes: [],
    erasures: [],
    sends: ['inbound'],
    publishes: false,
    readsSecrets: true,
    callsSystems: false,
    redrives: false,
  },
  'sweep-changes': {
    does: 'Asks a system what changed, page by page, and puts it on the inbound queue; closes problems whose cause is gone.',
    // Cursors, the state of the connection, its budgets, and the pages of a backfill; and what problems are about.
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'BatchWriteItem', 'UpdateItem', 'DeleteItem'],
    indexes: ['lists'],
    erasures: [],
    // Its own queue, for the next pages.
    sends: ['inbound', 'sweep'],
    // What was withheld because of a problem that is over, and merges that were cut short.
    publishes: true,
    readsSecrets: true,
    callsSystems: true,
    redrives: false,
  },
  'absorb-changes': {
    does: 'Reads the records that may have changed and brings the unified records up to date.',
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'BatchWriteItem', 'UpdateItem', 'DeleteItem'],
    indexes: [],
    erasures: ['GetItem', 'PutItem'],
    // Its own queue, for what has to wait; the sweep queue, when a backfill ends.
    sends: ['inbound', 'sweep'],
    publishes: true,
    readsSecrets: true,
    callsSystems: true,
    redrives: false,
  },
  'deliver-changes': {
    does: 'Writes to a system what it does not hold yet.',
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'BatchWriteItem', 'UpdateItem', 'DeleteItem'],
    indexes: [],
    erasures: [],
    // Its own queues, for what has to wait; the inbound one, when a claim was lost.
    sends: ['inbound', 'outbound'],
    publishes: true,
    readsSecrets: true,
    callsSystems: true,
    redrives: false,
  },
  'serve-api': {
    does: 'Answers questions about records, problems and the state of the hub, and starts what a person asks for.',
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'BatchWriteItem', 'UpdateItem', 'DeleteItem'],
    indexes: ['lists'],
    erasures: ['GetItem', 'Query', 'PutItem'],
    // To the queues of deliveries only what was a dead letter.
    sends: ['inbound', 'sweep', 'outbound'],
    publishes: true,
    // To preview what a mapping would write, it reads the system.
    readsSecrets: true,
    callsSystems: true,
    redrives: true,
  },
};
