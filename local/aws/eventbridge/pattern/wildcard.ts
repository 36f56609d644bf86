import { PatternFault } from './pattern-fault.ts';

/**
 * Compiles a pattern in which `*` stands for any characters, also none; `\*` and `\\` stand for themselves.
 *
 * The text is walked once, going back to the last star only, so no pattern can make a match slow. Two stars in a row are
 * not valid at EventBridge.
 */
export function compileWildcard(pattern: string, place: string): (text: string) => boolean {
  const pieces = piecesOf(pattern, place);
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return (text) => text === first;
  const last = rest.pop() ?? '';
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    const end = text.length - last.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, from);
      if (found === -1 || found + piece.length > end) return false;
      from = found + piece.length;
    }
    return from <= end;
  };
}

/** One star, one escaped character, or one other character. */
const TOKEN = /\*|\\(?<escaped>[\s\S]?)|(?<plain>[^*\\]+)/g;

/** The literal texts between the stars. */
function piecesOf(pattern: string, place: string): readonly string[] {
  const pieces = [''];
  let afterStar = false;
  for (const { 0: token, groups } of pattern.matchAll(TOKEN)) {
    if (token === '*') {
      if (afterStar) throw new PatternFault(`consecutive wildcard characters at ${place}`);
      pieces.push('');
    } else {
      pieces[pieces.length - 1] += groups?.plain ?? escaped(groups?.escaped, place);
    }
    afterStar = token === '*';
  }
  return pieces;
}

function escaped(character: string | undefined, place: string): string {
  if (character === '*' || character === '\\') return character;
  throw new PatternFault(`invalid escape character in the wildcard at ${place}`);
}
