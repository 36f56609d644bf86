import type { Origin, SourceElement } from '../model/source-record.ts';

/**
 * The story of a set's elements after the set was seen again: what is new came in, what is missing went out, at `at` and
 * with `origin`; everything else keeps its story. An element found absent at first sight has no story at all.
 */
export function absorbElements(
  stored: Readonly<Record<string, SourceElement>>,
  present: readonly string[],
  at: number,
  origin: Origin,
): Readonly<Record<string, SourceElement>> {
  const elements: Record<string, SourceElement> = { ...stored };
  for (const element of present) {
    if (stored[element]?.isPresent !== true) elements[element] = { isPresent: true, at, origin };
  }
  for (const [element, story] of Object.entries(stored)) {
    if (story.isPresent && !present.includes(element)) elements[element] = { isPresent: false, at, origin };
  }
  return elements;
}
