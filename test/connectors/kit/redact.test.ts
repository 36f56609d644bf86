import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactFault } from '../../../connectors/kit/redact.ts';

describe('redaction', () => {
  it.each([
    ['jane.roe@customer.example is not valid', 'jane.roe'],
    ['mailto:Jane+tag@sub.customer.example>', 'Jane'],
    ['call +49 (170) 123-45 67 now', '123'],
    ['id 12345678901', '12345678901'],
    ['born 1985-03-12', '1985'],
    ['call 2026-11-27 0170 1234567', '0170'],
    ['Authorization: Bearer abc.def-ghi_123', 'abc.def'],
    ['refresh_token=s3cr3tvalue&x=1', 's3cr3t'],
    ['token pat-eu1-0123-4567-89ab', '0123'],
    ['00Dxx0000001gER!AQEAQLongSessionText', 'AQEAQ'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln', 'eyJpc3'],
    ['see https://host.example/path?email=a&key=b', 'key=b'],
    ['value "Jane Roe" is too long', 'Jane'],
    ["value 'Jane Roe' is too long", 'Jane'],
    [`key ${'a1B2'.repeat(12)}`, 'a1B2'],
  ])('takes what is personal or secret out of %j', (text, secret) => {
    expect(redact(text)).not.toContain(secret);
  });

  it('leaves what a person needs to act', () => {
    const text = "REQUIRED_FIELD_MISSING on StageName, CloseDate of 006Tb00000000001AAA; the org's limit is 15000.";

    expect(redact(text)).toBe(text);
  });

  it('leaves days of business, without which a refusal of a date cannot be understood', () => {
    const text = 'The day must be in the future; today is 2026-11-27, and 2026-11-01T10:00:00Z is past.';

    expect(redact(text)).toBe(text);
  });

  it('answers one line of at most 300 characters, whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '1', '@', '\n', '"', "'", ' ', '=', 'ä', '💥'), maxLength: 1_500 }),
        (text) => {
          const clean = redact(text);

          expect(clean.length).toBeLessThanOrEqual(300);
          expect(clean).not.toMatch(/[\r\n]/);
        },
      ),
    );
  });

  it('takes every e-mail address out, wherever it stands', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.constantFrom(' ', ':', '<', '(', '"', '=', ', '), (email, before) => {
        expect(redact(`bad value${before}${email}`)).not.toContain(email);
      }),
    );
  });

  it('is quick on text made to slow it down', () => {
    const startedAt = performance.now();

    redact(`${'1 '.repeat(2_000)}x`);
    redact(`${'a@'.repeat(2_000)}`);
    redact(`'${"' '".repeat(1_300)}`);

    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('keeps the fault as it is but for its message', () => {
    const fault = { kind: 'rejected', code: 'X', message: 'a@b.example', fields: ['Email'] } as const;

    expect(redactFault(fault)).toEqual({ ...fault, message: '<e-mail>' });
  });
});
