import type { ApiError } from '../api-error.ts';
import { isDate, parseInstant } from '../instants.ts';
import { errorAt } from './query-error.ts';
import type { QueryLiteral } from './syntax.ts';

/** One token. `word` is a keyword or a name, dots included; `text` is as written. */
export type Token = { readonly at: number; readonly text: string } & (
  | { readonly kind: 'word' | 'symbol' | 'end' }
  | { readonly kind: 'literal'; readonly literal: QueryLiteral }
);

export type Tokens =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly error: ApiError };

/** Splits a query into tokens; the last one is always `end`. */
export function tokenizeQuery(soql: string): Tokens {
  const tokens: Token[] = [];
  for (let at = 0; at < soql.length; ) {
    if (isSpace(soql.charAt(at))) {
      at += 1;
      continue;
    }
    const token = readToken(soql, at);
    if (token === undefined) return { ok: false, error: unexpected(soql, at) };
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', at: soql.length, text: '<EOF>' });
  return { ok: true, tokens };
}

function readToken(soql: string, at: number): Token | undefined {
  const first = soql.charAt(at);
  if (isLetter(first)) return { kind: 'word', at, text: takeWhile(soql, at, isWordCharacter) };
  if (first === "'") return readString(soql, at);
  if (isDigit(first) || ((first === '-' || first === '+') && isDigit(soql.charAt(at + 1))))
    return readNumeric(soql, at);
  const two = soql.slice(at, at + 2);
  if (twoCharacterSymbols.has(two)) return { kind: 'symbol', at, text: two };
  return oneCharacterSymbols.has(first) ? { kind: 'symbol', at, text: first } : undefined;
}

const twoCharacterSymbols: ReadonlySet<string> = new Set(['!=', '<>', '<=', '>=']);
const oneCharacterSymbols: ReadonlySet<string> = new Set(['(', ')', ',', '=', '<', '>']);

/** A string ends at the first quote that no backslash stands before. */
function readString(soql: string, at: number): Token | undefined {
  for (let end = at + 1; end < soql.length; end += 1) {
    const character = soql.charAt(end);
    if (character === '\\') end += 1;
    else if (character === "'") {
      const text = soql.slice(at, end + 1);
      return { kind: 'literal', at, text, literal: { kind: 'string', at, raw: text.slice(1, -1) } };
    }
  }
  return undefined;
}

/** Numbers, dates and instants all begin with a digit or a sign; what was read decides which it is. */
function readNumeric(soql: string, at: number): Token | undefined {
  const text = soql.charAt(at) + takeWhile(soql, at + 1, isNumericCharacter);
  const literal = numericLiteral(text, at);
  return literal === undefined ? undefined : { kind: 'literal', at, text, literal };
}

function numericLiteral(text: string, at: number): QueryLiteral | undefined {
  if (isDate(text)) return { kind: 'date', at, value: text };
  const epochMs = parseInstant(text);
  if (epochMs !== undefined) return { kind: 'datetime', at, epochMs };
  const isNumber = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
  return isNumber ? { kind: 'number', at, value: Number(text) } : undefined;
}

function unexpected(soql: string, at: number): ApiError {
  const rest = takeWhile(soql, at, (character) => !isSpace(character)).slice(0, 30);
  return errorAt(soql, at, 'MALFORMED_QUERY', `unexpected token: '${rest}'`);
}

function takeWhile(text: string, start: number, belongs: (character: string) => boolean): string {
  let end = start;
  while (end < text.length && belongs(text.charAt(end))) end += 1;
  return text.slice(start, end);
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function isLetter(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

function isWordCharacter(character: string): boolean {
  return isLetter(character) || isDigit(character) || character === '_' || character === '.';
}

function isNumericCharacter(character: string): boolean {
  return isWordCharacter(character) || character === ':' || character === '-' || character === '+';
}
