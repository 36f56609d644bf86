import { describe, expect, test, vi } from 'vitest';
import { backfill } from '../../../local/cli/backfill.ts';
import { Raw, statusOf, statusPage, useTerminal } from './hub-double.ts';

// Polling waits a second between two looks; here the answers do not take their time.
vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const { lines, serve, calls, called } = useTerminal();

describe('hub backfill', () => {
  const now = new Date().toISOString();
  const company = (seen: number, finished: boolean, backfilled: boolean, startedAt = now): object => ({
    company: { kind: 'partner', backfilled, sweeps: { backfill: { seen, finished, startedAt } } },
  });
  const page = (objects: object): object => statusPage([statusOf({ objects }), statusOf({ id: 'sf', objects: {} })]);

  test('shows progress until everything was read and taken in', async () => {
    const options = await serve({
      'GET /api/status': [
        page(company(0, false, false)),
        page(company(200, false, false)),
        page(company(200, false, false)),
        page(company(350, true, false)),
        page(company(350, true, true)),
      ],
      'POST /api/connections/hubspot/backfill': [{ backfilling: ['company'] }],
    });

    await backfill('hubspot', options);

    expect(lines).toEqual([
      'hubspot company 200 …',
      'hubspot company 350 read',
      'Everything has been read and taken in.',
    ]);
    expect(calls().filter(({ what }) => what.startsWith('POST'))).toMatchObject([{ body: {} }]);
  });

  test('is not content with an earlier one', async () => {
    const earlier = new Date(Date.now() - 3_600_000).toISOString();
    const options = await serve({
      'GET /api/status': [
        page(company(350, true, true, earlier)),
        page(company(350, true, true, earlier)),
        page(company(351, true, true)),
      ],
      'POST /api/connections/hubspot/backfill': [{ backfilling: ['company'] }],
    });

    await backfill('hubspot', options);

    expect(lines.slice(0, 2)).toEqual(['hubspot company 350 …', 'hubspot company 351 read']);
  });

  test('is of every connection unless one is named, and of one object if that is named', async () => {
    const options = await serve({
      'GET /api/status': [page({}), page(company(1, true, true))],
      'POST /api/connections/hubspot/backfill': [{ backfilling: ['company'] }],
      'POST /api/connections/sf/backfill': [{ backfilling: [] }],
    });

    await backfill(undefined, { ...options, object: 'company' });

    const asked = calls().filter(({ what }) => what.startsWith('POST'));
    expect(asked.map(({ what }) => what)).toEqual([
      'POST /api/connections/hubspot/backfill',
      'POST /api/connections/sf/backfill',
    ]);
    expect(asked.map(({ body }) => body)).toEqual([{ objects: ['company'] }, { objects: ['company'] }]);
  });

  const isPaused = new Raw(409, '{"error":"sf is paused; npx hub resume sf first."}');

  test('of a paused connection says how to resume it, and waits for nothing', async () => {
    const options = await serve({
      'GET /api/status': [page({})],
      'POST /api/connections/sf/backfill': [isPaused],
    });

    await expect(backfill('sf', options)).rejects.toThrow('sf is paused; npx hub resume sf first.');
    expect(called()).toEqual(['GET /api/status', 'POST /api/connections/sf/backfill']);
  });

  test('of all reads those that are not paused, and names those that are', async () => {
    const options = await serve({
      'GET /api/status': [page({}), page(company(1, true, true))],
      'POST /api/connections/hubspot/backfill': [{ backfilling: ['company'] }],
      'POST /api/connections/sf/backfill': [isPaused],
    });

    await backfill(undefined, options);

    expect(lines).toEqual([
      'sf is paused; npx hub resume sf first.',
      'hubspot company 1 read',
      'Everything else has been read and taken in.',
    ]);
  });

  test('ends when its connection is paused meanwhile, and not at a state told late', async () => {
    const paused = statusPage([statusOf({ state: 'paused', objects: company(1, false, false) })]);
    const open = page(company(1, false, false));
    const routes = { 'POST /api/connections/hubspot/backfill': [{ backfilling: ['company'] }] };
    const told = [open, paused, paused, paused, open, page(company(2, true, true))];

    await backfill('hubspot', await serve({ ...routes, 'GET /api/status': told }));
    expect(lines.at(-1)).toBe('Everything has been read and taken in.');

    await expect(backfill('hubspot', await serve({ ...routes, 'GET /api/status': [open, paused] }))).rejects.toThrow(
      'hubspot is paused, and its backfill waits; npx hub resume hubspot first.',
    );
  });

  test('of a connection that is not there says so and asks for nothing', async () => {
    const options = await serve({ 'GET /api/status': [page({})] });

    await expect(backfill('pipedrive', options)).rejects.toThrow(
      'There is no connection pipedrive; there are hubspot, sf.',
    );
    expect(called()).toEqual(['GET /api/status']);
  });
});
