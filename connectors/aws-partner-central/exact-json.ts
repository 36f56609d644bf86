import type { PartnerCentralSellingClient } from '@aws-sdk/client-partnercentral-selling';

/**
 * Makes a client send requests and hand over answers as the JSON they are, past the SDK's own (de)serialisation.
 *
 * The SDK turns timestamps into `Date`, which keeps milliseconds, while AWS stamps with up to nine digits and wants the very stamp
 * back as a lock; and it drops members its model does not know yet, which a full update would then null. With this, an input's
 * members are what is sent, and an answer's are what came. Signing, endpoints, transport and the errors' classes stay the SDK's.
 *
 * ```
 *  initialize ─▶ serialize ─▶ build: the body is the input ─▶ sign ─▶ send ─▶ deserialize: the text is kept, the SDK gets {}
 *      ▲                                                                                  │
 *      └──────────────────────────── the answer is the parsed text ◀──────────────────────┘
 * ```
 *
 * *Faults*: an answer of success that is no JSON object throws a `SyntaxError`.
 */
export function passExactJson(client: PartnerCentralSellingClient): void {
  // By the context of the call: the one thing that both ends of the stack share.
  const answers = new WeakMap<object, string>();
  const { middlewareStack, config } = client;

  middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const text = answers.get(context);
      if (text === undefined) return result;
      return { ...result, output: { ...objectOf(text), $metadata: result.output.$metadata } };
    },
    { step: 'initialize', priority: 'high', name: 'exactAnswer' },
  );

  middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body?: unknown };
      request.body = JSON.stringify(args.input);
      return next(args);
    },
    // Before the length is counted and the body is signed.
    { step: 'build', priority: 'high', name: 'exactRequest' },
  );

  middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const response = result.response as { readonly statusCode: number; body?: unknown };
      if (response.statusCode >= 300) return result;
      const bytes = await config.streamCollector(response.body);
      answers.set(context, new TextDecoder().decode(bytes));
      response.body = new TextEncoder().encode('{}');
      return result;
    },
    // Closest to the wire, so that the SDK's deserialiser comes after it on the way back.
    { step: 'deserialize', priority: 'low', name: 'exactText' },
  );
}

function objectOf(text: string): object {
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) throw new SyntaxError('The answer is no JSON object.');
  return parsed;
}
