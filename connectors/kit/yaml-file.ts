import { isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type * as z from 'zod';

/** One mistake in a configuration file. Holds no values from the file, since someone may have pasted a secret into it. */
export interface FileProblem {
  /** The file as it was named by whoever read it. */
  readonly file: string;
  /** Counted from 1: where the mistake is, or the nearest thing around it that exists. */
  readonly line: number;
  /** The way to the mistake, `[0].credentials.env`; empty for the file as a whole. */
  readonly path: string;
  readonly reason: string;
}

/** What a configuration file says, or everything that is wrong with it. */
export type FileResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** A step on the way into a YAML document: a key or an index. */
export type YamlPath = readonly PropertyKey[];

/** A YAML text that was well-formed, with the way back from a path to its line. */
export interface YamlFile {
  readonly file: string;
  /** Plain data; `null` for an empty text. */
  readonly content: unknown;
  /** The line of the key or item at the path, counted from 1; `undefined` if there is none. */
  lineOf(path: YamlPath): number | undefined;
}

/**
 * Reads one YAML 1.2 document. Pure.
 *
 * *Bounds*: at most 100 alias expansions, so that a small text cannot become a large value.
 */
export function readYaml(file: string, text: string): FileResult<YamlFile> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const flaws = [...document.errors, ...document.warnings];
  if (flaws.length > 0) {
    return {
      ok: false,
      problems: flaws.map((flaw) => ({
        file,
        line: lines.linePos(flaw.pos[0]).line,
        path: '',
        // Some of the library's messages end with the text that was found there, which may be a secret.
        reason: `this is not valid YAML (${flaw.code}): ${flaw.message.replace(/: ".*$/s, '')}`,
      })),
    };
  }
  const root = document.contents;
  try {
    return {
      ok: true,
      value: {
        file,
        content: document.toJS({ maxAliasCount: 100 }),
        lineOf: (path) => {
          const offset = offsetOf(root, path);
          return offset === undefined ? undefined : lines.linePos(offset).line;
        },
      },
    };
  } catch {
    // The library throws for what it finds only when aliases are resolved: an unknown anchor, or too many expansions.
    const reason = 'an alias (*name) refers to an unknown anchor, or there are more than 100 expansions';
    return { ok: false, problems: [{ file, line: 1, path: '', reason }] };
  }
}

/**
 * Checks a YAML file against a schema; every issue becomes a problem with its line, unknown keys one by one.
 *
 * @param content what to check, if it is not the file's content as it is;
 * @param placed then says where in the file a checked path stands.
 */
export function checkYaml<T>(
  yaml: YamlFile,
  schema: z.ZodType<T>,
  content: unknown = yaml.content,
  placed: (path: YamlPath) => YamlPath = (path) => path,
): FileResult<T> {
  const parsed = schema.safeParse(content, { error: sayMissing });
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => problemAt(yaml, placed([...issue.path, key]), 'no such setting exists here'))
      : [problemAt(yaml, placed(issue.path), issue.message)],
  );
  return { ok: false, problems };
}

/** The library's own text for an absent key is about types; a person wants to know that it is not there. */
const sayMissing: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'invalid_type' && issue.input === undefined ? 'is missing' : undefined;

/** A problem at a path; a path that does not exist is placed at the nearest thing around it. */
export function problemAt(yaml: YamlFile, path: YamlPath, reason: string): FileProblem {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const line = yaml.lineOf(path.slice(0, depth));
    if (line !== undefined) return { file: yaml.file, line, path: pathText(path), reason };
  }
  return { file: yaml.file, line: yaml.lineOf([]) ?? 1, path: pathText(path), reason };
}

/** One line for a person, `file:line: path: reason`, as editors and terminals link it. */
export function describeProblem(problem: FileProblem): string {
  const at = `${problem.file}:${problem.line}`;
  return problem.path === '' ? `${at}: ${problem.reason}` : `${at}: ${problem.path}: ${problem.reason}`;
}

function pathText(path: YamlPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
    .join('');
}

/** The offset of a map's key or of a list's item: for a value that begins on a later line, people look for its key. */
function offsetOf(root: unknown, path: YamlPath): number | undefined {
  let node: unknown = root;
  let offset = isNode(root) ? startOf(root) : undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === String(step));
      if (pair === undefined) return undefined;
      offset = isNode(pair.key) ? startOf(pair.key) : undefined;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      if (!isNode(node)) return undefined;
      offset = startOf(node);
    } else {
      return undefined;
    }
  }
  return offset;
}

function startOf(node: Node): number | undefined {
  return node.range?.[0];
}
