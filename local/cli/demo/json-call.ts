const ANSWER_MS_MAX = 20_000;

/** Calls a JSON API; a refusal throws with the status and the body, since nobody in the demo expects one. */
export async function jsonCall<T>(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
  // The caller names the part of the vendor's answer it reads.
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
