import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdSource, toLongId } from '../../../../local/simulators/salesforce/ids.ts';

describe('toLongId', () => {
  it.each([
    ['00530000003xqAb', '00530000003xqAbAAI'],
    ['001000000000001', '001000000000001AAA'],
    ['001D000000IqhSL', '001D000000IqhSLIAZ'],
  ])('gives %s the suffix that tells its case', (short, long) => {
    expect(toLongId(short)).toBe(long);
    expect(toLongId(long)).toBe(long);
  });

  it.each(['', '001', '001D000000IqhSLIAA', '001D000000Iqh-L', '001D000000IqhSLIAZx'])('refuses %j', (text) => {
    expect(toLongId(text)).toBeUndefined();
  });

  it('tells apart any two ids that differ in case alone, even where case is ignored', () => {
    const character = fc.constantFrom(...'0aAbBzZ9');
    const id15 = fc.string({ unit: character, minLength: 15, maxLength: 15 });
    fc.assert(
      fc.property(id15, (id) => {
        const [left, right] = [toLongId(id), toLongId(id.toUpperCase())];
        expect(left?.toUpperCase() === right?.toUpperCase()).toBe(id === id.toUpperCase());
      }),
    );
  });
});

describe('IdSource', () => {
  it('hands out valid ids that sort in the order of creation', () => {
    const ids = new IdSource('Tb');

    const handedOut = Array.from({ length: 5_000 }, () => ids.next('001'));

    expect(handedOut.map((id) => toLongId(id))).toEqual(handedOut);
    expect([...handedOut].sort()).toEqual(handedOut);
    expect(new Set(handedOut).size).toBe(5_000);
  });

  it('never hands out an id that came from elsewhere', () => {
    const [first, second] = [new IdSource('Tb'), new IdSource('Tb')];
    const foreign = Array.from({ length: 100 }, () => first.next('001'));

    for (const id of foreign) second.avoid(id);

    expect(foreign).not.toContain(second.next('001'));
  });
});
