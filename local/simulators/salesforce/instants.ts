/** An instant as the REST API writes it: `2026-01-02T03:04:05.000+0000`, always UTC, always three decimals. */
export function formatInstant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 23)}+0000`;
}

/** Epoch milliseconds of an ISO 8601 instant with a zone (`Z`, `+00:00` or `+0000`); `undefined` for anything else. */
export function parseInstant(text: string): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(?:Z|([+-]\d{2}):?(\d{2}))$/.exec(text);
  if (parts === null || !isDate(parts[1] ?? '')) return undefined;
  const fraction = (parts[3] ?? '.000').slice(0, 4);
  const zone = parts[4] === undefined ? 'Z' : `${parts[4]}:${parts[5]}`;
  const epochMs = Date.parse(`${parts[1]}T${parts[2]}${fraction}${zone}`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** Whether the text is a day that exists, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const epochMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(epochMs) && formatDate(epochMs) === text;
}

/** The UTC day of an instant, as `YYYY-MM-DD`. */
export function formatDate(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** The instant without its fraction of a second: record stamps have none, which is why many records share one. */
export function wholeSecond(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}
