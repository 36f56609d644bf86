const WORDS: ReadonlySet<string> = new Set(
  'na none null nil no unknown tbd tba tbc test pending missing empty notavailable notapplicable keine unbekannt aucun ninguno x xx xxx'.split(
    ' ',
  ),
);

/** Whether an identifier was typed only to fill the field: words like `n/a`, one sign repeated, counting up or down. */
export function isPlaceholder(identifier: string): boolean {
  const bare = identifier.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  if (bare === '' || WORDS.has(bare) || /^(.)\1*$/u.test(bare)) return true;
  return bare.length >= 3 && ('01234567890123456789'.includes(bare) || '98765432109876543210'.includes(bare));
}
