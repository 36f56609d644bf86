/** A request that cannot be answered as asked; the message goes to the caller. Thrown, because Hono turns errors into answers. */
export class ApiFault extends Error {
  readonly status: 400 | 404 | 409 | 502;

  constructor(status: 400 | 404 | 409 | 502, message: string) {
    super(message);
    this.status = status;
  }
}
