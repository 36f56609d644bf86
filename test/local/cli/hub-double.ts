import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, vi } from 'vitest';

/** One call that a {@link HubDouble} received. */
export interface ReceivedCall {
  /** `GET /api/status`, with the query if there is one. */
  readonly what: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a route answers, each time it is called; the last one again and again. */
export type Answers = Readonly<Record<string, readonly unknown[]>>;

/** An answer that is not 200 with JSON. */
export class Raw {
  readonly status: number;
  readonly text: string;

  constructor(status: number, text: string) {
    this.status = status;
    this.text = text;
  }
}

/** A server on a free port of this machine that answers as a hub would. */
export interface HubDouble {
  readonly url: string;
  readonly calls: ReceivedCall[];
  close(): Promise<void>;
}

/** Starts a {@link HubDouble}; a route it has no answer for is 404. */
export async function hubDouble(answers: Answers): Promise<HubDouble> {
  const calls: ReceivedCall[] = [];
  const server = createServer(async (request, response) => {
    const what = `${request.method} ${request.url}`;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const before = calls.filter((call) => call.what === what).length;
    calls.push({ what, body: text === '' ? undefined : JSON.parse(text), headers: request.headers });
    const route = answers[what];
    const answer = route?.[Math.min(before, route.length - 1)] ?? new Raw(404, `{"error":"There is no ${what}."}`);
    const raw = answer instanceof Raw ? answer : new Raw(200, JSON.stringify(answer));
    response.writeHead(raw.status, { 'content-type': 'application/json', connection: 'close' }).end(raw.text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A TCP server that listens has an address with a port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** A connection as the status tells it. */
export function statusOf(change: Readonly<Record<string, unknown>> = {}): object {
  return {
    id: 'hubspot',
    system: 'hubspot',
    direction: 'both',
    state: 'kept in step',
    problems: [],
    objects: { company: { kind: 'partner', backfilled: true, sweeps: {} } },
    ...change,
  };
}

/** What `GET /api/status` answers. */
export function statusPage(connections: readonly object[], change: Readonly<Record<string, unknown>> = {}): object {
  return { stage: 'local', connections, queues: {}, openProblems: 0, openProblemsAreMore: false, ...change };
}

/** What a command prints, and the double it talks to. */
export interface Terminal {
  /** Printed in the present test. */
  readonly lines: readonly string[];
  /** Starts a double in the place of an earlier one; it is closed when the test ends. */
  serve(answers: Answers): Promise<{ url: string }>;
  calls(): readonly ReceivedCall[];
  /** What was called, without bodies. */
  called(): readonly string[];
}

/** Catches what commands print in each test of a file; they see no terminal. */
export function useTerminal(): Terminal {
  const lines: string[] = [];
  const { isTTY } = process.stdout;
  let hub: HubDouble | undefined;
  beforeEach(() => {
    lines.length = 0;
    process.stdout.isTTY = false;
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(async () => {
    process.stdout.isTTY = isTTY;
    vi.restoreAllMocks();
    await hub?.close();
    hub = undefined;
  });
  const calls = (): readonly ReceivedCall[] => hub?.calls ?? [];
  return {
    lines,
    async serve(answers) {
      await hub?.close();
      hub = await hubDouble(answers);
      return { url: hub.url };
    },
    calls,
    called: () => calls().map(({ what }) => what),
  };
}
