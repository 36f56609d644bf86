import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CODECS } from '../../../../domain/mapping/codecs/codec-catalogue.ts';
import { SYSTEM_FORMS } from '../../../../domain/mapping/system-form.ts';
import { canonicalValue, systemValue } from '../../../mappings/arbitraries.ts';
import { directory } from '../../../mappings/shipped.ts';
import { compileCodec, sampleField } from './compile-codec.ts';

const compiled = CODECS.filter(({ isReadOnly, isWriteOnly }) => !(isReadOnly || isWriteOnly)).flatMap((codec) =>
  Object.keys(SYSTEM_FORMS).map((system) => {
    // Lines of a deal are texts of a form of their own.
    const name = codec.name === 'line-items' ? 'lineItems' : 'sample';
    const field = sampleField({ name, type: codec.types[0] ?? 'text', isMany: codec.isMany });
    return { name: codec.name, codec, system, field, translator: compileCodec(codec.name, system, { field }) };
  }),
);

describe.each(compiled)('the codec $name for $system', ({ codec, field, translator }) => {
  test('reads back what it wrote, and writes it the same again', () => {
    fc.assert(
      fc.property(canonicalValue(field), (value) => {
        const written = translator.writeOut(value, directory);
        if (!written.ok) return;
        const read = translator.readIn(written.value, directory);

        expect(read).toEqual({ ok: true, value });
        expect(translator.writeOut(value, directory)).toEqual(written);
      }),
    );
  });

  test('writes what it read in a form that it reads as the same', () => {
    fc.assert(
      fc.property(systemValue(field, []), (held) => {
        const read = translator.readIn(held, directory);
        if (!read.ok) return;
        const written = translator.writeOut(read.value, directory);
        if (!written.ok) return;

        expect(translator.readIn(written.value, directory)).toEqual(read);
      }),
    );
  });

  test('knows nothing in every form in which a system says it, and says so in its own', () => {
    const nothing = translator.readIn(null, directory);
    const said = translator.writeOut(null, directory);

    expect(nothing).toEqual({ ok: true, value: codec.isMany ? [] : null });
    expect(translator.readIn('', directory)).toEqual(nothing);
    expect(said.ok && translator.readIn(said.value, directory)).toEqual(nothing);
  });

  test('never tells a value in the reason why it is not carried over', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^Q[A-Z0-9]{8,20}$/), (secret) => {
        for (const carried of [translator.readIn(secret, directory), translator.writeOut(secret, directory)]) {
          if (!carried.ok) expect(carried.reason).not.toContain(secret);
        }
      }),
    );
  });
});
