import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { startHub } from '../runtime/hub.ts';
import { startSimulators } from '../simulators/start-simulators.ts';
import { CliFault } from './cli-fault.ts';
import { forgetHub } from './forget-hub.ts';
import { openSimulated } from './open-simulated.ts';
import {
  awsSimulatorTasks,
  busOf,
  isSimulated,
  SIMULATED_AWS_CONNECTIONS,
  SIMULATED_CONNECTIONS,
  simulatedVariables,
  simulatorTasks,
} from './simulated-systems.ts';

/** What the person asked for. */
export interface StartOptions {
  readonly port: string;
  readonly data: string;
  readonly fresh?: boolean;
  /** With a simulated AWS account beside the CRMs. */
  readonly aws?: boolean;
}

const ROOT = resolve(import.meta.dirname, '../..');

/** Runs the hub on this machine until Ctrl-C. */
export async function start(options: StartOptions): Promise<void> {
  const startedAt = performance.now();
  const httpPort = Number(options.port);
  if (!Number.isInteger(httpPort) || httpPort < 1 || httpPort > 65_535)
    throw new CliFault('--port is a number from 1 to 65535.');
  const dataDirectory = resolve(options.data);
  if (options.fresh === true) forgetHub(dataDirectory);
  mkdirSync(resolve(dataDirectory, 'simulators'), { recursive: true });
  const simulated = isSimulated(ROOT);
  if (options.aws === true && !simulated) {
    throw new CliFault('--aws adds a simulated AWS account, and connections.yaml has connections of your own.');
  }
  const connectionsFile = options.aws === true ? SIMULATED_AWS_CONNECTIONS : SIMULATED_CONNECTIONS;
  console.log(
    'Starting the hub: its functions are bundled and its services started, which takes a slow machine half a minute …',
  );
  const hub = await startHub({
    root: ROOT,
    dataDirectory,
    httpPort,
    ...(simulated ? { connectionsFile, variables: simulatedVariables(process.env) } : {}),
  });
  if (simulated) console.log('Starting the simulated systems …');
  const simulators = simulated
    ? await startSimulators([
        ...simulatorTasks(dataDirectory, httpPort),
        ...(options.aws === true ? awsSimulatorTasks(dataDirectory, busOf(hub)) : []),
      ]).catch(async (error: unknown) => {
        // A hub without its simulated systems is of no use; it must not stay behind either.
        await hub.stop();
        throw error;
      })
    : undefined;
  onInterrupt(async () => {
    await hub.stop();
    await simulators?.stop();
  });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(
    `Tributary runs at ${hub.httpUrl} (ready in ${seconds} s). Ctrl-C stops it; everything is kept in ${options.data}.`,
  );
  if (simulators === undefined) {
    console.log('Next: npx hub backfill, then npx hub preview, then npx hub release <connection>.');
    return;
  }
  console.log(`  simulated Salesforce   ${simulators.urls.salesforce}`);
  console.log(`  simulated HubSpot      ${simulators.urls.hubspot}`);
  if (options.aws === true) {
    console.log(`  simulated Marketplace  ${simulators.urls['aws-marketplace']}`);
    console.log(`  simulated co-selling   ${simulators.urls['aws-partner-central']}`);
  }
  await openSimulated({ url: hub.httpUrl });
  console.log('  npx hub status         how the hub stands');
  console.log('  npx hub problems       what waits for a person');
}

/** First Ctrl-C stops in order, the second at once. */
function onInterrupt(stop: () => Promise<void>): void {
  let isStopping = false;
  const interrupted = (): void => {
    if (isStopping) process.exit(130);
    isStopping = true;
    console.log('\nStopping …');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : String(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
}
