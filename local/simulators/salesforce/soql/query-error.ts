import type { ApiError } from '../api-error.ts';

/**
 * An error that points at a place of the query, worded as the API words it: the text around, a caret below, row and
 * column, then what is wrong.
 */
export function errorAt(soql: string, at: number, errorCode: string, detail: string): ApiError {
  const start = Math.max(0, at - contextLength);
  const excerpt = soql.slice(start, at + contextLength).replace(/\s/g, ' ');
  const row = soql.slice(0, at).split('\n').length;
  const column = at - (soql.lastIndexOf('\n', at - 1) + 1) + 1;
  const caret = `${' '.repeat(at - start)}^`;
  return { errorCode, message: `\n${excerpt}\n${caret}\nERROR at Row:${row}:Column:${column}\n${detail}` };
}

const contextLength = 40;
