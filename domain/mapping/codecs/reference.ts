import type { SystemValue, Value } from '../../model/value.ts';
import type { Carried } from '../compiled-mapping.ts';
import { type CodecContext, carry, hold, NOTHING, type Translator, textOf } from './codec.ts';

const isList = hold('The reference is a list where one id was expected.');
const isSingle = hold('The references are not a list.');

/** Carries the ids of other records: ids pass unchanged, the pipeline resolves them by the crosswalk. Sets are sorted. */
export function referenceTranslator({ form, field }: CodecContext): Translator {
  return field.isMany ? { readIn: readMany, writeOut: readMany } : singleReference(form.empty);
}

function singleReference(empty: null | ''): Translator {
  const nothing = carry(empty);
  const read = (value: SystemValue): Carried<string | null> => {
    const id = textOf(value);
    if (id === undefined) return isList;
    return id === '' ? NOTHING : carry(id);
  };
  return {
    readIn: read,
    writeOut: (value: Value) => {
      const id = read(value);
      return id.ok && id.value === null ? nothing : id;
    },
  };
}

function readMany(value: SystemValue): Carried<readonly string[]> {
  if (value === null || value === '') return carry([]);
  return typeof value === 'object' ? carry([...new Set(value)].sort()) : isSingle;
}
