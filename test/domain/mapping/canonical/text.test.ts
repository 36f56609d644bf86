import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longText, plainText, streetText } from '../../../../domain/mapping/canonical/text.ts';
import { dirtyText } from '../../../mappings/arbitraries.ts';

describe('one line of text', () => {
  test.each([
    ['  Acme   Corp\t', 'Acme Corp'],
    ['Acme\r\nCorp', 'Acme Corp'],
    ['Acme\u00a0Corp\u200b', 'Acme Corp'],
    ['Cafe\u0301', 'Café'],
    ['e\u00ad\u0301', 'é'],
    ['A\u0000B', 'A B'],
    ['\ud800x', '\ufffdx'],
    ['Łódź Straße', 'Łódź Straße'],
    ['', ''],
  ])('%j becomes %j', (typed, expected) => {
    expect(plainText(typed)).toBe(expected);
  });

  test('is in normal form once it is normalised', () => {
    fc.assert(
      fc.property(dirtyText, (text) => {
        expect(plainText(plainText(text))).toBe(plainText(text));
      }),
    );
  });
});

describe('several lines of text', () => {
  test.each([
    ['First\r\nsecond\rthird', 'First\nsecond\nthird'],
    ['First  \n  second\n\n', 'First\n  second'],
    [' a  b ', 'a  b'],
    ['Über\nuns', 'Über\nuns'],
  ])('%j becomes %j', (typed, expected) => {
    expect(longText(typed)).toBe(expected);
  });

  test('are in normal form once they are normalised, whichever line ends they are written with', () => {
    fc.assert(
      fc.property(dirtyText, (text) => {
        const normal = longText(text);

        expect(longText(normal)).toBe(normal);
        expect(longText(normal.replaceAll('\n', '\r\n'))).toBe(normal);
      }),
    );
  });
});

describe('a street', () => {
  test.each([
    ['1 Market St,\r\nSuite 300\n', '1 Market St, Suite 300'],
    ['1 Market St\n\n , \nSuite 300', '1 Market St, Suite 300'],
    ['1 Market St, Suite 300', '1 Market St, Suite 300'],
    ['1 Market St,', '1 Market St,'],
    [',\nHof', 'Hof'],
  ])('%j is read as %j', (typed, expected) => {
    expect(streetText(typed)).toBe(expected);
  });

  test('of one line is read as it is', () => {
    fc.assert(
      fc.property(dirtyText, (text) => {
        expect(streetText(plainText(text))).toBe(plainText(text));
      }),
    );
  });
});
