/** How many writers contend for one item in the races. */
export const CONTENDERS = 50;

let last = 0;

/** An id no other test of this process uses; ids made later sort later, as ULIDs do. */
export function freshId(): string {
  last += 1;
  return `01J9Z3Q2W8V7T6R5P4N3M${String(last).padStart(5, '0')}`;
}

/** Lets all contenders write at the same time and answers what each was told. */
export function contend<T>(write: (contender: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: CONTENDERS }, (_, contender) => write(contender)));
}

/** How many were told that they had written. */
export function winners(answers: readonly boolean[]): number {
  return answers.filter(Boolean).length;
}
