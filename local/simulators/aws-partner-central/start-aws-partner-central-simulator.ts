import type * as z from 'zod';
import { Agenda, realTimer } from '../aws/agenda.ts';
import { AwsServer } from '../aws/aws-server.ts';
import type { AwsService } from '../aws/aws-service.ts';
import { createBusSender } from '../aws/bus-sender.ts';
import { EventPublisher } from '../aws/event-publisher.ts';
import { FaultPlan } from '../shared/fault-plan.ts';
import { type HttpAnswer, type HttpRequest, type RunningHttpServer, startHttpServer } from '../shared/http-server.ts';
import { type AdminParts, answerAdmin, type PartnerCentralStatistics, statisticsOf } from './admin-routes.ts';
import {
  type ActionOutcome,
  addContext,
  answerInvitation,
  type answerSchema,
  type contextSchema,
  edit,
  type editSchema,
  type invitationSchema,
  joinEngagement,
  type memberSchema,
  type referralSchema,
  review,
  type reviewSchema,
  seed,
  type seedSchema,
  sendInvitation,
  sendReferral,
} from './aws-actions.ts';
import { engagementOperations } from './engagement-operations.ts';
import { scheduleExpiry } from './invitation-life.ts';
import { listOperations } from './list-operations.ts';
import { opportunityOperations } from './opportunity-operations.ts';
import { PartnerAccount } from './partner-account.ts';
import { uuidOf } from './record-ids.ts';
import type { Engagement, Invitation, Opportunity } from './records.ts';
import { relationOperations } from './relation-operations.ts';
import { throttled, unavailable } from './service-faults.ts';
import type { PartnerCentralOptions } from './simulator-options.ts';
import { resumeTasks, taskOperations } from './task-operations.ts';

/** What the real service does not have: playing AWS, and looking inside. The same is there under `/_simulator/`. */
export interface PartnerCentralAdmin {
  /** What goes wrong, on demand; calls match as `/PartnerCentralSelling.<operation>`. */
  readonly faults: FaultPlan;
  /** What goes wrong with events, and the events of late. */
  readonly events: EventPublisher;
  seed(asked: z.infer<typeof seedSchema>): readonly string[];
  review(asked: z.infer<typeof reviewSchema>): ActionOutcome;
  edit(asked: z.infer<typeof editSchema>): ActionOutcome;
  sendReferral(asked: z.infer<typeof referralSchema>): ActionOutcome;
  sendInvitation(asked: z.infer<typeof invitationSchema>): ActionOutcome;
  answerInvitation(asked: z.infer<typeof answerSchema>): ActionOutcome;
  joinEngagement(asked: z.infer<typeof memberSchema>): ActionOutcome;
  addContext(asked: z.infer<typeof contextSchema>): ActionOutcome;
  /** All records, those the partner does not see yet included. */
  opportunities(): readonly Opportunity[];
  engagements(): readonly Engagement[];
  invitations(): readonly Invitation[];
  statistics(): PartnerCentralStatistics;
  /** Forgets records, faults and counts; settings stay. */
  reset(): void;
}

/** An account in this process: no address, calls are handed in. */
export interface PartnerCentralAccount {
  /** 12 digits. */
  readonly accountId: string;
  readonly admin: PartnerCentralAdmin;
  /** Serves one call without a network, exactly as over HTTP. */
  readonly handle: (request: HttpRequest) => Promise<HttpAnswer>;
  /** Does what is due by now, in a simulation whose clock has moved. */
  runDue(): void;
  /** When something is due next, in epoch ms. */
  readonly nextDueAt: () => number | undefined;
  /** Resolves when the bus took every event, or gave it up. */
  eventsIdle(): Promise<void>;
  /** Closes the file. May be repeated. */
  close(): Promise<void>;
}

/** An account with an address on loopback; closing it frees the port. */
export interface AwsPartnerCentralSimulator extends PartnerCentralAccount {
  /** Without a trailing slash; the `endpoint` of a client. */
  readonly url: string;
  readonly port: number;
}

/**
 * Starts a simulated AWS Partner Central account on a loopback port: the Selling API in AWS JSON 1.0 as far as `README.md`
 * beside this file says, its events by `publish`, and `/_simulator/` for what a test asks of it.
 * *Faults*: rejects when the port is taken or the file is damaged.
 */
export async function startAwsPartnerCentralSimulator(
  options: PartnerCentralOptions = {},
): Promise<AwsPartnerCentralSimulator> {
  let server: RunningHttpServer | undefined;
  const account = openPartnerCentralAccount(options, {
    refuseConnections: (durationMs) => server?.refuseConnections(durationMs),
  });
  const { handle } = account;
  const { onDefect, port = 0 } = options;
  server = await startHttpServer({ handle, port, ...(onDefect === undefined ? {} : { onDefect }) });
  const running = server;
  let closing: Promise<void> | undefined;
  return {
    ...account,
    url: running.url,
    port: running.port,
    close() {
      closing ??= running.close().then(() => account.close());
      return closing;
    },
  };
}

/** The same account without a port, for a simulation that calls it as a function. `port` has no meaning here. */
export function openPartnerCentralAccount(
  options: PartnerCentralOptions,
  address: Pick<RunningHttpServer, 'refuseConnections'>,
): PartnerCentralAccount {
  const now = options.now ?? Date.now;
  const onDefect = options.onDefect ?? ((defect: unknown) => console.error(defect));
  const timer = options.setTimer ?? (options.now === undefined ? realTimer : 'none');
  const agenda = new Agenda({
    now,
    setTimer: timer === 'none' ? undefined : timer,
    onDefect,
    afterTimer: () => account.store.commit(),
  });
  const sender = options.bus === undefined ? undefined : createBusSender(options.bus);
  const events = new EventPublisher({
    agenda,
    now,
    publish(event) {
      options.publish?.(event);
      sender?.publish(event);
    },
  });
  const faults = new FaultPlan({ now, refuseConnections: address.refuseConnections });
  const account = new PartnerAccount(options, { now, agenda, events });
  resume(account);
  let requests = 0;
  const server = new AwsServer({
    services: [serviceOf(account, faults)],
    faults,
    agenda,
    now,
    newRequestId: () => {
      requests += 1;
      return uuidOf('request', account.id, requests);
    },
    callers: { accessKeyIds: options.accessKeyIds, accountOf: () => account.id },
    hasLimits: options.hasLimits ?? true,
    commit: () => account.store.commit(),
    admin: (request) => answerAdmin(parts, request),
  });
  const reset = (): void => {
    agenda.clear();
    events.reset();
    faults.clear();
    server.counter.reset();
    server.limiter.reset();
    account.reset();
  };
  const parts: AdminParts = { account, events, faults, server, reset };
  return {
    accountId: account.id,
    handle: (request) => server.handle(request),
    admin: adminOf(parts),
    runDue() {
      agenda.runDue();
      account.store.commit();
    },
    nextDueAt: () => agenda.nextAt,
    eventsIdle: () => sender?.idle() ?? Promise.resolve(),
    async close() {
      agenda.clear();
      sender?.close();
      account.store.close();
    },
  };
}

/** Takes up what was under way when the file was last closed. */
function resume(account: PartnerAccount): void {
  resumeTasks(account);
  for (const invitation of account.invitations.all()) {
    if (invitation.status === 'PENDING') scheduleExpiry(account, invitation);
  }
}

function serviceOf(account: PartnerAccount, faults: FaultPlan): AwsService {
  return {
    name: 'PartnerCentralSelling',
    signingName: 'partnercentral-selling',
    protocol: { kind: 'json', version: '1.0', targetPrefix: 'AWSPartnerCentralSelling' },
    faultNamespace: 'com.amazonaws.partnercentralselling#',
    messageMember: 'Message',
    operations: [
      ...opportunityOperations(account, faults),
      ...relationOperations(account),
      ...taskOperations(account),
      ...listOperations(account),
      ...engagementOperations(account),
    ],
    throttled,
    unavailable,
  };
}

/** Each action is on file, with what it makes due at once, before it returns. */
function adminOf({ account, events, faults, server, reset }: AdminParts): PartnerCentralAdmin {
  const acted = <Outcome>(outcome: Outcome): Outcome => {
    account.agenda.runDue();
    account.store.commit();
    return outcome;
  };
  return {
    faults,
    events,
    seed: (asked) => acted(seed(account, asked)),
    review: (asked) => acted(review(account, asked)),
    edit: (asked) => acted(edit(account, asked)),
    sendReferral: (asked) => acted(sendReferral(account, asked)),
    sendInvitation: (asked) => acted(sendInvitation(account, asked)),
    answerInvitation: (asked) => acted(answerInvitation(account, asked)),
    joinEngagement: (asked) => acted(joinEngagement(account, asked)),
    addContext: (asked) => acted(addContext(account, asked)),
    opportunities: () => account.opportunities.all(),
    engagements: () => account.engagements.all(),
    invitations: () => account.invitations.all(),
    statistics: () => statisticsOf({ account, events, faults, server, reset }),
    reset,
  };
}
