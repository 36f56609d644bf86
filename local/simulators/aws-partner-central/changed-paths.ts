/**
 * The dotted paths at which two values differ. Objects are looked into; lists are compared whole. What is absent, `null`,
 * an empty text or an empty list is all the same: the service does not tell them apart either.
 */
export function changedPaths(before: unknown, after: unknown, path = ''): readonly string[] {
  if (!isObject(before) && !isObject(after)) return normalForm(before) === normalForm(after) ? [] : [path];
  const [left, right] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .sort()
    .flatMap((name) => changedPaths(left[name], right[name], path === '' ? name : `${path}.${name}`));
}

/** A JSON value as one text, whatever the order of its members, without those that are absent. */
export function normalForm(value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : `[${value.map(normalForm).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => [name, normalForm(value[name])] as const)
    .filter(([, text]) => text !== '');
  return members.length === 0 ? '' : `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
