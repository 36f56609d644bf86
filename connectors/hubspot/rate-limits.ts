import type { Budget } from '../kit/connector.ts';

const source =
  'https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines (checked November 2026)';

/**
 * HubSpot's limits at their lowest (a private app on the Free and Starter plans); the answers' headers teach the hub the
 * account's own. Searches have a limit of their own, tell no figures, and are not counted in the 10 seconds' one.
 */
export const budgets: readonly Budget[] = [
  { name: 'calls', limit: 100, windowMs: 10_000, source },
  {
    name: 'search',
    limit: 5,
    windowMs: 1_000,
    source: 'https://developers.hubspot.com/docs/api-reference/search/guide (checked November 2026)',
  },
  { name: 'daily', limit: 250_000, windowMs: 86_400_000, resets: 'midnight', source },
];

/** What an ordinary call spends. */
export const callBudgets = ['calls', 'daily'] as const;

/** What a search spends. */
export const searchBudgets = ['search', 'daily'] as const;

/** A budget's state as an answer tells it. */
export interface LimitFigure {
  readonly budget: string;
  readonly used: number;
  readonly limit: number;
}

/**
 * Reads the limit headers of an answer; those of searches and of OAuth apps (daily) are simply not there.
 * *Bounds*: figures that are no whole numbers, or of another window than 10 s, are left out.
 */
export function readLimits(header: (name: string) => string | null): readonly LimitFigure[] {
  const figures: LimitFigure[] = [];
  const intervalMs = wholeNumber(header('x-hubspot-ratelimit-interval-milliseconds'));
  const burst = figure('calls', header('x-hubspot-ratelimit-max'), header('x-hubspot-ratelimit-remaining'));
  if (burst !== undefined && intervalMs === 10_000) figures.push(burst);
  const daily = figure('daily', header('x-hubspot-ratelimit-daily'), header('x-hubspot-ratelimit-daily-remaining'));
  if (daily !== undefined) figures.push(daily);
  return figures;
}

function figure(budget: string, limitText: string | null, remainingText: string | null): LimitFigure | undefined {
  const limit = wholeNumber(limitText);
  const remaining = wholeNumber(remainingText);
  if (limit === undefined || remaining === undefined || limit === 0) return undefined;
  return { budget, used: Math.max(0, limit - remaining), limit };
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
