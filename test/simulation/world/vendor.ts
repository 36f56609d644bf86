import type { InjectedFault } from '../../../local/simulators/shared/fault-plan.ts';
import type { HttpAnswer, HttpRequest } from '../../../local/simulators/shared/http-server.ts';
import { FIELDS, type PeopleField } from '../people/fields.ts';
import type { PeopleKind } from '../people/people-kinds.ts';
import type { PlaceId, SystemId } from '../plan/plan.ts';

/** A record as its system shows it to people, in words that are the same for all systems. */
export interface SystemRecord {
  readonly kind: PeopleKind;
  readonly id: string;
  /** The thing it stands for; `''` when nobody said. */
  readonly entity: string;
  readonly isLive: boolean;
  /** The hub's own id in it, if the hub made it. */
  readonly hubId: string;
  /** By the system's clock, ms. */
  readonly modifiedAt: number;
  /**
   * What it says, by unit: a field, `field:element` of a set, or the name of a group whose members win together. Only fields that
   * the system has.
   */
  readonly units: Readonly<Record<string, string>>;
}

/** A system that the hub calls. */
export interface Place {
  readonly id: PlaceId;
  /** Where the hub calls it. */
  readonly host: string;
  handle(request: HttpRequest): Promise<HttpAnswer>;
  /** Its own clock, ms. */
  now(): number;
  addFault(fault: InjectedFault): void;
  clearFaults(): void;
  expireSessions(): void;
  close(): Promise<void>;
}

/** A CRM of the world: its API for the hub, its screens for people. */
export interface Vendor extends Place {
  readonly id: SystemId;
  readonly system: 'salesforce' | 'hubspot';
  /** Makes a record by hand; answers its id, or `undefined` when it was refused. */
  create(
    kind: PeopleKind,
    entity: string,
    values: Readonly<Record<string, unknown>>,
    partnerId: string | undefined,
  ): Promise<string | undefined>;
  /** Enters values, by the system's own field name. */
  edit(kind: PeopleKind, id: string, values: Readonly<Record<string, unknown>>): Promise<boolean>;
  relate(kind: PeopleKind, id: string, partnerId: string): Promise<boolean>;
  remove(kind: PeopleKind, id: string): Promise<boolean>;
  restore(kind: PeopleKind, id: string): Promise<boolean>;
  merge(kind: PeopleKind, survivorId: string, loserId: string): Promise<boolean>;
  /** The hub's user sees exactly these of its records no more; where a system hides records from users of its API. */
  hide?(ids: ReadonlySet<string>): void;
  /** Nor these fields, by `people/fields.ts`. */
  hideFields?(fields: readonly (readonly [PeopleKind, string])[]): void;
  /** Live and deleted records, in no order. */
  records(kind: PeopleKind): readonly SystemRecord[];
  /** What a record holds, by the system's own field names. */
  values(kind: PeopleKind, id: string): Readonly<Record<string, unknown>>;
}

/** Whether people work there on records that the chronicle follows. */
export function isCrm(place: Place): place is Vendor {
  return 'records' in place;
}

/**
 * What records stand for: a record is of the thing it was made for, also while a merge in the hub has it say that it is another.
 * Answers a function of a record's id and what it says now.
 */
export function rememberedEntities(): (id: string, said: string) => string {
  const entities = new Map<string, string>();
  return (id, said) => {
    const first = entities.get(id);
    if (first !== undefined) return first;
    if (said !== '') entities.set(id, said);
    return said;
  };
}

/** The units of a record, from a reader of the system's own values by field name. */
export function unitsOf(
  kind: PeopleKind,
  system: 'salesforce' | 'hubspot',
  read: (theirs: string) => unknown,
): Record<string, string> {
  const units: Record<string, string> = {};
  const groups = new Map<string, string[]>();
  for (const field of FIELDS[kind]) {
    const theirs = theirName(field, system);
    if (theirs === undefined) continue;
    const meaning = field.read(read(theirs));
    if (field.group !== undefined) groups.set(field.group, [...(groups.get(field.group) ?? []), meaning]);
    else if (field.isSet === true) {
      for (const element of elementsOf(field))
        units[`${field.name}:${element}`] = String(meaning.split(';').includes(element));
    } else units[field.name] = meaning;
  }
  for (const [group, meanings] of groups) units[group] = meanings.join(' | ');
  return units;
}

/** What a system calls a field. */
export function theirName(field: PeopleField, system: 'salesforce' | 'hubspot'): string | undefined {
  return system === 'salesforce' ? field.salesforce : field.hubspot;
}

const everything = 1_023;

/** Every element a set can hold. */
function elementsOf(field: PeopleField): readonly string[] {
  return field.choice(everything).meaning.split(';');
}

/** A request as the simulators take it. */
export function requestOf(
  method: string,
  host: string,
  target: string,
  headers: Record<string, string>,
  body?: unknown,
): HttpRequest {
  const url = new URL(`https://${host}${target}`);
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { method, target, path: url.pathname, query: url.searchParams, headers, body: Buffer.from(text) };
}
