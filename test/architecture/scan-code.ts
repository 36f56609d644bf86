/** A place in a TypeScript file where another module is named. */
export interface ImportSite {
  /** What it is called there; `undefined` when it is worked out at run time. */
  readonly specifier: string | undefined;
  /** `type` leaves no trace at run time; `side-effect` takes nothing but runs the module. */
  readonly how: 'value' | 'type' | 'side-effect' | 'dynamic' | 'require';
  /** The names taken, as the other module calls them: `*` for all of it, `default` for its default export. */
  readonly names: readonly string[];
  /** Counted from 1. */
  readonly line: number;
}

/**
 * Finds every import, re-export, dynamic import and `require` of a file, in the order of the text.
 *
 * Works on the text alone, so that a rule about imports needs no compiler. `import { type A }` counts as a value: as this project
 * is compiled, the import stays when all of its names are types.
 */
export function scanImports(text: string): readonly ImportSite[] {
  const code = maskCode(text);
  const found = [...staticSites(text, code), ...calledSites(text, code)];
  return found.sort((a, b) => a.at - b.at).map(({ at, ...site }) => ({ ...site, line: lineAt(text, at) }));
}

/**
 * The text with everything that is not code blanked: comments, and what stands between quotes, in templates and in regular
 * expressions. Every character keeps its place, line ends and quotes stay, and code inside `${…}` stays code.
 *
 * *Bounds*: a slash after `)` or `}` is read as a division, so a regular expression that begins a statement is taken for code.
 */
export function maskCode(text: string): string {
  return [...piecesOf(text)].map(({ isCode, piece }) => (isCode ? piece : piece.replace(/[^\n]/g, ' '))).join('');
}

/** The line an offset is on, counted from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

interface Piece {
  readonly isCode: boolean;
  readonly piece: string;
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const QUOTED = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/y;
const REGULAR_EXPRESSION = /\/(?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*/y;
const SPACE = /\s+/y;
const WORD = /[\p{ID_Start}$_\d][\p{ID_Continue}$]*/uy;
const HASHBANG = /#![^\n]*/y;

/** After one of these words a slash begins a regular expression; after any other word it divides. */
const BEFORE_EXPRESSION = /^(?:return|typeof|case|in|of|instanceof|void|delete|do|else|yield|await|throw|new|default)$/;

/** Cuts a text into code and the rest. Each step takes at least one character. */
function* piecesOf(text: string): Generator<Piece> {
  /** What each open brace belongs to; a template's text goes on where its own brace closes. */
  const open: ('block' | 'template')[] = [];
  let last = '';
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0] ?? '';
    at += match.length;
    return match;
  };
  const hashbang = take(HASHBANG);
  if (hashbang !== '') yield { isCode: false, piece: hashbang };
  while (at < text.length) {
    const space = take(SPACE);
    if (space !== '') yield { isCode: true, piece: space };
    const comment = take(COMMENT);
    if (comment !== '') yield { isCode: false, piece: comment };
    if (space !== '' || comment !== '') continue;
    const mayBeExpression = last === '' || BEFORE_EXPRESSION.test(last) || /[^\w$)\]}'"`]$/.test(last);
    const literal = take(QUOTED) || (mayBeExpression ? take(REGULAR_EXPRESSION) : '');
    if (literal !== '') {
      const [quote = ''] = literal;
      const closing = literal.lastIndexOf(quote);
      yield { isCode: true, piece: quote };
      yield { isCode: false, piece: literal.slice(1, closing) };
      yield { isCode: true, piece: quote };
      yield { isCode: false, piece: literal.slice(closing + 1) };
      last = quote === '/' ? ')' : quote;
      continue;
    }
    const code = take(WORD) || (text[at++] ?? '');
    yield { isCode: true, piece: code };
    last = code;
    if (code === '{') open.push('block');
    const isTemplate = code === '`' || (code === '}' && open.pop() === 'template');
    if (!isTemplate) continue;
    yield { isCode: false, piece: take(TEMPLATE_TEXT) };
    const end = text.startsWith('${', at) ? '${' : text.slice(at, at + 1);
    at += end.length;
    yield { isCode: true, piece: end };
    last = end;
    if (end === '${') open.push('template');
  }
}

type Found = Omit<ImportSite, 'line'> & { readonly at: number };

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const CLAUSE = String.raw`(?:${NAME}\s*,\s*)?(?:\*(?:\s*as\s+(?:${NAME}|'\s*'|"\s*"))?|\{[^{}]*\}|${NAME})`;
const STATIC = new RegExp(
  String.raw`(?<![.\p{ID_Continue}$#])(?:import|export)(?:\s+(?<type>type)(?=\s*[{*]|\s+(?!from\b)))?\s*(?<clause>${CLAUSE})\s*\bfrom\s*(?<quote>['"]) *\k<quote>`,
  'gu',
);
const SIDE_EFFECT = /(?<![.\p{ID_Continue}$#])import\s*(?<quote>['"]) *\k<quote>/gu;
const CALL =
  /(?<![.\p{ID_Continue}$#])(?<word>import|require)\s*\(\s*(?<literal>(?<quote>['"`]) *\k<quote>(?=\s*[,)]))?/gu;

function* staticSites(text: string, code: string): Generator<Found> {
  for (const match of code.matchAll(STATIC)) {
    const { type, clause = '' } = match.groups ?? {};
    const specifier = textBefore(text, match.index + match[0].length);
    const names = namesIn(text.slice(match.index, match.index + match[0].length), clause);
    yield { specifier, how: type === undefined ? 'value' : 'type', names, at: match.index };
  }
  for (const match of code.matchAll(SIDE_EFFECT)) {
    const specifier = textBefore(text, match.index + match[0].length);
    yield { specifier, how: 'side-effect', names: [], at: match.index };
  }
}

function* calledSites(text: string, code: string): Generator<Found> {
  for (const match of code.matchAll(CALL)) {
    const { word, literal } = match.groups ?? {};
    const specifier = literal === undefined ? undefined : textBefore(text, match.index + match[0].length);
    yield { specifier, how: word === 'import' ? 'dynamic' : 'require', names: [], at: match.index };
  }
}

/** What stands between the quotes that end at `end`. */
function textBefore(text: string, end: number): string {
  const quote = text[end - 1] ?? '';
  return text.slice(text.lastIndexOf(quote, end - 2) + 1, end - 1);
}

function namesIn(statement: string, clause: string): string[] {
  const braces = /\{([^{}]*)\}/.exec(statement)?.[1];
  const named = (braces ?? '')
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .split(',')
    .map((entry) => entry.trim().replace(/^type\s+(?!as\b)/, ''))
    .filter((entry) => entry !== '')
    .map((entry) => (entry.split(/\s+as\s+/)[0] ?? '').replace(/^['"]|['"]$/g, ''));
  const isAll = /(?:^|,)\s*\*/.test(clause);
  const isDefault = /^[^*{]/.test(clause) && statement.startsWith('import');
  return [...(isDefault ? ['default'] : []), ...(isAll ? ['*'] : []), ...named];
}
