import { describe, expect, it } from 'vitest';
import type { Budget } from '../../../connectors/kit/connector.ts';
import { forecastSpending, noteSpending, readSpending, type SpendingStore } from '../../../connectors/kit/spending.ts';
import { memoryStore } from '../../../local/memory/memory-store.ts';

const hourMs = 3_600_000;
const midnight = Date.UTC(2026, 10, 27);
const noon = midnight + 12 * hourMs;
const daily: Budget = { name: 'daily', limit: 250_000, windowMs: 86_400_000, resets: 'midnight', source: 'test' };
const { resets: _, ...rolling } = daily;
const options = { cap: undefined, backgroundPercent: 70 };
const quiet = { ...options, ownToday: 0, thisHour: 0, hourBefore: 0, figure: undefined, now: noon };

describe('the forecast of a budget', () => {
  it('counts on at the pace of the last hour until midnight', () => {
    const now = noon + hourMs / 2;
    const known = { ...quiet, ownToday: 41_200, thisHour: 1_000, hourBefore: 2_000, now };

    expect(forecastSpending(daily, known)).toEqual({
      budget: 'daily',
      limit: 250_000,
      window: 'day',
      used: 41_200,
      left: 208_800,
      ownToday: 41_200,
      forecast: 41_200 + 11.5 * 2_000,
      backgroundPercent: 70,
      isTold: false,
    });
  });

  it('believes the vendor, who counts others too, and adds what was spent since', () => {
    const figure = { used: 100_000, limit: 500_000, at: noon - 60_000, spentThen: 30_000 };

    const status = forecastSpending(daily, { ...quiet, ownToday: 30_500, figure });

    expect(status).toMatchObject({ used: 100_500, left: 399_500, limit: 500_000, ownToday: 30_500, isTold: true });
  });

  it('forgets what the vendor told of a day that is over, but not of a rolling one', () => {
    const figure = { used: 9_000, limit: 10_000, at: midnight - 1, spentThen: 8_000 };
    const known = { ...quiet, ownToday: 5, figure, now: midnight + 60_000 };

    expect(forecastSpending(daily, known)).toMatchObject({ used: 5, isTold: false, limit: 10_000 });
    expect(forecastSpending(rolling, known)).toMatchObject({ used: 9_005, isTold: true, window: 'rolling' });
    expect(forecastSpending(rolling, { ...known, now: midnight + 25 * hourMs })).toMatchObject({ isTold: false });
  });

  it('says when nothing will be left, under the administrator’s ceiling', () => {
    const known = { ...quiet, cap: 50_000, ownToday: 45_000, hourBefore: 10_000 };

    expect(forecastSpending(daily, known)).toMatchObject({ limit: 50_000, left: 5_000, spentAt: noon + hourMs / 2 });
    expect(forecastSpending(daily, { ...known, hourBefore: 100 })).not.toHaveProperty('spentAt');
  });
});

describe('the note of what is spent', () => {
  it('of two processes adds up, with the vendor’s newest figure, in few writes', async () => {
    const inner = memoryStore();
    let writes = 0;
    const store: SpendingStore = {
      ...inner,
      count: (...all) => {
        writes += 1;
        return inner.count(...all);
      },
    };
    let now = noon;
    const notes = [noteSpending('c#daily', store, () => now), noteSpending('c#daily', store, () => now)];
    notes[1]?.told(7_000, 10_000);
    for (let call = 0; call < 1_000; call++) {
      now += 100;
      notes[call % 2]?.spent();
      await notes[call % 2]?.write();
    }
    now += 30_000;
    for (const note of notes) {
      note.spent();
      await note.write();
    }
    const noted = writes;

    const status = await readSpending('c', daily, options, store, now);

    expect(status).toMatchObject({ ownToday: 1_002, limit: 10_000, isTold: true, used: 7_000 + 1_002 - 1 - 1 });
    expect(noted).toBeLessThan(25);
  });

  it('never stops a call, and makes up for what it could not write', async () => {
    const inner = memoryStore();
    let isDown = true;
    let now = noon;
    const store: SpendingStore = {
      ...inner,
      count: (...all) => (isDown ? Promise.reject(new Error('down')) : inner.count(...all)),
    };
    const note = noteSpending('c#daily', store, () => now);
    note.spent();
    await note.write();
    isDown = false;
    now += 60_000;
    note.spent();
    await note.write();

    expect((await readSpending('c', daily, options, store, now)).ownToday).toBe(2);
  });
});
