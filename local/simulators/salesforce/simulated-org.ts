import { type AppendLog, openAppendLog } from '../shared/append-log.ts';
import { CallCounter, type CallStatistics } from '../shared/call-counter.ts';
import { FaultPlan, type OpenFault } from '../shared/fault-plan.ts';
import type { WebhookStatistics } from '../shared/webhook-sender.ts';
import { ApiUsage } from './api-usage.ts';
import { activeUser, type ClientRegistration } from './authentication.ts';
import { IdSource, toLongId } from './ids.ts';
import type { Org } from './org.ts';
import { defaultUsers, type OrgUser, userNamed, userRecords } from './org-users.ts';
import { OutboundMessages } from './outbound-messages.ts';
import { recordJson } from './record-json.ts';
import type { WriteContext } from './records/write-context.ts';
import { orgSchema } from './schema/org-schema.ts';
import { type SeedRecord, seedRecords } from './seed-records.ts';
import { Sessions } from './sessions.ts';
import { type SalesforceSimulatorOptions, salesforceDefaults } from './simulator-options.ts';
import { QueryCursors } from './soql/query-cursors.ts';
import { RecordStore } from './store/record-store.ts';
import type { FieldValues } from './stored-record.ts';

/** What the org's HTTP server lends to the org. */
export interface OrgServer {
  /** The org's own address, without a trailing slash. */
  readonly instanceUrl: () => string;
  readonly refuseConnections: (durationMs: number) => void;
}

/** Counts since the start or the last reset. */
export interface SalesforceStatistics {
  readonly calls: CallStatistics;
  /** `passed`: calls refused for the daily limit. */
  readonly apiUsage: { readonly used: number; readonly max: number; readonly passed: number };
  /** Records by object, deleted ones included. */
  readonly records: Readonly<Record<string, number>>;
  readonly outboundMessages: WebhookStatistics;
  readonly openFaults: readonly OpenFault[];
}

/** A committed record, as one line of the org's file: its object and its values. */
type StoredEntry = readonly [object: string, values: FieldValues];

/** One org with everything around its records: sessions, allowance, open queries, messages, and the file it lives in. */
export class SimulatedOrg {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly usage: ApiUsage;
  readonly cursors: QueryCursors;
  readonly calls = new CallCounter();
  readonly outboundMessages: OutboundMessages;
  readonly registration: ClientRegistration;
  readonly instanceUrl: () => string;
  readonly apiVersion: string;
  readonly #users: readonly OrgUser[];
  readonly #log: AppendLog<StoredEntry> | undefined;

  constructor(options: SalesforceSimulatorOptions, server: OrgServer) {
    this.#users = options.users ?? defaultUsers;
    this.org = newOrg(options, server);
    const { now } = this.org;
    this.sessions = new Sessions(this.org.id);
    this.usage = new ApiUsage(options.dailyRequestsMax ?? salesforceDefaults.dailyRequestsMax, now);
    this.cursors = new QueryCursors(now, () => this.org.ids.next(cursorKeyPrefix));
    this.instanceUrl = server.instanceUrl;
    this.apiVersion = options.apiVersion ?? salesforceDefaults.apiVersion;
    this.registration = {
      clientId: options.clientId ?? salesforceDefaults.clientId,
      clientSecret: options.clientSecret ?? salesforceDefaults.clientSecret,
      runAsUsername: options.runAsUsername ?? this.#users[0]?.username ?? '',
      jwtPublicKeys: options.jwtPublicKeys ?? [],
    };
    this.outboundMessages = new OutboundMessages(this.org, {
      instanceUrl: server.instanceUrl,
      apiVersion: this.apiVersion,
      backOffMs: options.outboundBackOffMs,
    });
    this.#log = options.file === undefined ? undefined : this.#openLog(options.file);
    this.#prepare();
    this.outboundMessages.setTargets(options.outboundMessages ?? []);
  }

  /** Makes the writes since the last commit final: on file first, then told to the outside. */
  commit(): void {
    const changes = this.org.store.commit();
    if (changes.length === 0) return;
    this.#log?.append(changes.map(({ object, after }) => [object, after.values] as const));
    this.outboundMessages.notify(changes);
  }

  /** Puts records into the org as they are; see `seedRecords`. */
  seed(records: readonly SeedRecord[]): readonly string[] {
    const ids = seedRecords(this.org, records, this.#systemUserId());
    this.commit();
    return ids;
  }

  /** All records of an object, deleted ones included, with all fields, in the order of their ids. */
  records(object: string): readonly Readonly<Record<string, unknown>>[] {
    const schema = this.org.schema.object(object);
    if (schema === undefined) return [];
    const fields = schema.fields.filter((field) => field.type !== 'address');
    const dataPath = `/services/data/v${this.apiVersion}`;
    return [...this.org.store.table(schema.name).inIdOrder('ascending')].map((record) =>
      recordJson(schema, record, fields, dataPath),
    );
  }

  /** The context of a write that a person makes in the org's own screens; by default the user integrations run as. */
  contextOf(username: string | undefined): WriteContext {
    const user = username === undefined ? undefined : activeUser(this.org, username);
    const userId = user?.id ?? this.#systemUserId();
    return {
      org: this.org,
      userId,
      savesDuplicates: true,
      seesAll: true,
      dataPath: `/services/data/v${this.apiVersion}`,
    };
  }

  statistics(): SalesforceStatistics {
    const { schema, store, faults } = this.org;
    return {
      calls: this.calls.statistics(),
      apiUsage: { used: this.usage.used, max: this.usage.max, passed: this.usage.passed },
      records: Object.fromEntries(schema.objects.map(({ name }) => [name, store.table(name).size])),
      outboundMessages: this.outboundMessages.statistics(),
      openFaults: faults.open(),
    };
  }

  /** Back to a new org: no records but its users, no sessions, no faults, counters at zero. Settings stay. */
  reset(): void {
    this.org.store.clear();
    this.org.ids.reset();
    this.org.faults.clear();
    this.org.schema.hideFields([]);
    this.sessions.expireAll();
    this.cursors.clear();
    this.usage.reset();
    this.calls.reset();
    this.#prepare();
    this.outboundMessages.setTargets(this.outboundMessages.targets);
    this.#log?.compact();
  }

  close(): void {
    this.outboundMessages.close();
    this.#log?.close();
  }

  #openLog(file: string): AppendLog<StoredEntry> {
    const { schema, store, ids } = this.org;
    return openAppendLog<StoredEntry>({
      file,
      replay: ([object, values]) => {
        store.load(object, values);
        ids.avoid(String(values.Id));
      },
      *snapshot() {
        for (const { name } of schema.objects) {
          for (const record of store.table(name).inIdOrder('ascending')) yield [name, record.values];
        }
      },
    });
  }

  /** Ids that are not kept begin at the time of day, so that none of them comes back after a restart. */
  #prepare(): void {
    const { ids, now, store } = this.org;
    for (const keyPrefix of [notificationKeyPrefix, cursorKeyPrefix]) ids.startAfter(keyPrefix, now() * 1000);
    if (store.table('User').size > 0) return;
    const [first, ...others] = userRecords(this.#users);
    if (first === undefined) throw new Error('An org has at least one user.');
    // The first user counts as having created all of them, itself included.
    const Id = ids.next(store.table('User').schema.keyPrefix);
    seedRecords(this.org, [{ ...first, values: { ...first.values, Id } }, ...others], Id);
    this.commit();
  }

  #systemUserId(): string {
    const user = userNamed(this.org, this.registration.runAsUsername);
    if (user === undefined) throw new Error(`The org has no user ${this.registration.runAsUsername} to run as.`);
    return user.id;
  }
}

const notificationKeyPrefix = '04l';
const cursorKeyPrefix = '0r8';

function newOrg(options: SalesforceSimulatorOptions, server: OrgServer): Org {
  const given = options.organizationId ?? salesforceDefaults.organizationId;
  const id = toLongId(given);
  if (id === undefined || !id.startsWith('00D')) throw new Error(`${given} is no id of an organization.`);
  const now = options.now ?? Date.now;
  const currencies = options.currencies ?? salesforceDefaults.currencies;
  const schema = orgSchema({
    currencies,
    customFields: options.customFields ?? [],
    missingFields: options.missingFields ?? [],
  });
  return {
    id,
    schema,
    store: new RecordStore(schema),
    ids: new IdSource(id.slice(3, 5)),
    now,
    faults: new FaultPlan({ now, refuseConnections: server.refuseConnections }),
    currencies,
    duplicateRules: options.duplicateRules ?? [],
  };
}
