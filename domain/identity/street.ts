import { foldLetters } from './fold-letters.ts';

/** A street address, taken apart as far as that is certain. */
export interface Street {
  /** House number, letters and ranges cut off; empty when there is none. */
  readonly number: string;
  /**
   * The words of the rest, without kinds of street, directions and units: first those of the part between commas that has the
   * number, and of these first what follows it.
   */
  readonly words: readonly string[];
}

/** Kinds of street and what else says little and is written in many ways. */
const NOISE: ReadonlySet<string> = new Set(
  `street st str road rd avenue ave av boulevard blvd lane ln drive dr court ct place pl plaza square sq terrace ter tce
   crescent cres cr circuit cct circle cir parade pde way close cl highway hwy parkway pkwy route rte trail trl alley
   strasse straat gasse weg platz allee ufer damm ring rue chemin quai calle carrer avenida avda plaza paseo via viale
   piazza corso rua ulica ul gatan vagen vej gade katu tie utca
   n s e w north south east west ne nw se sw nord sud est ouest sur norte
   suite ste unit apt apartment floor fl stock etage room rm building bldg block blk box po no nr the of and de la le du
   des del di da der die das am an im in zum zur`
    .trim()
    .split(/\s+/),
);
/** Where the part of a line ends that has the house number. */
const PART_END = /[,;]/;
/** A kind of street that is written together with its name: `hauptstrasse`. */
const ATTACHED = /(?<=\p{L}{3})(?:strasse|str|straat|gasse|weg|platz|allee|gatan|vagen|vej|gade)$/u;

/** Takes a street line apart; both parts are empty for an empty line. */
export function takeStreetApart(text: string): Street {
  const parts = foldLetters(text)
    .replace(/['’`´.]/g, '')
    .split(PART_END)
    .map((part) => part.split(/[^\p{L}\p{N}]+/u).filter((token) => token !== ''));
  const place = parts.findIndex((part) => part.some(isNumber));
  const part = parts[place] ?? [];
  const at = part.findIndex(isNumber);
  const tokens = [
    ...part.slice(at + 1),
    ...part.slice(0, Math.max(0, at)),
    ...parts.toSpliced(place, place < 0 ? 0 : 1).flat(),
  ];
  const words = tokens.filter((token) => !NOISE.has(token)).map((token) => token.replace(ATTACHED, ''));
  return { number: /^\d+/.exec(part[at] ?? '')?.[0] ?? '', words };
}

function isNumber(token: string): boolean {
  return /^\d+/.test(token) && !/^\d+(?:st|nd|rd|th)$/.test(token);
}
