import type { HttpAnswer } from '../../../local/simulators/shared/http-server.ts';

/** Answers kept for one question; older ones are forgotten. */
const KEPT_MAX = 20;
/** A copy is never behind by more than so many times its lag, where nobody asked in between. */
const OLDEST = 3;

/** A copy of a system that is some time behind: it answers a question as the system last answered the same one before that time. */
export class LaggingCopy {
  readonly #answers = new Map<string, { readonly at: number; readonly answer: HttpAnswer }[]>();

  /** Notes what the system itself answered, at true time `at`. */
  note(question: string, at: number, answer: HttpAnswer): void {
    const known = this.#answers.get(question) ?? [];
    this.#answers.set(question, [...known.slice(1 - KEPT_MAX), { at, answer }]);
  }

  /** What the copy says now, or `undefined` where it knows nothing of that. Times in ms. */
  ask(question: string, now: number, behindMs: number): HttpAnswer | undefined {
    const known = this.#answers.get(question) ?? [];
    return known.findLast(({ at }) => at <= now - behindMs && at >= now - OLDEST * behindMs)?.answer;
  }
}
