/** A piece of SOQL that is safe to put into a query: made by the functions here only. */
export interface Soql {
  readonly text: string;
}

/**
 * Builds a query from a template whose holes are filled safely: text is quoted, numbers and yes/no are written out, lists become
 * `(…)`, and {@link Soql} pieces (names, instants, other parts) go in as they are.
 *
 * *Faults*: throws for what has no place in a query (an empty list, a number that is not finite); that is a mistake in
 * code, because outside text is quoted whatever it holds.
 */
export function soql(parts: TemplateStringsArray, ...holes: readonly SoqlHole[]): Soql {
  return { text: parts.reduce((query, part, index) => `${query}${write(holes[index - 1])}${part}`) };
}

export type SoqlHole = string | number | boolean | null | Soql | readonly string[];

/**
 * The name of an object or field, also across relationships (`Account.Owner.Email`).
 *
 * *Faults*: `undefined` for anything else: a name cannot be quoted in SOQL, so it is checked instead.
 */
export function soqlName(name: string): Soql | undefined {
  return /^[A-Za-z]\w{0,127}(?:\.[A-Za-z]\w{0,127}){0,5}$/.test(name) ? { text: name } : undefined;
}

/** An instant (ms since the epoch, UTC) as SOQL writes it. */
export function soqlInstant(epochMs: number): Soql {
  return { text: new Date(epochMs).toISOString() };
}

/** Several pieces with commas between them. */
export function soqlList(pieces: readonly Soql[]): Soql {
  return { text: pieces.map((piece) => piece.text).join(', ') };
}

/**
 * Text in single quotes.
 *
 * *Source*: the escapes SOQL knows are listed in
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
 */
export function quoteText(text: string): string {
  return `'${text.replaceAll(/[\\'"\n\r\t\b\f]/g, (character) => escapes[character] ?? character)}'`;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

function write(hole: SoqlHole | undefined): string {
  if (hole === null) return 'null';
  switch (typeof hole) {
    case 'string':
      return quoteText(hole);
    case 'boolean':
      return String(hole);
    case 'number':
      if (!Number.isFinite(hole)) throw new RangeError('A query takes finite numbers only.');
      return String(hole);
    case 'object':
      if (isPiece(hole)) return hole.text;
      if (hole.length === 0) throw new RangeError('A list in a query holds at least one value.');
      return `(${hole.map(quoteText).join(',')})`;
    default:
      throw new TypeError('A query has a hole that nothing was put into.');
  }
}

function isPiece(hole: Soql | readonly string[]): hole is Soql {
  return 'text' in hole;
}
