import { onTestFinished } from 'vitest';
import {
  type HubspotSimulator,
  type HubspotSimulatorOptions,
  startHubspotSimulator,
} from '../../../../local/simulators/hubspot/start-hubspot-simulator.ts';

/** An answer with its JSON body; tests read bodies loosely on purpose, as a caller on the wire does. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the body is whatever came over the wire; each test asserts its shape.
  readonly body: any;
}

export interface SimulatorSession {
  readonly simulator: HubspotSimulator;
  readonly clock: { now: number };
  call(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
}

export const startOfTests = Date.UTC(2026, 10, 2, 9, 0, 0);

/** A simulator for one test, with a clock the test moves, limits that do not matter, and a caller over real HTTP. */
export async function openSession(options: HubspotSimulatorOptions = {}): Promise<SimulatorSession> {
  const clock = { now: startOfTests };
  const simulator = await startHubspotSimulator({
    now: () => clock.now,
    onDefect: (defect) => {
      throw defect;
    },
    ...options,
    limits: { per10Seconds: 100_000, searchesPerSecond: 100_000, perDay: 1_000_000, ...options.limits },
  });
  onTestFinished(() => simulator.close());
  return {
    simulator,
    clock,
    async call(method, path, body, token = 'simulated-hubspot-token') {
      const response = await fetch(simulator.url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

/** An association as it is given when a record is created. */
export function link(toId: string, associationTypeId: number): unknown {
  return { to: { id: toId }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] };
}
