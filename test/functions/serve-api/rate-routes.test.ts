import { describe, expect, test } from 'vitest';
import { moneyHub, ratesOf } from '../../support/tiny-money.ts';
import { servedHub } from './served-hub.ts';

describe('rates brought to the hub', () => {
  test('are kept, and the reporting currency is told', async () => {
    const small = await moneyHub();
    const { post } = await servedHub(small);

    expect(await post('/rates', { days: [ratesOf('2026-05-28'), ratesOf('2026-05-29', {})] })).toEqual({
      status: 200,
      body: { days: 2, reportingCurrency: 'EUR' },
    });
    expect(await small.store.readRates('2026-05-28', 0)).toEqual(ratesOf('2026-05-28'));
    expect(await small.store.readRates('2026-05-29', 0)).toEqual(ratesOf('2026-05-29', {}));
  });

  test('of a hub without a reporting currency are kept as well', async () => {
    const { post } = await servedHub();

    expect((await post('/rates', { days: [ratesOf('2026-05-28')] })).body).toMatchObject({ reportingCurrency: null });
  });

  test.each([
    ['no day', { days: [] }],
    ['a day that no month has', { days: [ratesOf('2026-02-30')] }],
    ['a rate of nothing', { days: [ratesOf('2026-05-28', { USD: '0' })] }],
    ['a rate below nought', { days: [ratesOf('2026-05-28', { USD: '-1.2' })] }],
    ['a rate not in normal form', { days: [ratesOf('2026-05-28', { USD: '1.20' })] }],
    ['a currency that is none', { days: [ratesOf('2026-05-28', { dollars: '1.2' })] }],
    ['more days than a call takes', { days: Array.from({ length: 501 }, () => ratesOf('2026-05-28')) }],
  ])('are refused as a whole with %s', async (_name, body) => {
    const small = await moneyHub();
    const { post } = await servedHub(small);

    expect((await post('/rates', body)).status).toBe(400);
    expect(await small.store.readRates('2026-05-28', 7)).toBeUndefined();
  });
});
