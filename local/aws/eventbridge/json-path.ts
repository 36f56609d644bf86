import { isJsonObject } from './pattern/pattern-fault.ts';

/** One step into a JSON value: a member, an element, or all of them. */
export type PathStep = { readonly name: string } | { readonly index: number } | { readonly all: true };

const STEP =
  /\.(?<name>[A-Za-z0-9_/-]+)|\[(?<index>\d+)\]|\['(?<quoted>[^']+)'\]|\["(?<doubleQuoted>[^"]+)"\]|(?<all>\[\*\]|\.\*)/y;

/**
 * Reads the part of JSONPath that EventBridge takes: `$`, dots, array positions, quoted names and stars.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function parseJsonPath(path: string): readonly PathStep[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: PathStep[] = [];
  for (STEP.lastIndex = 1; STEP.lastIndex < path.length; ) {
    const groups = STEP.exec(path)?.groups;
    if (groups === undefined) return undefined;
    const name = groups.name ?? groups.quoted ?? groups.doubleQuoted;
    if (name !== undefined) steps.push({ name });
    else if (groups.index !== undefined) steps.push({ index: Number(groups.index) });
    else steps.push({ all: true });
  }
  return steps;
}

/** What lies at a path, or `undefined` when nothing does. A path with a star answers a list. */
export function valueAt(value: unknown, steps: readonly PathStep[]): unknown {
  let found: readonly unknown[] = [value];
  let isList = false;
  for (const step of steps) {
    found = found.flatMap((item) => childrenOf(item, step));
    isList ||= 'all' in step;
  }
  return isList ? found : found[0];
}

function childrenOf(value: unknown, step: PathStep): readonly unknown[] {
  if ('name' in step) return isJsonObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
  if ('index' in step) return Array.isArray(value) && step.index < value.length ? [value[step.index]] : [];
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}
