import { Big } from 'big.js';

/** A moment AWS told, in two forms. */
export interface ExactInstant {
  /** ISO text in UTC with every digit AWS gave, at least three behind the second. */
  readonly text: string;
  /** ms since the epoch, cut, never rounded up: the last instant of a day stays in it. */
  readonly ms: number;
}

/**
 * Reads a moment as the two APIs write them: seconds since the epoch with a fraction (`1772355600.123456789`, `1.7723556E9`), or an
 * ISO text that names its offset. `undefined` for anything else, and outside of the years 1970 to 9999.
 */
export function exactInstant(told: string | null | undefined): ExactInstant | undefined {
  if (told === null || told === undefined) return undefined;
  const text = told.trim();
  return secondsForm.test(text) ? ofSeconds(text) : ofIso(text);
}

const secondsForm = /^\d{1,15}(?:\.\d{1,30})?(?:e[+-]?\d{1,2})?$/i;
const isoForm = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,30}))?(Z|[+-]\d{2}:?\d{2})$/i;
const yearTenThousandMs = 253_402_300_800_000;

function ofSeconds(text: string): ExactInstant | undefined {
  const [seconds = '', fraction = ''] = new Big(text).toFixed().split('.');
  return assemble(Number(seconds) * 1_000, fraction);
}

function ofIso(text: string): ExactInstant | undefined {
  const [, moment, fraction = '', offset = ''] = isoForm.exec(text) ?? [];
  return moment === undefined ? undefined : assemble(Date.parse(`${moment}${offset}`), fraction);
}

function assemble(secondsMs: number, fraction: string): ExactInstant | undefined {
  if (!(secondsMs >= 0 && secondsMs < yearTenThousandMs)) return undefined;
  const digits = fraction.padEnd(3, '0');
  return {
    text: `${new Date(secondsMs).toISOString().slice(0, 19)}.${digits}Z`,
    ms: secondsMs + Number(digits.slice(0, 3)),
  };
}
