import { randomBytes } from 'node:crypto';

/** Access tokens and the users they stand for. They live in memory: after a restart every client signs in again. */
export class Sessions {
  readonly #organizationId: string;
  readonly #userIds = new Map<string, string>();

  constructor(organizationId: string) {
    this.#organizationId = organizationId;
  }

  /** Opens a session. *Shape*: org id with 15 characters, `!`, random text, as real tokens look. */
  open(userId: string): string {
    const token = `${this.#organizationId.slice(0, 15)}!${randomBytes(48).toString('base64url')}`;
    this.#userIds.set(token, userId);
    for (const oldest of this.#userIds.keys()) {
      if (this.#userIds.size <= sessionsMax) break;
      this.#userIds.delete(oldest);
    }
    return token;
  }

  /** The user of a session that is still valid. */
  userOf(token: string): string | undefined {
    return this.#userIds.get(token);
  }

  close(token: string): boolean {
    return this.#userIds.delete(token);
  }

  /** Ends all sessions; answers how many there were. */
  expireAll(): number {
    const count = this.#userIds.size;
    this.#userIds.clear();
    return count;
  }
}

const sessionsMax = 10_000;
