/**
 * An instant as Salesforce writes it (`2026-05-04T09:00:00.000+0000`) in ms since the epoch, or `undefined` for anything
 * else. The zone comes without a colon, which ISO 8601 parsers need not take.
 */
export function instantOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const epochMs = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
