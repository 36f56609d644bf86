import type { FaultPlan } from '../shared/fault-plan.ts';
import { type RunningHttpServer, startHttpServer } from '../shared/http-server.ts';
import { activeUser } from './authentication.ts';
import { handleRequest } from './handle-request.ts';
import type { OutboundMessages } from './outbound-messages.ts';
import { type ConvertRequest, convert, type MergeRequest, merge, undelete } from './person-actions.ts';
import type { LeadConversionOutcome } from './records/convert-lead.ts';
import type { DuplicateRule } from './records/duplicate-rules.ts';
import type { RowOutcome } from './records/row-outcome.ts';
import type { SeedRecord } from './seed-records.ts';
import { type SalesforceStatistics, SimulatedOrg } from './simulated-org.ts';
import type { SalesforceSimulatorOptions } from './simulator-options.ts';

/** A running simulated Salesforce org. */
export interface SalesforceSimulator {
  /** The org's address, without a trailing slash; also where to sign in. */
  readonly url: string;
  readonly port: number;
  /** 18 characters. */
  readonly organizationId: string;
  /** What goes wrong, on demand. */
  readonly faults: FaultPlan;
  /** Targets, misbehaviour, and `idle()` to wait until all is sent. */
  readonly outboundMessages: OutboundMessages;
  /** Puts records into the org as they are, without checks or messages; answers their ids. */
  seed(records: readonly SeedRecord[]): readonly string[];
  /** All records of an object with all fields, deleted ones included. */
  records(object: string): readonly Readonly<Record<string, unknown>>[];
  /** Merges records as a person does. */
  merge(request: MergeRequest): RowOutcome;
  /** Converts a lead as a person does. */
  convertLead(request: ConvertRequest): LeadConversionOutcome;
  /** Takes records out of the recycle bin. */
  undelete(ids: readonly string[]): readonly RowOutcome[];
  setDuplicateRules(rules: readonly DuplicateRule[]): void;
  /** An access token of that user, to act as a person over the API; undefined when there is no such active user. */
  openSession(username: string): string | undefined;
  /** Ends all sessions; answers how many there were. */
  expireSessions(): number;
  statistics(): SalesforceStatistics;
  /** Back to a new org; see `SimulatedOrg.reset`. */
  reset(): void;
  /** Stops listening and sending; may be called twice. What was written is on file. */
  close(): Promise<void>;
}

/**
 * Starts a simulated Salesforce org on a loopback port: OAuth, the REST data API with SOQL, outbound messages, and
 * `/_simulator/` for what a test asks of it. It refuses what the real service refuses, as far as `README.md` beside
 * this file says.
 */
export async function startSalesforceSimulator(options: SalesforceSimulatorOptions = {}): Promise<SalesforceSimulator> {
  let server: RunningHttpServer | undefined;
  const simulated = new SimulatedOrg(options, {
    instanceUrl: () => server?.url ?? '',
    refuseConnections: (durationMs) => server?.refuseConnections(durationMs),
  });
  server = await startHttpServer({
    handle: (request) => handleRequest(simulated, request),
    port: options.port ?? 0,
    // Longer than any address the org serves, so that the org itself can refuse a long one with 414.
    headerBytesMax: 256 * 1024,
    ...(options.onDefect === undefined ? {} : { onDefect: options.onDefect }),
  });
  const { url, port, close } = server;
  const { org } = simulated;
  let closing: Promise<void> | undefined;
  return {
    url,
    port,
    organizationId: org.id,
    faults: org.faults,
    outboundMessages: simulated.outboundMessages,
    seed: (records) => simulated.seed(records),
    records: (object) => simulated.records(object),
    merge: (request) => merge(simulated, request),
    convertLead: (request) => convert(simulated, request),
    undelete: (ids) => undelete(simulated, ids),
    setDuplicateRules(rules) {
      org.duplicateRules = rules;
    },
    openSession(username) {
      const user = activeUser(org, username);
      return user === undefined ? undefined : simulated.sessions.open(user.id);
    },
    expireSessions: () => simulated.sessions.expireAll(),
    statistics: () => simulated.statistics(),
    reset: () => simulated.reset(),
    close() {
      closing ??= close().then(() => simulated.close());
      return closing;
    },
  };
}
