/** What AWS answered: the JSON with every number as the very text it was sent as, and AWS's own clock. */
export interface ExactAnswer {
  readonly body: unknown;
  /** When AWS answered, by its own clock, ms; whole seconds. Absent where it does not say. */
  readonly answeredAt?: number;
}

/** An SDK command: every one has its own stack of middleware, so what is added to it is added for one sending. */
export interface SentCommand {
  readonly middlewareStack: object;
}

/** The part of an SDK client this needs. */
export interface SendingClient {
  send(command: never, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

interface MiddlewareStack {
  addRelativeTo(
    middleware: (next: Handler) => Handler,
    options: { readonly relation: 'after'; readonly toMiddleware: string; readonly name: string },
  ): void;
}

type Handler = (args: unknown) => Promise<{ readonly response: unknown }>;

interface HttpAnswer {
  body: AsyncIterable<Uint8Array> | Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/**
 * Sends a command and answers AWS's own bytes, parsed without loss.
 *
 * The SDK signs, sends, and turns refusals into exceptions; what it makes of an answer is not used: it reads instants as floating
 * seconds and rounds them to milliseconds, so that the last instant of a day becomes the first of the next. It reads the same bytes
 * as before, since the body is handed on whole.
 *
 * *Bounds*: the body is held in memory twice; AWS's pages are at most some hundred kilobytes. *Faults*: throws what the SDK throws.
 */
export async function sendExactly(
  client: SendingClient,
  command: SentCommand,
  signal: AbortSignal,
): Promise<ExactAnswer> {
  let text = '';
  let date: string | undefined;
  // The SDK types middleware by each command's input and output; this one looks at neither.
  (command.middlewareStack as MiddlewareStack).addRelativeTo(
    (next) => async (args) => {
      const result = await next(args);
      // The handler's answer; the SDK's types call it unknown.
      const answer = result.response as HttpAnswer;
      const bytes = await bytesOf(answer.body);
      answer.body = bytes;
      text = new TextDecoder().decode(bytes);
      date = answer.headers.date;
      return result;
    },
    { relation: 'after', toMiddleware: 'deserializerMiddleware', name: 'keepAnswer' },
  );
  // A client takes commands of its own service only, which is for its two callers to see to.
  await client.send(command as never, { abortSignal: signal });
  const answeredAt = date === undefined ? Number.NaN : Date.parse(date);
  return { body: parseExactly(text), ...(Number.isNaN(answeredAt) ? {} : { answeredAt }) };
}

/** JSON with every number as its source text; `undefined` for an empty body. Throws what `JSON.parse` throws. */
function parseExactly(text: string): unknown {
  return text.trim() === ''
    ? undefined
    : parseWithSource(text, (_, value, { source }) => (typeof value === 'number' ? source : value));
}

/** The language tells the source text of a number; the type library does not know it yet. */
const parseWithSource = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source: string }) => unknown,
) => unknown;

async function bytesOf(body: HttpAnswer['body']): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
