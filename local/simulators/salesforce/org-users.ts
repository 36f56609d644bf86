import type { Org } from './org.ts';
import type { SeedRecord } from './seed-records.ts';
import type { StoredRecord } from './stored-record.ts';

/** A user of the org. */
export interface OrgUser {
  readonly username: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly title?: string | undefined;
  /** Default true. */
  readonly isActive?: boolean | undefined;
}

/** Who works in an org when nobody says otherwise: the user integrations run as, two sellers, and one who has left. */
export const defaultUsers: readonly OrgUser[] = [
  {
    username: 'integration@tributary.example',
    email: 'integration@tributary.example',
    firstName: 'Integration',
    lastName: 'User',
  },
  {
    username: 'maya.lindqvist@tributary.example',
    email: 'maya.lindqvist@tributary.example',
    firstName: 'Maya',
    lastName: 'Lindqvist',
    title: 'Alliance Manager',
  },
  {
    username: 'joao.ferreira@tributary.example',
    email: 'joao.ferreira@tributary.example',
    firstName: 'João',
    lastName: 'Ferreira',
    title: 'Channel Account Manager',
  },
  {
    username: 'petra.novak@tributary.example',
    email: 'petra.novak@tributary.example',
    firstName: 'Petra',
    lastName: 'Novák',
    title: 'Channel Account Manager',
    isActive: false,
  },
];

/** The users as records to seed. */
export function userRecords(users: readonly OrgUser[]): SeedRecord[] {
  return users.map((user) => ({
    object: 'User',
    values: {
      Username: user.username,
      Email: user.email,
      FirstName: user.firstName,
      LastName: user.lastName,
      Alias: (user.firstName.slice(0, 1) + user.lastName).slice(0, 8).toLowerCase(),
      Title: user.title ?? null,
      IsActive: user.isActive ?? true,
      UserType: 'Standard',
      TimeZoneSidKey: 'GMT',
      LanguageLocaleKey: 'en_US',
    },
  }));
}

/** The user with that name, active or not. */
export function userNamed(org: Org, username: string): StoredRecord | undefined {
  const users = org.store.table('User');
  const field = users.schema.field('Username');
  return field === undefined ? undefined : users.withValue(field, username)[0];
}
