/** What one system calls the products we sell, where it has names of its own for them. */
export interface ProductNames {
  /** The product's code by that system's name for it; `undefined` where nobody listed it. */
  codeOf(name: string): string | undefined;
}

/** The names of one system out of the rows of `products.yaml`; each row has the `code` and others by system. */
export function productNames(
  rows: readonly { readonly code: string; readonly names: Readonly<Record<string, string>> }[],
  system: string,
): ProductNames {
  const codes = new Map(
    rows.flatMap(({ code, names }) => (names[system] === undefined ? [] : [[names[system], code]])),
  );
  return { codeOf: (name) => codes.get(name) };
}
