import { foldLetters } from './fold-letters.ts';

/** A street address, taken apart as far as that is certain. */
export interface Street {
  /** House number, letters and ranges cut off; empty when there is none. */
  readonly number: string;
  /** The words of the rest in their order, without kinds of street, directions and units. */
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
/** A kind of street that is written together with its name: `hauptstrasse`. */
const ATTACHED = /(?<=\p{L}{3})(?:strasse|str|straat|gasse|weg|platz|allee|gatan|vagen|vej|gade)$/u;

/** Takes a street line apart; both parts are empty for an empty line. */
export function takeStreetApart(text: string): Street {
  const tokens = foldLetters(text)
    .replace(/['’`´.]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '');
  const number = tokens.find((token) => /^\d+/.test(token) && !/^\d+(?:st|nd|rd|th)$/.test(token));
  const words = tokens
    .filter((token) => token !== number && !NOISE.has(token))
    .map((token) => token.replace(ATTACHED, ''));
  return { number: /^\d+/.exec(number ?? '')?.[0] ?? '', words };
}
