/**
 * An answer of HubSpot's that is no success, or a success that cannot be read.
 *
 * Carries what classification needs and nothing else. The message never holds the body: HubSpot repeats submitted values in
 * its texts, and messages end up in logs.
 */
export class HubspotAnswerError extends Error {
  override readonly name = 'HubspotAnswerError';
  readonly status: number;
  /** Parsed JSON; `undefined` when the body was none. */
  readonly body: unknown;
  /** The `Retry-After` header as it came. */
  readonly retryAfter: string | undefined;

  constructor(status: number, body: unknown, retryAfter?: string | null) {
    super(`HubSpot answered ${status}.`);
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter ?? undefined;
  }
}
