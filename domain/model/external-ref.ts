/** The address of one record in one connected account. Ids are text as the system's connector normalises them (Salesforce: 18 characters). */
export interface ExternalRef {
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
}

/** The reference as one text, `<connection>#<object>#<externalId>`; the key of the crosswalk and of maps in memory. */
export function refKey(ref: ExternalRef): string {
  return `${ref.connection}#${ref.object}#${ref.externalId}`;
}

/** The seat a record of this connection and object takes in a unified record, as one text. */
export function seatKey(connection: string, object: string): string {
  return `${connection}#${object}`;
}

/** The inverse of {@link refKey}; an external id may hold `#`, the other two may not. */
export function refOfKey(text: string): ExternalRef {
  const [connection = '', object = '', ...rest] = text.split('#');
  return { connection, object, externalId: rest.join('#') };
}
