/** People whose e-mail address differs between systems. Addresses in lower case. */
export interface OwnerAliases {
  /** The address a person is known by in the hub, of any of theirs. */
  canonical(email: string): string;
  /** The addresses to look a person up by in the system, best first. */
  addresses(canonicalEmail: string): readonly string[];
}

/** The aliases of one system out of the rows of `owners.yaml`; each row has the hub's `email` and others by system. */
export function ownerAliases(
  rows: readonly { readonly email: string; readonly aliases: Readonly<Record<string, string>> }[],
  system: string,
): OwnerAliases {
  const canonicalOf = new Map(
    rows.flatMap(({ email, aliases }) => Object.values(aliases).map((other) => [other, email])),
  );
  const addressOf = new Map(
    rows.flatMap(({ email, aliases }) => (aliases[system] === undefined ? [] : [[email, aliases[system]]])),
  );
  return {
    canonical: (email) => canonicalOf.get(email) ?? email,
    addresses: (email) => {
      const known = canonicalOf.get(email) ?? email;
      const own = addressOf.get(known);
      return own === undefined ? [known] : [own, known];
    },
  };
}
