import type { BudgetStore, Ceilings } from '../../../connectors/kit/budget-keeper.ts';
import type { Connector, Credentials } from '../../../connectors/kit/connector.ts';
import { serveConnection } from '../../../connectors/kit/serve-connection.ts';
import type { SweepMode } from '../../../domain/model/notice.ts';
import type { ChangesPage, SystemPort } from '../../../domain/pipeline/ports.ts';
import type { ContractStage, StepClock } from './contract-stage.ts';

/** One line the kit logged, with the clock's time at which it did. */
export interface LogLine {
  readonly at: number;
  readonly step: string;
  readonly facts: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** A connection served on a step clock, and everything it logged. */
export interface ServedConnection {
  readonly port: SystemPort;
  readonly log: readonly LogLine[];
}

export interface ServeForTest {
  readonly ceilings?: Ceilings;
  readonly credentials?: Credentials;
  readonly budgets?: BudgetStore;
  readonly deadline?: () => number;
  readonly callTimeoutMs?: number;
}

/** Serves a stage's connection as the hub would, but that time passes only by the step clock. */
export function serveStage<Api>(
  connector: Connector<Api>,
  stage: Pick<ContractStage, 'settings' | 'credentials'>,
  clock: StepClock,
  options: ServeForTest = {},
): ServedConnection {
  const log: LogLine[] = [];
  const port = serveConnection({
    connector,
    settings: stage.settings,
    ceilings: options.ceilings ?? {},
    credentials: options.credentials ?? stage.credentials,
    deps: {
      now: clock.now,
      sleep: clock.sleep,
      random: () => 0.5,
      budgets: options.budgets ?? memoryBudgets(),
      log: (step, facts) => {
        log.push({ at: clock.now(), step, facts });
      },
      ...(options.deadline === undefined ? {} : { deadline: options.deadline }),
      ...(options.callTimeoutMs === undefined ? {} : { callTimeoutMs: options.callTimeoutMs }),
    },
  });
  return { port, log };
}

/** A budget store in memory, with the compare-and-set of the real one. */
export function memoryBudgets(): BudgetStore {
  const states = new Map<string, number>();
  return {
    async readBudget(name) {
      return states.get(name);
    },
    async swapBudget(name, next, expected) {
      if (states.get(name) !== expected) return false;
      states.set(name, next);
      return true;
    },
  };
}

/** Reads a sweep page by page until it says that it is finished; more than `pagesMax` pages are a failure. */
export async function drain(
  port: SystemPort,
  object: string,
  mode: SweepMode,
  from: { readonly position: unknown; readonly connectedAt: number },
  pagesMax: number = 100,
): Promise<readonly ChangesPage[]> {
  const pages: ChangesPage[] = [];
  let { position } = from;
  while (pages.length < pagesMax) {
    const page = await port.changes(object, mode, position, from.connectedAt);
    if (!page.ok) throw new Error(`The sweep failed: ${page.fault.kind} ${page.fault.code}`);
    // Positions are kept as JSON between pages, so they go through it here too.
    position = JSON.parse(JSON.stringify(page.value.position ?? null)) as unknown;
    pages.push({ ...page.value, position });
    if (!page.value.hasMore) return pages;
  }
  throw new Error(`The sweep did not end within ${pagesMax} pages.`);
}
