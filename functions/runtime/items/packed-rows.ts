/**
 * Packs rows of texts into one text, because DynamoDB charges every attribute, map entry and list element apart from its
 * content. Any text may be a part.
 *
 * *Shape*: rows are separated by a line feed, parts by `|`; both, and the backslash, are escaped by a backslash. One empty
 * row and no row at all look alike, so an attribute of no rows is left out of its item.
 */
export function packRows(rows: readonly (readonly string[])[]): string {
  return rows.map((parts) => parts.map(escaped).join(PART)).join(ROW);
}

/** The inverse of {@link packRows}, for at least one row. */
export function unpackRows(packed: string): string[][] {
  if (!packed.includes(ESCAPE)) return packed.split(ROW).map((row) => row.split(PART));
  const rows: string[][] = [[]];
  let part = '';
  for (let index = 0; index < packed.length; index += 1) {
    const character = packed.charAt(index);
    if (character === ESCAPE) {
      index += 1;
      part += packed.charAt(index);
    } else if (character === PART || character === ROW) {
      rows.at(-1)?.push(part);
      part = '';
      if (character === ROW) rows.push([]);
    } else {
      part += character;
    }
  }
  rows.at(-1)?.push(part);
  return rows;
}

const ROW = '\n';
const PART = '|';
const ESCAPE = '\\';

function escaped(part: string): string {
  return /[\n|\\]/.test(part) ? part.replaceAll(/[\n|\\]/g, `${ESCAPE}$&`) : part;
}
