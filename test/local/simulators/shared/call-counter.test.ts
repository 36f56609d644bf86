import { expect, test } from 'vitest';
import { CallCounter } from '../../../../local/simulators/shared/call-counter.ts';

test('calls are counted by route and status, records by route, and the sums agree', () => {
  const counter = new CallCounter();

  counter.count('POST /b', 200, 100);
  counter.count('POST /b', 'cut', 50);
  counter.count('GET /a', 429);
  counter.count('GET /a', 429);

  expect(counter.statistics()).toEqual({
    calls: 4,
    records: 150,
    byStatus: { 200: 1, cut: 1, 429: 2 },
    byRoute: {
      'GET /a': { calls: 2, records: 0, byStatus: { 429: 2 } },
      'POST /b': { calls: 2, records: 150, byStatus: { 200: 1, cut: 1 } },
    },
  });
  counter.reset();
  expect(counter.statistics()).toEqual({ calls: 0, records: 0, byStatus: {}, byRoute: {} });
});
