import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordIdOf } from '../../../connectors/salesforce/record-id.ts';
import { toLongId } from '../../../local/simulators/salesforce/ids.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const shortIds = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 15, maxLength: 15 });

describe('record ids', () => {
  it('have one 18-character form, whatever form they come in', () => {
    fc.assert(
      fc.property(shortIds, (short) => {
        const long = recordIdOf(short);

        expect(long).toBe(toLongId(short));
        expect(recordIdOf(long ?? '')).toBe(long);
      }),
    );
  });

  it('get back the letter case that another system lost', () => {
    fc.assert(
      fc.property(shortIds, (short) => {
        const long = recordIdOf(short) ?? '';

        expect(recordIdOf(long.toLowerCase())).toBe(long);
        expect(recordIdOf(long.toUpperCase())).toBe(long);
      }),
    );
  });

  it('are known by an example of the vendor’s', () => {
    expect(recordIdOf('001A0000006Vm9r')).toBe('001A0000006Vm9rIAC');
  });

  it.each([
    '',
    '001',
    '001A0000006Vm9rIA',
    '001A0000006Vm9!',
    "001A000000' OR '",
    '001A0000006Vm9rZZZ',
    '001Ä0000006Vm9r',
  ])('are not made of %j', (text) => {
    expect(recordIdOf(text)).toBeUndefined();
  });
});
