/** A system of the kill run. */
export type SideName = 'salesforce' | 'hubspot';

/** The other one. */
export function otherSide(side: SideName): SideName {
  return side === 'salesforce' ? 'hubspot' : 'salesforce';
}

/** What people did to one company, as they remember it; the systems are held to it at the end. */
export interface CompanyLedger {
  /** Its domain, by which it is found in both systems. */
  readonly domain: string;
  /** Made on both sides in one moment, so that the hub may create it where it does not yet know that it is. */
  readonly isTwin: boolean;
  /** Where people know it, by the id it has there. */
  readonly ids: Partial<Record<SideName, string>>;
  /** The last mark people on a side wrote into the field that only they edit; the last one must win. */
  readonly ownMarks: Partial<Record<SideName, number>>;
  /** What was written into a field on both sides in one moment, by field: one of them must win, on both sides. */
  readonly volleys: Partial<Record<SharedField, readonly string[]>>;
}

/** Fields that people edit on both sides. */
export type SharedField = 'name' | 'phone';

/** A company as a system holds it at the end. */
export interface HeldCompany {
  readonly id: string;
  readonly domain: string;
  /** The hub's id in it, if it has one. */
  readonly hubId: string | undefined;
  /** What people of each side wrote into the field that only they edit. */
  readonly marks: Readonly<Record<SideName, number>>;
  readonly shared: Readonly<Record<SharedField, string>>;
}
