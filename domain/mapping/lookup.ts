import type { SystemValue, Value } from '../model/value.ts';
import { carry, hold, ignore, NOTHING, type Translator, textOf } from './codecs/codec.ts';
import type { Carried } from './compiled-mapping.ts';
import type { SystemForm } from './system-form.ts';

/** What one hub value is in one system: the values read as it, and the one it is written as or why it is not. */
export interface LookupCell {
  readonly in: readonly (string | boolean | number)[];
  readonly out: { readonly value: string | boolean | number } | { readonly unwritten: 'hold' | 'ignore' };
}

/** A table of values for one system, compiled; works on single values that are not empty. */
export interface Lookup {
  readIn(value: string): Carried<string>;
  writeOut(value: string): Carried<string | boolean | number>;
}

/**
 * Compiles a lookup.
 *
 * @param cells by hub value, in order;
 * @param unlisted `hold`, `ignore` or the hub value that unlisted ones are read as.
 */
export function compileLookup(name: string, cells: ReadonlyMap<string, LookupCell>, unlisted: string): Lookup {
  const read = new Map<string, Carried<string>>();
  const write = new Map<string, Carried<string | boolean | number>>();
  for (const [value, cell] of cells) {
    for (const theirs of cell.in) read.set(String(theirs), carry(value)).set(lookupKey(theirs), carry(value));
    write.set(value, 'value' in cell.out ? carry(cell.out.value) : unwritten(name, cell.out.unwritten));
  }
  const otherwise = unlistedAnswer(name, unlisted);
  const unknown = hold(`The value is not one of mappings/lookups/${name}.yaml.`);
  return {
    // The exact spelling is by far the most frequent; only others are folded.
    readIn: (value) => read.get(value) ?? read.get(lookupKey(value)) ?? otherwise,
    writeOut: (value) => write.get(value) ?? unknown,
  };
}

/** Carries single values by a lookup. */
export function lookupTranslator(lookup: Lookup, form: SystemForm): Translator {
  const nothing = carry(form.empty);
  return {
    readIn: (value: SystemValue) => {
      if (value === null || value === '') return NOTHING;
      const text = textOf(value);
      if (text === undefined) return hold('The value is a list where one value was expected.');
      return text.trim() === '' ? NOTHING : lookup.readIn(text);
    },
    writeOut: (value: Value) => {
      if (value === null || value === '') return nothing;
      return typeof value === 'string' ? lookup.writeOut(value) : hold('The value is not text.');
    },
  };
}

/** The spelling by which values are compared: without case and outer white space. */
export function lookupKey(value: string | boolean | number): string {
  return String(value).normalize('NFC').trim().toLowerCase();
}

function unwritten(name: string, how: 'hold' | 'ignore') {
  return how === 'ignore'
    ? ignore(`The lookup "${name}" leaves this value alone in the system.`)
    : hold(`mappings/lookups/${name}.yaml has no value in the system for this one.`);
}

function unlistedAnswer(name: string, unlisted: string): Carried<string> {
  if (unlisted === 'hold') return hold(`The value is not listed in mappings/lookups/${name}.yaml.`);
  if (unlisted === 'ignore') return ignore(`The lookup "${name}" leaves unlisted values alone.`);
  return carry(unlisted);
}
