import type { Hono } from 'hono';
import * as z from 'zod';
import { canonicalDecimal } from '../../domain/mapping/canonical/decimal.ts';
import type { ApiContext } from './hub-api.ts';
import { body } from './request-parts.ts';

const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a currency of three capitals');

const rate = z
  .string()
  .refine(
    (text) => canonicalDecimal(text) === text && !text.startsWith('-') && text !== '0',
    'must be a decimal above 0',
  );

const ratesBody = z.object({
  days: z
    .array(z.object({ day: z.iso.date(), base: currency, rates: z.record(currency, rate) }))
    .min(1)
    .max(500),
});

/** Exchange rates are brought by whoever has them; rates kept of the same days are replaced. */
export function rateRoutes(api: Hono, { runtime }: ApiContext): void {
  api.post('/rates', async (http) => {
    const { hub } = await runtime();
    const { days } = await body(http, ratesBody);
    await hub.store.putRates(days);
    return http.json({ days: days.length, reportingCurrency: hub.reportingCurrency ?? null });
  });
}
