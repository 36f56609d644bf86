import { describe, expect, it } from 'vitest';
import type { WebhookReceipt, WebhookRefusal, WebhookRequest } from '../../../connectors/kit/connector.ts';
import type { ContractBench } from './contract-bench.ts';
import type { ContractSubject } from './contract-stage.ts';

/** What every connector promises of webhooks; part of the connector contract. */
export function describeWebhookContract<Api>(subject: ContractSubject<Api>, bench: ContractBench): void {
  const { connector, samples } = subject;
  const { webhook } = connector;
  const sample = samples.webhook;
  if (webhook === undefined || sample === undefined)
    throw new Error('This part of the contract is for systems that call webhooks.');
  const receive = (request: WebhookRequest, now: number): WebhookReceipt | WebhookRefusal => {
    return webhook.receive(request, bench.stage.settings, bench.stage.credentials, now);
  };
  const genuine = async (count: number = 2): Promise<{ request: WebhookRequest; ids: readonly string[] }> => {
    const ids = await bench.stage.create(bench.named(count));
    return { request: await bench.stage.webhook(ids), ids };
  };

  describe('webhooks', () => {
    it('takes a genuine request apart into hints, and answers as the vendor demands', async () => {
      const { request, ids } = await genuine();

      const receipt = receive(request, bench.clock.now());

      expect(receipt).toMatchObject({ response: { status: sample.answer.status } });
      if (!('hints' in receipt)) throw new Error('The request was refused.');
      expect(receipt.hints).toEqual(ids.map((externalId) => ({ object: samples.object, externalId })));
      expect(receipt.response.body).toContain(sample.answer.bodyIncludes);
    });

    it.runIf(sample.isDated)('recognises a replay by the same keys, and another request by others', async () => {
      const first = await genuine();
      bench.clock.advance(1_000);
      const second = await genuine();
      const now = bench.clock.now();

      const keys = [first.request, first.request, second.request].map((request) => {
        const receipt = receive(request, now);
        return 'replayKeys' in receipt ? receipt.replayKeys : [];
      });

      expect(keys[0]?.length).toBeGreaterThan(0);
      expect(keys[1]).toEqual(keys[0]);
      expect(keys[2]?.some((key) => keys[0]?.includes(key))).toBe(false);
    });

    it('refuses a request from somebody without the secret', async () => {
      const { request } = await genuine();

      const refusal = receive(bench.stage.forge(request), bench.clock.now());

      expect(refusal).toMatchObject({ status: 401 });
    });

    it('refuses everything while its own secret is not set', async () => {
      const { request } = await genuine();

      const refusal = webhook.receive(request, bench.stage.settings, {}, bench.clock.now());

      expect(refusal).toMatchObject({ status: 401 });
    });

    it.runIf(sample.isDated)('refuses a stale request', async () => {
      const { request } = await genuine();

      const refusal = receive(request, bench.clock.now() + 10 * 60_000);

      expect(refusal).toMatchObject({ status: 401, code: 'stale' });
    });

    it('takes a request from a clock that is a little ahead', async () => {
      const { request } = await genuine();

      const receipt = receive(request, bench.clock.now() - 20_000);

      expect(receipt).toHaveProperty('hints');
    });

    it('refuses a body longer than it accepts', async () => {
      const { request } = await genuine();
      const body = new Uint8Array(webhook.bodyMax + 1).fill(0x20);

      const refusal = receive({ ...request, body }, bench.clock.now());

      expect(refusal).toMatchObject({ status: 413 });
    });

    it('answers 4xx, and never throws, whatever the bytes are', async () => {
      const { request } = await genuine();
      const bodies = [
        new Uint8Array(0),
        new Uint8Array([0xff, 0xfe, 0x00, 0xc3]),
        new TextEncoder().encode('{"a":'),
        new TextEncoder().encode('<a><b></a>'),
        request.body.slice(0, request.body.length - 10),
      ];

      for (const body of bodies) {
        const refusal = receive({ ...request, body }, bench.clock.now());
        expect([400, 401]).toContain('status' in refusal ? refusal.status : refusal.response.status);
      }
    });
  });
}
