const FROZEN = 'frozen: ';

/** The reason text of a field the loop guard froze; it stays until a person retries the problem. */
export function frozenReason(text: string): string {
  return `${FROZEN}${text}`;
}

/** Whether a held field waits because of the loop guard, not because of its value. */
export function isFrozen(reason: string): boolean {
  return reason.startsWith(FROZEN);
}
