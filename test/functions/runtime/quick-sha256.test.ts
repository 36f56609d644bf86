import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QuickSha256 } from '../../../functions/runtime/quick-sha256.ts';

test('any data in any pieces has the digest that Node computes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.string(), fc.uint8Array())), async (pieces) => {
      const quick = new QuickSha256();
      for (const piece of pieces) quick.update(piece);

      const expected = createHash('sha256');
      for (const piece of pieces) expected.update(piece);
      expect(hex(await quick.digest())).toBe(expected.digest('hex'));
    }),
  );
});

test('keyed digests are those that Node computes, for texts and bytes, also when a key comes again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string({ minLength: 1 }), fc.uint8Array({ minLength: 1 })),
      fc.string(),
      async (key, data) => {
        const expected = createHmac('sha256', key).update(data).digest('hex');
        for (let time = 0; time < 2; time += 1) {
          const quick = new QuickSha256(key);
          quick.update(data);
          expect(hex(await quick.digest())).toBe(expected);
        }
      },
    ),
  );
});

test('more texts than are remembered are still keys of their own', async () => {
  for (let index = 0; index < 40; index += 1) {
    const quick = new QuickSha256(`secret ${index % 20}`);
    quick.update('data');

    const expected = createHmac('sha256', `secret ${index % 20}`)
      .update('data')
      .digest('hex');
    expect(hex(await quick.digest())).toBe(expected);
  }
});

test('after a reset it is as new', async () => {
  const quick = new QuickSha256();
  quick.update('forgotten');
  quick.reset();

  expect(hex(await quick.digest())).toBe(createHash('sha256').digest('hex'));
});

test("the SDK's signer signs with it as in AWS's published example", async () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html and the test suite it names
  // (get-vanilla), read November 2026. The credentials are AWS's own examples.
  const signer = new SignatureV4({
    service: 'service',
    region: 'us-east-1',
    sha256: QuickSha256,
    applyChecksum: false,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  });
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname: 'example.amazonaws.com',
    path: '/',
    query: {},
    headers: { host: 'example.amazonaws.com' },
  };

  const signed = await signer.sign(request, { signingDate: new Date('2015-08-30T12:36:00Z') });

  expect(signed.headers.authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
      'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  );
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
