import type { Invocation } from '../engine/process.ts';
import { PEOPLE_KINDS, type PeopleKind } from '../people/people-kinds.ts';
import type { PlaceId, SystemId } from '../plan/plan.ts';
import type { SystemRecord, Vendor } from './vendor.ts';

/** Something that happened to one record of one system. */
export interface Change {
  /** Order of all changes in the world. */
  readonly serial: number;
  /** True time, ms. */
  readonly at: number;
  readonly by: 'person' | 'hub' | 'automation';
  readonly system: SystemId;
  readonly kind: PeopleKind;
  readonly id: string;
  readonly entity: string;
  /** What it said before and says now; `undefined` where it was not there. */
  readonly units: Readonly<Record<string, readonly [string | undefined, string | undefined]>>;
  /** The record's modification time after it, by the system's clock. */
  readonly stamp: number;
  readonly event: 'made' | 'changed' | 'gone' | 'back';
  /** For the hub's: when the process that wrote it had last read the record's own values, or looked for it; absent when it never had. */
  readonly lastReadAt?: number;
  /** The same of what the record is linked to, which HubSpot tells in a call of its own. */
  readonly lastLinkReadAt?: number;
  /** For the hub's: the call that did it. */
  readonly call?: VendorCall;
}

/** A call of the hub to a system. */
export interface VendorCall {
  /** When the hub sent it, and when the system served it, ms. */
  readonly sentAt: number;
  at: number;
  /** When the hub had its answer, ms; absent when it never had one. */
  answeredAt?: number;
  readonly process: string;
  readonly system: PlaceId;
  readonly method: string;
  readonly path: string;
  /** What is asked of an AWS service. */
  readonly operation?: string;
  readonly body: string;
  readonly isWrite: boolean;
  /** What the process was at when it made the call. */
  readonly invocation: Invocation | undefined;
  /** `0`: cut before an answer. */
  status: number;
  /** The simulation had made the system refuse all calls when this one reached it. */
  isInjected: boolean;
}

type State = ReadonlyMap<string, SystemRecord>;

/** Everything that happened in a world: the oracles' only source beside what the systems hold in the end. */
export class Chronicle {
  readonly changes: Change[] = [];
  readonly calls: VendorCall[] = [];
  readonly #seen = new Set<string>();
  readonly #states = new Map<SystemId, State>();

  /** What the system holds, by kind and id. */
  stateOf(vendor: Vendor): State {
    const state = new Map<string, SystemRecord>();
    for (const kind of PEOPLE_KINDS)
      for (const record of vendor.records(kind)) state.set(`${kind}#${record.id}`, record);
    return state;
  }

  /** Notes what differs since the system was last looked at, as done by `by` now. Answers the records concerned. */
  note(vendor: Vendor, by: Change['by'], at: number, call?: VendorCall): readonly Change[] {
    const before = this.#states.get(vendor.id) ?? new Map<string, SystemRecord>();
    const after = this.stateOf(vendor);
    this.#states.set(vendor.id, after);
    const noted: Change[] = [];
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const [old, next] = [before.get(key), after.get(key)];
      const record = next ?? old;
      if (record === undefined || old === next || (old?.isLive !== true && next?.isLive !== true)) continue;
      const units = unitsBetween(old, next);
      const event = eventBetween(old, next, this.#seen.has(`${vendor.id} ${key}`));
      this.#seen.add(`${vendor.id} ${key}`);
      if (event === 'changed' && Object.keys(units).length === 0 && old?.modifiedAt === next?.modifiedAt) continue;
      const readAt = call && this.#lastRead(call.process, record, 'values');
      const linkReadAt = call && this.#lastRead(call.process, record, 'links');
      const change: Change = {
        serial: this.changes.length,
        at,
        by,
        system: vendor.id,
        kind: record.kind,
        id: record.id,
        entity: record.entity,
        units,
        stamp: record.modifiedAt,
        event,
        ...(readAt === undefined ? {} : { lastReadAt: readAt }),
        ...(linkReadAt === undefined ? {} : { lastLinkReadAt: linkReadAt }),
        ...(call === undefined ? {} : { call }),
      };
      this.changes.push(change);
      noted.push(change);
    }
    return noted;
  }

  /**
   * When a process last read a record, or its links where they have a call of their own, or looked for it by the hub's id, before now:
   * one of its ids stood in what it asked for.
   */
  #lastRead(process: string, { id, hubId }: SystemRecord, what: 'values' | 'links'): number | undefined {
    const names = hubId === '' ? [id] : [id, hubId];
    for (let place = this.calls.length - 1; place >= 0; place--) {
      const call = this.calls[place];
      if (
        call === undefined ||
        call.process !== process ||
        call.isWrite ||
        (call.status !== 200 && call.status !== 207)
      )
        continue;
      if (what === 'values' && call.path.includes('/associations/')) continue;
      if (names.some((name) => call.body.includes(name) || call.path.includes(name))) return call.at;
    }
    return undefined;
  }
}

function eventBetween(
  old: SystemRecord | undefined,
  next: SystemRecord | undefined,
  wasSeen: boolean,
): Change['event'] {
  if (old?.isLive !== true) return wasSeen ? 'back' : 'made';
  return next?.isLive === true ? 'changed' : 'gone';
}

function unitsBetween(old: SystemRecord | undefined, next: SystemRecord | undefined): Change['units'] {
  const units: Record<string, readonly [string | undefined, string | undefined]> = {};
  const [before, after] = [old?.isLive ? old.units : {}, next?.isLive ? next.units : {}];
  for (const unit of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[unit] !== after[unit]) units[unit] = [before[unit], after[unit]];
  }
  return units;
}
