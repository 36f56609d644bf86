import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStatus } from '../local/cli/status.ts';
import { atMost, readFlags, report } from './bench-report.ts';
import { endOnSignal } from './end-on-signal.ts';
import { median, rounded } from './figures.ts';
import { freePort } from './free-port.ts';

const ROOT = resolve(import.meta.dirname, '..');
const READY_MS_MAX = 120_000;
const STOP_MS_MAX = 30_000;
const WARM_STARTS = 3;
/** The ports of `local/simulated-connections.yaml`. */
const SIMULATOR_PORTS = [8801, 8802];
const REST_MS_MAX = 120_000;
const REST_POLL_MS = 2_000;

/**
 * How long `npm start` takes until it says that the hub runs: with nothing there, when the template is synthesised and the
 * simulators are filled, and again on what that left. Then how long it takes to stop.
 */
export async function benchStart() {
  for (const port of SIMULATOR_PORTS) {
    if (await isTaken(port)) throw new Error(`Something runs on port ${port}, which the simulated systems need.`);
  }
  const directory = mkdtempSync(join(tmpdir(), 'tributary-start-'));
  endOnSignal(() => {
    running?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  try {
    const cold = await startOnce(directory, true);
    const warm: Started[] = [];
    for (let run = 0; run < WARM_STARTS; run += 1) warm.push(await startOnce(directory, false));
    const warmSeconds = median(warm.map(({ readySeconds }) => readySeconds));
    return {
      coldSeconds: cold.readySeconds,
      warmSeconds,
      stopSeconds: median(warm.map(({ stopSeconds }) => stopSeconds)),
      aims: [atMost('seconds until ready, warm', 20, warmSeconds)],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The hub under way, if there is one. */
let running: ChildProcess | undefined;

interface Started {
  readonly readySeconds: number;
  readonly stopSeconds: number;
}

/** Starts the hub as the command does and stops it; `waitsForRest`: only after the first sync has ended. */
async function startOnce(directory: string, waitsForRest: boolean): Promise<Started> {
  const port = await freePort();
  const startedAt = performance.now();
  const hub = spawn(
    process.execPath,
    [join(ROOT, 'local/cli/hub.ts'), 'start', '--port', String(port), '--data', directory],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  running = hub;
  try {
    await ready(hub);
    const readySeconds = rounded((performance.now() - startedAt) / 1_000, 1);
    if (waitsForRest) await rest(`http://127.0.0.1:${port}`);
    const stoppingAt = performance.now();
    await stop(hub);
    return { readySeconds, stopSeconds: rounded((performance.now() - stoppingAt) / 1_000, 1) };
  } finally {
    hub.kill('SIGKILL');
  }
}

async function ready(hub: ChildProcess): Promise<void> {
  const { promise, resolve: isReady, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`Not ready after ${READY_MS_MAX / 1_000} s.`)), READY_MS_MAX);
  let text = '';
  hub.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    if (text.includes('Tributary runs at')) isReady();
  });
  hub.once('exit', (code) => reject(new Error(`The hub ended with ${code} before it was ready.`)));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until no message is on any queue, three times in a row, but not for ever: a hub that is still busy may be stopped, too. */
async function rest(url: string): Promise<void> {
  let quiet = 0;
  for (const giveUpAt = performance.now() + REST_MS_MAX; quiet < 3 && performance.now() < giveUpAt; ) {
    await sleep(REST_POLL_MS);
    const { queues } = await readStatus({ url });
    const messages = Object.values(queues).reduce((sum, { ready, inFlight }) => sum + ready + inFlight, 0);
    quiet = messages === 0 ? quiet + 1 : 0;
  }
}

async function stop(hub: ChildProcess): Promise<void> {
  const ended = once(hub, 'exit');
  hub.kill('SIGINT');
  const timer = setTimeout(() => hub.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}

async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const { promise, resolve: answer } = Promise.withResolvers<boolean>();
  socket.once('connect', () => answer(true));
  socket.once('error', () => answer(false));
  const taken = await promise;
  socket.destroy();
  return taken;
}

if (import.meta.main) report('start', readFlags(), await benchStart());
