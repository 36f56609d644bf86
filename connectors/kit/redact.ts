import type { Fault } from '../../domain/model/fault.ts';

/**
 * Takes out of a vendor's text what must not reach a log, a problem or a screen: e-mail addresses, tokens and keys, query
 * strings, long numbers (phones, tax ids, cards), and quoted values. The one place where that is decided.
 *
 * *Bounds*: at most 300 characters come out; at most 4,000 are looked at. *Shape*: one line. Field names and the vendor's
 * codes pass, because a person needs them to act.
 */
export function redact(text: string): string {
  const line = text.slice(0, lookedAtMax).replaceAll(/\s+/g, ' ').trim();
  const clean = replacements.reduce((rest, [pattern, mark]) => rest.replaceAll(pattern, mark), line);
  return clean.length <= lengthMax ? clean : `${clean.slice(0, lengthMax - 1)}…`;
}

/** The same fault with a redacted message; code and field names pass, the cause is kept for the stack trace only. */
export function redactFault(fault: Fault): Fault {
  const message = redact(fault.message);
  return message === fault.message ? fault : { ...fault, message };
}

const lookedAtMax = 4_000;
const lengthMax = 300;

/** In this order: a later pattern sees what an earlier one left. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/\S{0,64}@\S{1,190}/g, '<e-mail>'],
  [/\b(?:bearer|basic|oauth)\s+[\w.~+/=!-]{6,}/gi, '<token>'],
  [/\b(?:access_token|refresh_token|client_secret|assertion|password|secret|key|sid)=[^\s&"']+/gi, '<secret>'],
  [/\b(?:pat-[\w-]{8,}|eyJ[\w-]+\.[\w-]+\.?[\w-]*|00D\w{12,15}![\w.]+)/g, '<token>'],
  [/(https?:\/\/[^\s?#"']+)[?#][^\s"']*/g, '$1?<query>'],
  [/"[^"]{0,500}"/g, '"…"'],
  [/(^|[\s:(,=[])'[^']{0,500}'/g, "$1'…'"],
  // Letters around the digits make it an id, which says nothing about a person. A day from 2020 on is neither a phone
  // nor a contact's birthday, and a refused date cannot be corrected without it.
  [/(?<![A-Za-z\d])(?!20[2-9]\d-[01]\d-[0-3]\d(?![\d-]))\+?\d(?:[\s./()-]{0,2}\d){7,}(?![A-Za-z\d])/g, '<number>'],
  [/\b[A-Za-z0-9+/_-]{40,}={0,2}/g, '<token>'],
];
