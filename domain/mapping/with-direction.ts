import type { CompiledMapping, MappedField } from './compiled-mapping.ts';

/**
 * A mapping as a connection of this direction uses it. With `out`, what is read there tells which record it is and what
 * it holds, but no line brings values in; with `in`, no line writes. References keep flowing inwards as far as they must
 * for records to find each other.
 */
export function withDirection(mapping: CompiledMapping, direction: 'in' | 'out' | 'both'): CompiledMapping {
  if (direction === 'both') return mapping;
  const fields = mapping.fields.flatMap((line): MappedField[] => {
    if (line.flow === 'both') return [{ ...line, flow: direction }];
    return line.flow === direction ? [line] : [];
  });
  return { ...mapping, fields, byField: new Map(fields.map((line) => [line.field, line])) };
}
