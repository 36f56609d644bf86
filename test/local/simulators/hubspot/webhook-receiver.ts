import { onTestFinished } from 'vitest';
import { startHttpServer } from '../../../../local/simulators/shared/http-server.ts';

export interface ReceivedPost {
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

export interface WebhookReceiver {
  readonly url: string;
  readonly posts: readonly ReceivedPost[];
  /** All events of all posts, in the order they came. */
  events(): readonly Readonly<Record<string, unknown>>[];
  /** Statuses of the next answers; afterwards 200. */
  answerWith(...statuses: number[]): void;
}

/** A webhook target for one test: keeps what it is sent and answers as told. */
export async function openReceiver(): Promise<WebhookReceiver> {
  const posts: ReceivedPost[] = [];
  const statuses: number[] = [];
  const server = await startHttpServer({
    handle({ target, headers, body }) {
      const text = body.toString('utf8');
      posts.push({ target, headers, body: text, events: JSON.parse(text) });
      return { status: statuses.shift() ?? 200 };
    },
  });
  onTestFinished(() => server.close());
  return {
    url: server.url,
    posts,
    events: () => posts.flatMap(({ events }) => events),
    answerWith: (...next) => {
      statuses.push(...next);
    },
  };
}
