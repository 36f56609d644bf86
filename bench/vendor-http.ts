import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const ANSWER_MS_MAX = 60_000;

/**
 * Ends connections nobody uses. For a bench that keeps this process busy for minutes on end: the server ends them meanwhile, and
 * the next request would be sent into one of them.
 */
export function endIdleConnections(): void {
  agent.destroy();
}

/**
 * One JSON request to a simulated system, over Node's plainest client: what a bench spends on calling must not be taken for what
 * it measures. *Faults*: throws for a refusal, since no bench expects one.
 */
export function vendorHttp<T>(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<T> {
  const text = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      method,
      timeout: ANSWER_MS_MAX,
      headers: {
        ...headers,
        ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': text.length }),
      },
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${url} was not answered`)));
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const content = Buffer.concat(chunks).toString('utf8');
        const status = answer.statusCode ?? 0;
        if (status < 200 || status > 299) reject(new Error(`${method} ${url} answered ${status}: ${content}`));
        // The caller names the part of the vendor's answer it reads.
        else resolve((content === '' ? undefined : JSON.parse(content)) as T);
      });
    });
    sent.end(text);
  });
}
