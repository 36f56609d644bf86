/** What a unified record is about. */
export const KINDS = ['partner', 'contact', 'deal', 'lead', 'invitation'] as const;

/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** Narrows text from outside to a kind. */
export function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text);
}
