import type { Kind } from '../../../domain/model/kind.ts';

/** The kinds that people keep in CRMs, by hand. */
export const PEOPLE_KINDS = ['partner', 'contact', 'deal', 'lead'] as const satisfies readonly Kind[];

/** One of {@link PEOPLE_KINDS}. */
export type PeopleKind = (typeof PEOPLE_KINDS)[number];

/** Narrows a kind to one that people keep. */
export function isPeopleKind(text: string): text is PeopleKind {
  return (PEOPLE_KINDS as readonly string[]).includes(text);
}
