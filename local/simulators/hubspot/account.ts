/** An owner: a person whose id `hubspot_owner_id` holds. `id` (the owner id) is not the user id. */
export interface Owner {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly userId: number;
  readonly archived: boolean;
}

/** The account a simulator plays: its identity, money, time and people. */
export interface Account {
  readonly portalId: number;
  readonly companyCurrency: string;
  readonly additionalCurrencies: readonly string[];
  /** IANA name; the daily limit resets at its midnight. */
  readonly timeZone: string;
  readonly owners: readonly Owner[];
}

export const defaultAccount: Account = {
  portalId: 48_120_337,
  companyCurrency: 'USD',
  additionalCurrencies: ['EUR', 'GBP', 'CHF', 'JPY'],
  timeZone: 'Europe/Berlin',
  owners: [
    owner(1, 'ana.ferreira', 'Ana', 'Ferreira'),
    owner(2, 'jonas.weber', 'Jonas', 'Weber'),
    owner(3, 'mei.tanaka', 'Mei', 'Tanaka'),
    owner(4, 'omar.haddad', 'Omar', 'Haddad'),
    owner(5, 'lucie.martin', 'Lucie', 'Martin', true),
  ],
};

function owner(number: number, mailbox: string, firstName: string, lastName: string, archived = false): Owner {
  return {
    id: String(71_200_400 + number),
    email: `${mailbox}@tributary.example`,
    firstName,
    lastName,
    userId: 9_300_100 + number,
    archived,
  };
}

/** The calendar day of an instant in a time zone, as `2026-11-22`. */
export function localDay(now: number, timeZone: string): string {
  return formatterFor(timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}

/** The offset of a time zone from UTC at an instant, in ms. */
export function utcOffsetMs(now: number, timeZone: string): number {
  const parts = formatterFor(timeZone, { timeZoneName: 'longOffset' }).formatToParts(now);
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(text);
  const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
  return (match?.[1] === '-' ? -minutes : minutes) * 60_000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs more than a request does, so each is made once. */
function formatterFor(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${Object.keys(options).join()}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-CA', { timeZone, ...options });
    formatters.set(key, formatter);
  }
  return formatter;
}
