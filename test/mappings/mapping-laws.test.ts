import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MappedField } from '../../domain/mapping/compiled-mapping.ts';
import { canonicalValue, systemValue } from './arbitraries.ts';
import { directory, shipped } from './shipped.ts';

const mappings = shipped().mappings.all();
/** A mapping that is only read has nothing to write back; its examples are its test. */
const written = mappings.filter(({ fields }) => fields.some(({ flow }) => flow !== 'in'));

/** What a system's own values for a choice are: what its lookup writes for each. */
function spellingsOf(line: MappedField): readonly string[] {
  return (line.vocabulary.choices ?? []).flatMap((choice) => {
    const written = line.writeOut(line.vocabulary.isMany ? [choice] : choice, directory);
    return written.ok && typeof written.value === 'string' ? [written.value] : [];
  });
}

describe.each(written)('$id obeys the three laws', ({ fields, system, kind }) => {
  const bothWays = fields.filter(({ flow }) => flow === 'both');

  test.each(bothWays)('write what was read changes nothing: $field', (line) => {
    fc.assert(
      fc.property(systemValue(line.vocabulary, spellingsOf(line)), (held) => {
        const read = line.readIn(held, directory);
        if (!read.ok) return;
        const back = line.writeOut(read.value, directory);
        if (!back.ok) return;

        expect(line.readIn(back.value, directory)).toEqual(read);
      }),
    );
  });

  test.each(bothWays)('read what was written gives it back: $field', (line) => {
    let isEverWritten = false;
    fc.assert(
      fc.property(canonicalValue(line.vocabulary), (value) => {
        const out = line.writeOut(value, directory);
        if (!out.ok) return;
        isEverWritten = true;

        expect(line.readIn(out.value, directory)).toEqual({ ok: true, value });
      }),
    );

    expect(isEverWritten).toBe(true);
  });

  test.each(fields.filter(({ flow }) => flow !== 'in'))('write twice equals write once: $field', (line) => {
    fc.assert(
      fc.property(canonicalValue(line.vocabulary), (value) => {
        const once = line.writeOut(value, directory);
        if (!once.ok) return;
        const read = line.readIn(once.value, directory);

        expect(read.ok && line.writeOut(read.value, directory)).toEqual(once);
      }),
    );
  });

  const elsewhere = mappings.filter((other) => other.kind === kind && other.system !== system);
  const shared = bothWays.flatMap((line) =>
    elsewhere.flatMap((other) => {
      const twin = other.byField.get(line.field);
      // References differ by system and are translated by the crosswalk, not by the mapping.
      return twin === undefined || twin.flow !== 'both' || line.referenceTo !== undefined
        ? []
        : [{ field: line.field, line, twin }];
    }),
  );

  test.each(shared)('what was read here comes back the same from the other system: $field', ({ line, twin }) => {
    fc.assert(
      fc.property(systemValue(line.vocabulary, spellingsOf(line)), (held) => {
        const read = line.readIn(held, directory);
        if (!read.ok) return;
        const there = twin.writeOut(read.value, directory);
        if (!there.ok) return;

        expect(twin.readIn(there.value, directory)).toEqual(read);
      }),
    );
  });
});
