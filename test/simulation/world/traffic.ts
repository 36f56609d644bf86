import { currentProcess, passGate, type SimulatedProcess } from '../engine/process.ts';
import type { Owner, Scheduler } from '../engine/scheduler.ts';
import type { SeededRandom } from '../engine/seeded-random.ts';
import { HUB_HOST, type HubFleet } from '../hub/hub-fleet.ts';
import type { Temper } from '../plan/plan.ts';
import { replaceAwsRequests } from './aws-requests.ts';
import type { Chronicle, VendorCall } from './chronicle.ts';
import { LaggingCopy } from './lagging-copy.ts';
import { isCrm, type Place, requestOf, type Vendor } from './vendor.ts';

/** What becomes of the next write to a system. */
export interface ArmedFault {
  readonly kind: 'lose-answer' | 'late-answer' | 'late-write' | 'stop-halfway' | 'die-after-write';
  readonly forMs: number;
}

/** What traffic needs. */
export interface TrafficOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly temper: () => Temper;
  readonly vendors: readonly Place[];
  readonly chronicle: Chronicle;
  readonly fleet: () => HubFleet;
  /** Whether the simulation made the system refuse calls just now. */
  readonly isDisturbed: (vendor: Place) => boolean;
  /** The system takes no calls from now on. */
  readonly throttle: (vendor: Place, forMs: number) => void;
  /** Told after every write of the hub, before its answer arrives. */
  readonly afterWrite: (vendor: Vendor) => Promise<void>;
}

/** The network of a world: the hub's calls to the systems, and their webhooks to the hub. */
export interface Traffic {
  arm(vendor: Place, fault: ArmedFault): void;
  disarm(): void;
  /** Gives `fetch` back. */
  restore(): void;
}

const WORLD: Owner = { name: 'world', isDead: false };

/** Puts the world's network in the place of `fetch`: nothing leaves the process. */
export function startTraffic(options: TrafficOptions): Traffic {
  const { scheduler, random, temper, chronicle } = options;
  const armed = new Map<Place, ArmedFault[]>();
  const copy = new LaggingCopy();
  const realFetch = globalThis.fetch;

  async function answer(vendor: Place, call: VendorCall, headers: Record<string, string>): Promise<Response> {
    chronicle.calls.push(call);
    const served = await serveBy(vendor, call, headers);
    if (call.isWrite && isCrm(vendor)) {
      chronicle.note(vendor, 'hub', scheduler.now, call);
      await options.afterWrite(vendor);
    }
    if (served === 'cut-connection') throw cutConnection();
    call.status = served.status;
    const date = new Date(vendor.now()).toUTCString();
    return new Response(served.body ?? null, { status: served.status, headers: { ...served.headers, date } });
  }

  /** By the system itself or, for some reads of some worlds, by a copy of it. */
  async function serveBy(vendor: Place, call: VendorCall, headers: Record<string, string>) {
    const { readsBehindMs } = temper();
    const isOfCopy =
      readsBehindMs !== undefined && vendor.id === 'portal' && /\/objects\/.*\/batch\/read/.test(call.path);
    const question = `${call.path} ${call.body}`;
    if (isOfCopy && random.chance(0.5)) {
      const former = copy.ask(question, scheduler.now, readsBehindMs);
      if (former !== undefined) return former;
    }
    const served = await vendor.handle(requestOf(call.method, vendor.host, call.path, headers, call.body || undefined));
    if (isOfCopy && served !== 'cut-connection') copy.note(question, scheduler.now, served);
    return served;
  }

  async function callVendor(vendor: Place, url: URL, init: RequestInit): Promise<Response> {
    const process = currentProcess.getStore() ?? { ...WORLD, invocation: undefined };
    const method = init.method ?? 'GET';
    const path = `${url.pathname}${url.search}`;
    const headers = Object.fromEntries(new Headers(init.headers ?? {}));
    const operation = isCrm(vendor) ? undefined : operationOf(url.pathname, headers);
    const body =
      init.body instanceof URLSearchParams ? init.body.toString() : typeof init.body === 'string' ? init.body : '';
    const call: VendorCall = {
      sentAt: scheduler.now,
      at: scheduler.now,
      process: process.name,
      invocation: process.invocation,
      system: vendor.id,
      method,
      path,
      ...(operation === undefined ? {} : { operation }),
      body,
      isWrite: operation === undefined ? isWrite(method, url.pathname) : !AWS_READS.test(operation),
      status: 0,
      isInjected: false,
    };
    if (init.body instanceof URLSearchParams) headers['content-type'] = 'application/x-www-form-urlencoded';
    const response = await withSignal(send(vendor, process, call, headers), init.signal ?? undefined);
    call.answeredAt = scheduler.now;
    return response;
  }

  async function send(
    vendor: Place,
    process: Owner | SimulatedProcess,
    call: VendorCall,
    headers: Record<string, string>,
  ): Promise<Response> {
    const { pathname } = new URL(call.path, `https://${vendor.host}`);
    const serve = () => {
      call.at = scheduler.now;
      call.isInjected = options.isDisturbed(vendor);
      return answer(vendor, call, headers);
    };
    const label = `${call.method} ${vendor.id}${call.operation === undefined ? pathname : `/${call.operation}`}`;
    const latency = random.chance(temper().slow) ? random.between(500, 8_000) : random.between(40, 400);
    const fault = call.isWrite ? armed.get(vendor)?.shift() : undefined;
    if (fault === undefined) return passGate(scheduler, process, label, latency, serve);
    switch (fault.kind) {
      case 'lose-answer':
        return passGate(scheduler, process, `${label} lost`, latency, async () => {
          await serve();
          throw cutConnection();
        });
      case 'late-answer':
        return passGate(scheduler, process, label, latency, serve).then((response) =>
          passGate(scheduler, process, `${label} late`, fault.forMs, async () => response),
        );
      case 'stop-halfway':
        return passGate(scheduler, process, label, latency, async () => {
          const response = await serve();
          options.throttle(vendor, fault.forMs);
          return response;
        });
      case 'die-after-write':
        return passGate(scheduler, process, `${label} unnoted`, latency, async () => {
          const response = await serve();
          if (!('serial' in process)) return response;
          options.fleet().kill(process);
          return new Promise<never>(() => undefined);
        });
      case 'late-write':
        // The request waits somewhere on the way and is carried out whether or not anybody still wants it.
        return passGate(scheduler, WORLD, `${label} late`, fault.forMs, serve);
    }
  }

  async function callHub(url: URL, init: RequestInit): Promise<Response> {
    const connection = url.pathname.split('/').at(-1) ?? '';
    const { webhookLost, webhookTwice } = temper();
    const headers = Object.fromEntries(new Headers(init.headers ?? {}));
    const body = String(init.body ?? '');
    const deliver = (afterMs: number): Promise<number> =>
      passGate(scheduler, WORLD, `webhook ${connection}`, afterMs, () =>
        options.fleet().webhook(connection, headers, body),
      );
    if (random.chance(webhookLost)) return new Response('', { status: 200 });
    if (random.chance(webhookTwice)) void deliver(random.between(1, 100_000));
    const isLate = random.chance(webhookTwice);
    return new Response('', {
      status: await deliver(isLate ? random.between(1_000, 200_000) : random.between(20, 500)),
    });
  }

  const simulated = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input));
    if (url.host === HUB_HOST) return callHub(url, init);
    const vendor = options.vendors.find(({ host }) => host === url.host);
    if (vendor === undefined) throw new TypeError(`nobody answers at ${url.host}`);
    return callVendor(vendor, url, init);
  };
  globalThis.fetch = simulated as typeof globalThis.fetch;
  const restoreAws = replaceAwsRequests(simulated);

  return {
    arm(vendor, fault) {
      armed.set(vendor, [...(armed.get(vendor) ?? []), fault]);
    },
    disarm: () => armed.clear(),
    restore() {
      globalThis.fetch = realFetch;
      restoreAws();
    },
  };
}

/** What `fetch` throws when the other side closes the connection without an answer. */
function cutConnection(): TypeError {
  const cause = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
  return new TypeError('fetch failed', { cause });
}

function withSignal<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([answer, promise]);
}

/** AWS names operations by what they do; what is asked of the token service is no operation of these. */
const AWS_READS = /^(?:Get|List|Describe|Search|Batch|sts)/;

/** The name of an AWS operation, from the header of the JSON protocols or the path of the other one. */
function operationOf(path: string, headers: Readonly<Record<string, string>>): string {
  return headers['x-amz-target']?.split('.').at(-1) ?? (path === '/' ? 'sts' : path.slice(1));
}

const READS = [/\/batch\/read$/, /\/search$/, /\/oauth2?\//, /\/composite\/sobjects\/\w+$/, /\/services\/oauth2\//];

function isWrite(method: string, path: string): boolean {
  if (method === 'GET') return false;
  return method !== 'POST' || !READS.some((pattern) => pattern.test(path));
}
