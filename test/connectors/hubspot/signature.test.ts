import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSignature, type SignedRequest, signedAddress } from '../../../connectors/hubspot/signature.ts';

const secret = 'a-secret-of-the-app';
const now = Date.UTC(2026, 10, 22, 12);

function signed(over: Partial<{ url: string; body: string; timestamp: string; method: string }> = {}): SignedRequest {
  const { url = 'https://hub.example/webhooks/hubspot', body = '[]', timestamp = String(now), method = 'POST' } = over;
  const signature = createHmac('sha256', secret).update(`${method}${url}${body}${timestamp}`).digest('base64');
  return {
    method,
    url,
    headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp },
    body: new TextEncoder().encode(body),
  };
}

describe('the signature of a webhook request', () => {
  it('is taken when it is over exactly these bytes', () => {
    const request = signed({ body: '[{"objectId":1,"propertyValue":"Größe – 株式会社 \\u0000"}]' });

    const verdict = checkSignature(request, secret, now);

    expect(verdict).toEqual({ isGenuine: true, signature: request.headers['x-hubspot-signature-v3'] });
  });

  it('is over the raw bytes, also when they are no text', () => {
    const body = new Uint8Array([0xff, 0x00, 0xc3, 0x28]);
    const timestamp = String(now);
    const hmac = createHmac('sha256', secret).update('POSThttps://hub.example/').update(body).update(timestamp);
    const headers = { 'x-hubspot-signature-v3': hmac.digest('base64'), 'x-hubspot-request-timestamp': timestamp };

    expect(checkSignature({ method: 'POST', url: 'https://hub.example/', headers, body }, secret, now).isGenuine).toBe(
      true,
    );
  });

  it('is refused after any change of method, address, body or timestamp', () => {
    const request = signed();
    const changed: SignedRequest[] = [
      { ...request, method: 'PUT' },
      { ...request, url: `${request.url}?a=1` },
      { ...request, body: new TextEncoder().encode('[ ]') },
      { ...request, headers: { ...request.headers, 'x-hubspot-request-timestamp': String(now + 1) } },
    ];

    for (const each of changed) expect(checkSignature(each, secret, now)).toEqual({ isGenuine: false, code: 'forged' });
  });

  it('is refused with another secret, and with none at all', () => {
    expect(checkSignature(signed(), 'another', now)).toEqual({ isGenuine: false, code: 'forged' });
    expect(checkSignature(signed(), '', now)).toEqual({ isGenuine: false, code: 'no-secret' });
    expect(checkSignature(signed(), undefined, now)).toEqual({ isGenuine: false, code: 'no-secret' });
  });

  it('counts for 5 minutes, and a minute ahead', () => {
    const at = (offsetMs: number) => checkSignature(signed({ timestamp: String(now + offsetMs) }), secret, now);

    expect([at(-300_000), at(60_000)].map(({ isGenuine }) => isGenuine)).toEqual([true, true]);
    expect(at(-300_001)).toEqual({ isGenuine: false, code: 'stale' });
    expect(at(60_001)).toEqual({ isGenuine: false, code: 'ahead' });
  });

  it.each(['', 'NaN', '-1', '1e15', '12.5', ' 1', 'Infinity', '9'.repeat(16)])(
    'is refused when the timestamp is %j, however well it is signed',
    (timestamp) => {
      expect(checkSignature(signed({ timestamp }), secret, now).isGenuine).toBe(false);
    },
  );

  it('is refused when a header is missing', () => {
    const request = signed();
    const without = (name: string) => ({ ...request, headers: { ...request.headers, [name]: undefined } });

    for (const name of Object.keys(request.headers)) {
      expect(checkSignature(without(name), secret, now)).toEqual({ isGenuine: false, code: 'unsigned' });
    }
  });

  it('is known by one spelling, so that a respelt copy is still seen as a replay', () => {
    const request = signed();
    const original = request.headers['x-hubspot-signature-v3'] ?? '';
    const respelt = original.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

    const verdict = checkSignature(
      { ...request, headers: { ...request.headers, 'x-hubspot-signature-v3': respelt } },
      secret,
      now,
    );

    expect(verdict).toEqual({ isGenuine: true, signature: original });
  });

  it('never throws, whatever the header holds', () => {
    fc.assert(
      fc.property(fc.string(), (signature) => {
        const request = signed();
        const headers = { ...request.headers, 'x-hubspot-signature-v3': signature };
        expect(checkSignature({ ...request, headers }, secret, now).isGenuine).toBe(false);
      }),
    );
  });
});

describe('the address as it is signed', () => {
  it('has the twelve escapes decoded and no others', () => {
    const all = '%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B';

    expect(signedAddress(`https://h/p?x=${all}`)).toBe("https://h/p?x=:/?@!$'()*,;");
    expect(signedAddress('https://h/p?x=%20%26%3D%2B%25%23%C3%BC')).toBe('https://h/p?x=%20%26%3D%2B%25%23%C3%BC');
  });

  it('is decoded once, not until nothing is left', () => {
    expect(signedAddress('https://h/?x=%253A%25253A')).toBe('https://h/?x=%253A%25253A');
  });

  it('ends before the fragment', () => {
    expect(signedAddress('https://h/p?x=1#%3A')).toBe('https://h/p?x=1');
  });
});
