/**
 * A Salesforce id in its 18-character form, or `undefined` when the text is no id.
 *
 * The 15-character form tells records apart by letter case; three more characters say which of the letters are capitals, so
 * that the longer form survives systems without case. An 18-character id whose case got lost is therefore restored.
 * *Source*: https://help.salesforce.com/s/articleView?id=000385008&type=1
 */
export function recordIdOf(text: string): string | undefined {
  if (text.length === 15 && isBase62(text)) return text + suffixOf(text);
  if (text.length !== 18 || !isBase62(text)) return undefined;
  const core = text.slice(0, 15);
  const suffix = text.slice(15).toUpperCase();
  if (suffixOf(core) === suffix) return core + suffix;
  const restored = restoreCase(core, suffix);
  return restored !== undefined && suffixOf(restored) === suffix ? restored + suffix : undefined;
}

const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

function isBase62(text: string): boolean {
  return /^[0-9A-Za-z]+$/.test(text);
}

/** One character for each five: bit n is set when the n-th of them is a capital letter. */
function suffixOf(core: string): string {
  let suffix = '';
  for (let start = 0; start < 15; start += 5) {
    let bits = 0;
    for (let offset = 0; offset < 5; offset += 1) {
      if (isCapital(core.charCodeAt(start + offset))) bits |= 1 << offset;
    }
    suffix += suffixAlphabet.charAt(bits);
  }
  return suffix;
}

function restoreCase(core: string, suffix: string): string | undefined {
  let restored = '';
  for (let index = 0; index < 15; index += 1) {
    const bits = suffixAlphabet.indexOf(suffix.charAt(Math.floor(index / 5)));
    if (bits < 0) return undefined;
    const letter = core.charAt(index);
    restored += (bits >> (index % 5)) & 1 ? letter.toUpperCase() : letter.toLowerCase();
  }
  return restored;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}
