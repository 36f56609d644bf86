/** The text a quoted literal stands for, or `undefined` when it holds an escape the language does not know. */
export function decodeText(raw: string): string | undefined {
  const characters = decode(raw);
  return characters?.map(({ character }) => character).join('');
}

/** Tells whether a text fits a LIKE pattern. Case is ignored, as in all text comparisons. */
export type TextMatcher = (text: string) => boolean;

/** Reads a quoted literal as a LIKE pattern: `%` is any text, `_` any character, and either is itself when escaped. */
export function likeMatcher(raw: string): TextMatcher | undefined {
  const pattern = decode(raw.toLowerCase());
  return pattern === undefined ? undefined : (text) => fits(pattern, text.toLowerCase());
}

interface PatternCharacter {
  readonly character: string;
  readonly isEscaped: boolean;
}

/** *Source*: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm */
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  _: '_',
  '%': '%',
};

function decode(raw: string): PatternCharacter[] | undefined {
  const characters: PatternCharacter[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    if (raw.charAt(at) !== '\\') {
      characters.push({ character: raw.charAt(at), isEscaped: false });
      continue;
    }
    at += 1;
    const letter = raw.charAt(at);
    const code = raw.slice(at + 1, at + 5);
    if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(code)) {
      characters.push({ character: String.fromCharCode(Number.parseInt(code, 16)), isEscaped: true });
      at += 4;
      continue;
    }
    const character = escapes[letter] ?? escapes[letter.toLowerCase()];
    if (character === undefined) return undefined;
    characters.push({ character, isEscaped: true });
  }
  return characters;
}

/** Greedy matching with one point to come back to: at most pattern × text steps, whatever the pattern. */
function fits(pattern: readonly PatternCharacter[], text: string): boolean {
  let at = 0;
  let patternAt = 0;
  let retryAt = 0;
  let retryPatternAt = -1;
  while (at < text.length) {
    const wanted = pattern[patternAt];
    if (wanted !== undefined && isWildcard(wanted, '%')) {
      retryPatternAt = patternAt;
      retryAt = at;
      patternAt += 1;
    } else if (wanted !== undefined && (isWildcard(wanted, '_') || wanted.character === text.charAt(at))) {
      patternAt += 1;
      at += 1;
    } else if (retryPatternAt >= 0) {
      retryAt += 1;
      at = retryAt;
      patternAt = retryPatternAt + 1;
    } else return false;
  }
  return pattern.slice(patternAt).every((rest) => isWildcard(rest, '%'));
}

function isWildcard(wanted: PatternCharacter, wildcard: string): boolean {
  return !wanted.isEscaped && wanted.character === wildcard;
}
