/** Makes the ids of everything new, in the forms AWS uses. */
export interface Ids {
  offer(): string;
  agreement(): string;
  changeSet(): string;
  charge(): string;
  invoice(): string;
  cancellation(): string;
  adjustment(): string;
  license(): string;
  /** A version 4 UUID, for requests and events. */
  uuid(): string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Ids from a source of numbers from 0 up to 1; the same numbers give the same ids. */
export function idsFrom(random: () => number): Ids {
  const text = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  const hex = (length: number): string => text('0123456789abcdef', length);
  return {
    offer: () => `offer-${text(LETTERS, 13)}`,
    agreement: () => `agmt-${text(LETTERS, 25)}`,
    changeSet: () => text(LETTERS, 25),
    charge: () => `ch-${text(LETTERS, 20)}`,
    invoice: () => `2${text('0123456789', 9)}`,
    cancellation: () => `acr-${text(LETTERS, 20)}`,
    adjustment: () => `ba-${text(LETTERS, 24)}`,
    license: () => `l-${hex(32)}`,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}
