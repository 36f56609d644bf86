import type { Directory } from '../../domain/mapping/compiled-mapping.ts';

/**
 * The users of an account both ways, from owner ids to e-mails in lower case. When two users share an e-mail, the one whose id
 * sorts first is the owner, on every machine alike.
 */
export function ownerDirectory(owners: Readonly<Record<string, string>>): Directory {
  const emails = new Map(Object.entries(owners));
  const ids = new Map<string, string>();
  for (const ownerId of [...emails.keys()].sort().reverse())
    ids.set((emails.get(ownerId) ?? '').toLowerCase(), ownerId);
  return {
    emailOf: (ownerId) => emails.get(ownerId),
    ownerIdOf: (email) => ids.get(email.toLowerCase()),
  };
}
