import { ignore } from './codecs/codec.ts';
import type { CompiledMapping, MappedField } from './compiled-mapping.ts';

const UNHEARD = ignore('The hub does not listen to this connection.');

/**
 * A mapping as a connection of this direction uses it. With `out`, what is read there tells which record it is and what
 * it holds, but no line brings values in; with `in`, no line writes. References keep flowing inwards as far as they must
 * for records to find each other.
 */
export function withDirection(mapping: CompiledMapping, direction: 'in' | 'out' | 'both'): CompiledMapping {
  if (direction === 'both') return mapping;
  const fields = mapping.fields.flatMap((line): MappedField[] => {
    if (line.flow === 'both') return [{ ...line, flow: direction }];
    if (line.flow === direction) return [line];
    // What says whether the system takes edits now must be known where the hub only writes, too; it says nothing else.
    return mapping.waits.some(({ readAs }) => readAs === line.field) ? [{ ...line, readIn: () => UNHEARD }] : [];
  });
  return { ...mapping, fields, byField: new Map(fields.map((line) => [line.field, line])) };
}
