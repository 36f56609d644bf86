import { isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { compileMappings, type MappingSet } from './compile-mappings.ts';

/** A mapping file as it was read. */
export interface MappingFile {
  /** Its path, from `mappings/` or from anywhere above; with `/` between. */
  readonly path: string;
  readonly text: string;
}

/** One mistake in a mapping file. */
export interface MappingProblem {
  readonly file: string;
  /** Counted from 1: where the mistake is, or the nearest thing around it that exists. */
  readonly line: number;
  /** The way to the mistake, `fields[3].codec`; empty for the file as a whole. */
  readonly path: string;
  readonly reason: string;
}

/** The mappings in force, or everything that is wrong with the files. */
export type LoadedMappings =
  | {
      readonly ok: true;
      readonly value: MappingSet & {
        /** What each file says, by path: plain data for {@link compileMappings}, so that a bundle needs no YAML parser. */
        readonly documents: Readonly<Record<string, unknown>>;
      };
    }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

/** Parses and compiles mapping files and runs their examples. Pure; answers all mistakes of all files, in the order of the files. */
export function loadMappings(files: readonly MappingFile[]): LoadedMappings {
  const problems: MappingProblem[] = [];
  const documents: Record<string, unknown> = {};
  const lineFinders = new Map<string, LineFinder>();
  for (const { path, text } of files) {
    const parsed = parseText(path, text);
    if (Array.isArray(parsed)) {
      problems.push(...parsed);
      continue;
    }
    documents[path] = parsed.content;
    lineFinders.set(path, parsed.lineOf);
  }
  // Files that could not be parsed would be missed by the others: their mistakes come first, alone.
  if (problems.length > 0) return { ok: false, problems };
  const compiled = compileMappings(documents);
  if (compiled.ok) return { ok: true, value: { ...compiled.value, documents } };
  return {
    ok: false,
    problems: compiled.issues.map(({ file, path, reason }) => ({
      file,
      line: lineFinders.get(file)?.(path) ?? 1,
      path: pathText(path),
      reason,
    })),
  };
}

/** One line for a person, `file:line: path: reason`, as editors and terminals link it. */
export function describeMappingProblem({ file, line, path, reason }: MappingProblem): string {
  return path === '' ? `${file}:${line}: ${reason}` : `${file}:${line}: ${path}: ${reason}`;
}

type LineFinder = (path: readonly PropertyKey[]) => number;

/** The content of a YAML text and the way back from a path in it to its line, or what is wrong with it. */
function parseText(file: string, text: string): { content: unknown; lineOf: LineFinder } | MappingProblem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const flaws = [...document.errors, ...document.warnings];
  if (flaws.length > 0) {
    return flaws.map(({ pos, message }) => ({
      file,
      line: lines.linePos(pos[0]).line,
      path: '',
      reason: `this is not valid YAML: ${message}`,
    }));
  }
  try {
    const content: unknown = document.toJS({ maxAliasCount: 100 });
    return { content, lineOf: (path) => lines.linePos(offsetOf(document.contents, path)).line };
  } catch {
    // The library throws for what only shows when aliases are resolved: an unknown anchor, or too many expansions.
    return [{ file, line: 1, path: '', reason: 'an alias refers to no anchor, or there are more than 100 of them' }];
  }
}

/** Where the key or item at the end of the path begins; of a path that does not exist, the nearest thing around it. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number {
  let node = root;
  let offset = startOf(root) ?? 0;
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => String(key) === String(step)) : undefined;
    const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    const found = startOf(pair?.key ?? item);
    if (found === undefined) return offset;
    offset = found;
    node = pair === undefined ? item : pair.value;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node satisfies Node).range?.[0] : undefined;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
    .join('');
}
