import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/connector.ts';
import { type HttpRequest, jsonResponse } from '../../../local/simulators/shared/http-server.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { drain, type ServedConnection, serveStage } from '../contract/served-connection.ts';
import { type SalesforceStage, startSalesforceStage } from './salesforce-stage.ts';
import { startStubOrg } from './stub-org.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let clock: StepClock;
let stage: SalesforceStage;
let served: ServedConnection;

beforeEach(async () => {
  clock = stepClock();
  stage = await startSalesforceStage(clock, 'Opportunity');
  served = serveStage(salesforce, stage, clock);
});
afterEach(() => stage.close());

const deals = (count: number): Promise<readonly string[]> =>
  stage.create(
    Array.from({ length: count }, (_, index) => ({
      Name: `D${index}`,
      StageName: 'Prospecting',
      CloseDate: '2026-12-31',
    })),
  );
const sweep = async (mode: 'changes' | 'deletions', position: unknown, connectedAt: number) => {
  const pages = await drain(served.port, 'Opportunity', mode, { position, connectedAt });
  return { ids: pages.flatMap((page) => page.ids), position: pages.at(-1)?.position, pages: pages.length };
};

describe('sweeping opportunities', () => {
  it('finds those whose contact roles were added, changed or taken away', async () => {
    const [added = '', removed = '', quiet = ''] = await deals(3);
    const [contact = ''] = stage.simulator.seed([{ object: 'Contact', values: { LastName: 'C' } }]);
    const [role = ''] = stage.simulator.seed([
      { object: 'OpportunityContactRole', values: { OpportunityId: removed, ContactId: contact } },
    ]);
    const connectedAt = clock.now();
    clock.advance(hourMs);
    const first = await sweep('changes', undefined, connectedAt);
    clock.advance(hourMs);
    stage.simulator.seed([{ object: 'OpportunityContactRole', values: { OpportunityId: added, ContactId: contact } }]);
    stage.simulator.seed([{ object: 'OpportunityContactRole', values: { Id: role, IsDeleted: true } }]);
    clock.advance(60_000);

    const second = await sweep('changes', first.position, connectedAt);

    expect([...second.ids].toSorted()).toEqual([added, removed].toSorted());
    expect(second.ids).not.toContain(quiet);
  });

  it('goes on in an org that knows no partners of opportunities', async () => {
    const stub = await startStubOrg((request) =>
      request.query.get('q')?.includes('OpportunityPartner') === true
        ? jsonResponse(400, [{ errorCode: 'INVALID_TYPE', message: '' }])
        : jsonResponse(200, { done: true, records: [] }),
    );

    const pages = await drain(serveStage(salesforce, stub, clock).port, 'Opportunity', 'changes', {
      position: undefined,
      connectedAt: clock.now(),
    });
    await stub.close();

    expect(pages.map(({ hasMore }) => hasMore)).toEqual([true, true, false]);
  });

  it('begins again from the connection’s beginning when it cannot read its own position', async () => {
    const ids = await deals(3);
    const connectedAt = clock.now();

    for (const position of ['nonsense', 42, { since: 'x' }, { version: 9 }]) {
      expect([...(await sweep('changes', position, connectedAt)).ids].toSorted()).toEqual([...ids].toSorted());
    }
  });

  it('tells of a change once, although several passes read it', async () => {
    const connectedAt = clock.now();
    const [early = ''] = await deals(1);
    clock.advance(2_000);
    const [late = ''] = await deals(1);
    const first = await sweep('changes', undefined, connectedAt);
    clock.advance(60_000);
    const second = await sweep('changes', first.position, connectedAt);
    clock.advance(60_000);
    const third = await sweep('changes', second.position, connectedAt);

    expect(first.ids).toEqual([early, late]);
    // Nothing shows that the second of the later one was over when it was first read.
    expect(second.ids).toEqual([late]);
    expect(third.ids).toEqual([]);
  });

  it('tells of a second change in the second that was just read', async () => {
    const connectedAt = clock.now();
    const [deal = ''] = await deals(1);
    const first = await sweep('changes', undefined, connectedAt);
    stage.simulator.seed([{ object: 'Opportunity', values: { Id: deal, NextStep: 'call' } }]);
    clock.advance(120_000);
    await deals(1);
    const second = await sweep('changes', first.position, connectedAt);
    clock.advance(60_000);
    const third = await sweep('changes', second.position, connectedAt);

    expect(second.ids).toContain(deal);
    expect(third.ids).not.toContain(deal);
  });

  it('tells at once of a record that changes again within the overlap', async () => {
    const connectedAt = clock.now();
    const [deal = '', quiet = ''] = await deals(2);
    const first = await sweep('changes', undefined, connectedAt);
    clock.advance(60_000);
    stage.simulator.seed([{ object: 'Opportunity', values: { Id: deal, NextStep: 'call' } }]);
    const second = await sweep('changes', first.position, connectedAt);

    expect(first.ids).toContain(quiet);
    expect(second.ids).toContain(deal);
  });
});

describe('a walk', () => {
  it('of few records is one page and one call', async () => {
    const ids = await deals(3);

    const pages = await drain(served.port, 'Opportunity', 'walk', { position: undefined, connectedAt: 0 });

    expect(pages).toEqual([{ ids, position: null, hasMore: false }]);
    expect(served.log.filter((line) => line.step === 'vendor-call')).toHaveLength(1);
  });
});

describe('sweeping deletions', () => {
  it('tells more than a page of one second in several pages, each once', async () => {
    const ids = await deals(4_500);
    const connectedAt = clock.now();
    clock.advance(hourMs);
    for (const id of ids) await stage.remove(id);
    clock.advance(60_000);

    const found = await sweep('deletions', undefined, connectedAt);

    expect(found.pages).toBe(3);
    expect(found.ids).toHaveLength(4_500);
    expect(new Set(found.ids)).toEqual(new Set(ids));
  });

  it('asks for no more than the log holds after a long pause, and goes on', async () => {
    const [old = '', recent = ''] = await deals(2);
    const connectedAt = clock.now();
    await stage.remove(old);
    clock.advance(20 * dayMs);
    await stage.remove(recent);
    clock.advance(hourMs);

    const first = await sweep('deletions', undefined, connectedAt);
    clock.advance(hourMs);
    const second = await sweep('deletions', first.position, connectedAt);

    expect(first.ids).toEqual([recent]);
    expect(second.ids).toEqual([]);
  });

  it('asks nobody twice within a minute', async () => {
    await deals(1);
    const calls = (): number => served.log.filter((line) => line.step === 'vendor-call').length;
    const position = { since: clock.now() - 30_000 };

    const page = await served.port.changes('Opportunity', 'deletions', position, 0);

    expect(page).toEqual({ ok: true, value: { ids: [], position, hasMore: false } });
    expect(calls()).toBe(0);
  });

  it('halves a window that holds more ids than Salesforce tells at once', async () => {
    const windowsMax = 6 * hourMs;
    const asked: number[] = [];
    const stub = await startStubOrg((request: HttpRequest) => {
      const start = Date.parse(request.query.get('start') ?? '');
      const end = Date.parse(request.query.get('end') ?? '');
      asked.push(end - start);
      if (end - start > windowsMax) return jsonResponse(400, [{ errorCode: 'EXCEEDED_ID_LIMIT', message: '' }]);
      const deletedDate = new Date(start).toISOString().replace('Z', '+0000');
      return jsonResponse(200, {
        deletedRecords: [{ id: '006Tb0000000001', deletedDate }],
        latestDateCovered: new Date(end).toISOString().replace('Z', '+0000'),
      });
    });
    const { port } = serveStage(salesforce, stub, clock);

    const pages = await drain(port, 'Opportunity', 'deletions', {
      position: undefined,
      connectedAt: clock.now() - dayMs,
    });
    await stub.close();

    expect(pages.length).toBeGreaterThan(3);
    expect(asked.filter((span) => span <= windowsMax).reduce((sum, span) => sum + span, 0)).toBeGreaterThanOrEqual(
      dayMs - 120_000,
    );
    expect(asked.length).toBeLessThan(30);
  });
});
