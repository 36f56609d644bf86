import { dirname, join, normalize } from 'node:path';
import { scanImports } from './scan-code.ts';
import type { SourceFile } from './source-tree.ts';

/**
 * Finds files that import each other round in a circle, by values that are needed when a file is loaded (types and
 * dynamic imports do not count). Each circle is the sorted paths of its files; none is named twice.
 */
export function importCircles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const imports = new Map(files.map((file) => [file.path, valueImportsOf(file)]));
  const reached = new Map([...imports.keys()].map((path) => [path, reachedFrom(path, imports)]));
  const circles = new Map<string, readonly string[]>();
  for (const [path, below] of reached) {
    if (!below.has(path)) continue;
    const circle = [...below].filter((other) => reached.get(other)?.has(path)).sort();
    circles.set(circle.join(' '), circle);
  }
  return [...circles.values()];
}

function valueImportsOf({ path, text }: SourceFile): readonly string[] {
  return scanImports(text).flatMap(({ specifier = '', how }) =>
    how === 'value' && specifier.startsWith('.') ? [normalize(join(dirname(path), specifier))] : [],
  );
}

function reachedFrom(start: string, imports: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...(imports.get(start) ?? [])];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    open.push(...(imports.get(path) ?? []));
  }
  return reached;
}
