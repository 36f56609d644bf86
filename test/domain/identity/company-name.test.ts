import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseCompanyName } from '../../../domain/identity/company-name.ts';

describe('a company name without what means nothing', () => {
  test.each([
    ['Müller & Söhne GmbH & Co. KG', 'muller sohne'],
    ['MULLER + SOHNE', 'muller sohne'],
    ['Danal Co., Ltd.', 'danal'],
    ['J.P. Morgan Chase & Co.', 'jp morgan chase'],
    ['The Coca-Cola Company', 'coca cola'],
    ['A.P. Møller - Mærsk A/S', 'ap moller maersk'],
    ['Firma Sp. z o.o.', 'firma'],
    ['Acme S. de R.L. de C.V.', 'acme'],
    ['ACME spol. s r.o.', 'acme'],
    ["Macy's, Inc.", 'macys'],
    ['Łódź S.A.', 'lodz'],
    ['ООО «Ромашка»', 'romashka'],
    ['株式会社トヨタ', 'トヨタ'],
    ['㈱トヨタ', 'トヨタ'],
    ['삼성전자 주식회사', '삼성전자'],
    ['PT Astra Tbk', 'astra'],
    ['Türk A.Ş.', 'turk'],
    ['ＡＣＭＥ　Ltd', 'acme'],
    ['Marks and Spencer plc', 'marks spencer'],
    ['OAO Gazprom', 'gazprom'],
    ['Open Joint Stock Company Gazprom', 'gazprom'],
  ])('%j is %j', (name, normal) => {
    expect(normaliseCompanyName(name)).toBe(normal);
  });

  test.each(['Ltd', 'The', '株式会社', 'Company Ltd', 'and'])(
    'leaves something of %j, which is nothing but such words',
    (name) => {
      expect(normaliseCompanyName(name)).not.toBe('');
    },
  );

  test('leaves nothing where there is no letter or digit', () => {
    expect(normaliseCompanyName(' -&- ')).toBe('and');
    expect(normaliseCompanyName(' --- ')).toBe('');
  });

  test('keeps different companies apart', () => {
    const names = ['Acme', 'Acme Retail GmbH', 'Acne Ltd', 'Bank of China (Hong Kong)', 'Bank of China (Australia)'];

    expect(new Set(names.map(normaliseCompanyName)).size).toBe(names.length);
  });

  test('is in normal form once it is normalised', () => {
    const words = fc.constantFrom(
      'Acme',
      'S.',
      'A.',
      'de',
      'R.L.',
      'GmbH',
      '& Co.',
      'KG',
      'The',
      'and',
      'y',
      '株式会社',
      'Sp. z',
      'o.o.',
      'ÅB',
      'x',
      'Ltd.',
      "l'Or",
      '-',
    );
    const names = fc.oneof(
      fc.array(words, { maxLength: 8 }).map((parts) => parts.join(' ')),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(names, (name) => {
        const normal = normaliseCompanyName(name);

        expect(normaliseCompanyName(normal)).toBe(normal);
      }),
      { numRuns: 1_000 },
    );
  });
});
