/** The Lambda functions; each is `functions/<name>/handler.ts`. */
export const FUNCTION_NAMES = [
  'receive-webhook',
  'sweep-changes',
  'absorb-changes',
  'deliver-changes',
  'serve-api',
] as const;

/** One of {@link FUNCTION_NAMES}. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** Something for each function. */
export type PerFunction<T> = Readonly<Record<FunctionName, T>>;

/** Makes something for each function, in order. */
export function perFunction<T>(make: (name: FunctionName) => T): PerFunction<T> {
  // The library types the result of fromEntries by string; its keys are those of the list, all of them.
  return Object.fromEntries(FUNCTION_NAMES.map((name) => [name, make(name)])) as PerFunction<T>;
}
