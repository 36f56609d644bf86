import type { ApiError } from '../api-error.ts';
import { errorAt } from './query-error.ts';
import type {
  Comparison,
  Condition,
  Ordering,
  QueryLiteral,
  QueryName,
  Selection,
  SetComparison,
  SoqlQuery,
} from './syntax.ts';
import { type Token, tokenizeQuery } from './tokenize-query.ts';

export type ParsedQuery =
  | { readonly ok: true; readonly query: SoqlQuery }
  | { readonly ok: false; readonly error: ApiError };

/**
 * Parses the part of SOQL that integrations use: fields, one level of parents, child subqueries, `COUNT()`, WHERE with
 * all comparisons, ORDER BY, LIMIT and OFFSET. What it does not know (GROUP BY, functions, date words) is refused as
 * malformed, never ignored.
 * *Bounds*: 100,000 characters; nesting of conditions 50 deep.
 */
export function parseQuery(soql: string): ParsedQuery {
  if (soql.length > queryLengthMax) {
    const message = `SOQL statements cannot be longer than ${queryLengthMax} characters.`;
    return { ok: false, error: { errorCode: 'MALFORMED_QUERY', message } };
  }
  const tokens = tokenizeQuery(soql);
  if (!tokens.ok) return tokens;
  const parser = new Parser(soql, tokens.tokens);
  const query = parser.query(false);
  parser.expectEnd();
  return parser.error === undefined ? { ok: true, query } : { ok: false, error: parser.error };
}

const queryLengthMax = 100_000;
const nestingMax = 50;

/**
 * Recursive descent. The first error is kept and moves the parser to the end of the text, where every production
 * finishes by itself; what is returned after an error means nothing.
 */
class Parser {
  error: ApiError | undefined;
  readonly #soql: string;
  readonly #tokens: readonly Token[];
  #position = 0;
  #nesting = 0;

  constructor(soql: string, tokens: readonly Token[]) {
    this.#soql = soql;
    this.#tokens = tokens;
  }

  query(isSubquery: boolean): SoqlQuery {
    this.#expectWord('SELECT');
    const isCount = !isSubquery && this.#acceptCount();
    const selections = isCount ? [] : this.#list(() => this.#selection(isSubquery));
    this.#expectWord('FROM');
    const from = this.#name();
    const where = this.#acceptWord('WHERE') ? this.#conditions() : undefined;
    const orderings = this.#acceptWords('ORDER', 'BY') ? this.#list(() => this.#ordering()) : [];
    const limit = this.#acceptWord('LIMIT') ? this.#wholeNumber() : undefined;
    const offset = this.#acceptWord('OFFSET') ? this.#wholeNumber() : 0;
    return { selections, isCount, from, where, orderings, limit, offset };
  }

  expectEnd(): void {
    if (this.#current().kind !== 'end') this.#fail();
  }

  #selection(isSubquery: boolean): Selection {
    if (isSubquery || !this.#acceptSymbol('(')) return { kind: 'field', name: this.#name() };
    const query = this.query(true);
    this.#expectSymbol(')');
    return { kind: 'children', query };
  }

  /** `a AND b AND c` or `a OR b OR c`; the language wants parentheses where the two are mixed. */
  #conditions(): Condition {
    const conditions = [this.#condition()];
    const connective = this.#acceptWord('AND') ? 'AND' : this.#acceptWord('OR') ? 'OR' : undefined;
    if (connective === undefined) return first(conditions);
    do conditions.push(this.#condition());
    while (this.#acceptWord(connective));
    return { kind: connective === 'AND' ? 'and' : 'or', conditions };
  }

  #condition(): Condition {
    this.#nesting += 1;
    if (this.#nesting > nestingMax) this.#fail('the condition is nested too deep');
    const condition = this.#conditionWithin();
    this.#nesting -= 1;
    return condition;
  }

  #conditionWithin(): Condition {
    if (this.#acceptWord('NOT')) return { kind: 'not', condition: this.#condition() };
    if (this.#acceptSymbol('(')) {
      const condition = this.#conditions();
      this.#expectSymbol(')');
      return condition;
    }
    const name = this.#name();
    const setComparison = this.#acceptSetComparison();
    if (setComparison !== undefined) {
      this.#expectSymbol('(');
      const literals = this.#list(() => this.#literal());
      this.#expectSymbol(')');
      return { kind: 'set', name, comparison: setComparison, literals };
    }
    return { kind: 'compare', name, comparison: this.#comparison(), literal: this.#literal() };
  }

  #acceptSetComparison(): SetComparison | undefined {
    if (this.#acceptWords('NOT', 'IN')) return 'NOT IN';
    if (this.#acceptWord('IN')) return 'IN';
    if (this.#acceptWord('INCLUDES')) return 'INCLUDES';
    return this.#acceptWord('EXCLUDES') ? 'EXCLUDES' : undefined;
  }

  #comparison(): Comparison {
    if (this.#acceptWord('LIKE')) return 'LIKE';
    const symbol = comparisons.get(this.#current().text);
    if (symbol === undefined || this.#current().kind !== 'symbol') {
      this.#fail();
      return '=';
    }
    this.#position += 1;
    return symbol;
  }

  #literal(): QueryLiteral {
    const token = this.#current();
    if (token.kind === 'literal') {
      this.#position += 1;
      return token.literal;
    }
    if (this.#acceptWord('NULL')) return { kind: 'null', at: token.at };
    if (this.#acceptWord('TRUE')) return { kind: 'boolean', value: true, at: token.at };
    if (this.#acceptWord('FALSE')) return { kind: 'boolean', value: false, at: token.at };
    this.#fail();
    return { kind: 'null', at: token.at };
  }

  #ordering(): Ordering {
    const name = this.#name();
    const isDescending = this.#acceptWord('DESC');
    if (!isDescending) this.#acceptWord('ASC');
    const areNullsLast = this.#acceptWord('NULLS') ? this.#expectOneOf('LAST', 'FIRST') === 'LAST' : false;
    return { name, isDescending, areNullsLast };
  }

  #wholeNumber(): number {
    const token = this.#current();
    if (token.kind === 'literal' && token.literal.kind === 'number' && Number.isInteger(token.literal.value)) {
      this.#position += 1;
      if (token.literal.value >= 0) return token.literal.value;
    }
    this.#fail();
    return 0;
  }

  #name(): QueryName {
    const token = this.#current();
    const parts = token.text.split('.');
    const isName = token.kind === 'word' && !parts.includes('') && !reservedWords.has(token.text.toUpperCase());
    if (!isName) this.#fail();
    else this.#position += 1;
    return { parts, at: token.at };
  }

  #acceptCount(): boolean {
    const [word, open, close] = [0, 1, 2].map((ahead) => this.#tokens[this.#position + ahead]?.text ?? '');
    if (word?.toUpperCase() !== 'COUNT' || open !== '(' || close !== ')') return false;
    this.#position += 3;
    return true;
  }

  #list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.#acceptSymbol(',')) items.push(read());
    return items;
  }

  #expectOneOf(...words: readonly string[]): string | undefined {
    const word = words.find((candidate) => this.#acceptWord(candidate));
    if (word === undefined) this.#fail();
    return word;
  }

  #expectWord(word: string): void {
    if (!this.#acceptWord(word)) this.#fail();
  }

  #expectSymbol(symbol: string): void {
    if (!this.#acceptSymbol(symbol)) this.#fail();
  }

  #acceptWords(firstWord: string, secondWord: string): boolean {
    const next = this.#tokens[this.#position + 1];
    if (next?.kind !== 'word' || next.text.toUpperCase() !== secondWord || !this.#acceptWord(firstWord)) return false;
    this.#position += 1;
    return true;
  }

  #acceptWord(word: string): boolean {
    const token = this.#current();
    if (token.kind !== 'word' || token.text.toUpperCase() !== word) return false;
    this.#position += 1;
    return true;
  }

  #acceptSymbol(symbol: string): boolean {
    const token = this.#current();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#position += 1;
    return true;
  }

  #current(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', at: this.#soql.length, text: '<EOF>' };
  }

  #fail(detail?: string): void {
    const token = this.#current();
    this.error ??= errorAt(this.#soql, token.at, 'MALFORMED_QUERY', detail ?? `unexpected token: '${token.text}'`);
    this.#position = this.#tokens.length;
  }
}

const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['=', '='],
  ['!=', '!='],
  ['<>', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

const reservedWords: ReadonlySet<string> = new Set([
  'SELECT',
  'FROM',
  'WHERE',
  'AND',
  'OR',
  'NOT',
  'IN',
  'LIKE',
  'NULL',
  'TRUE',
  'FALSE',
  'ORDER',
  'LIMIT',
  'OFFSET',
]);

function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error('A list of conditions has at least one.');
  return item;
}
