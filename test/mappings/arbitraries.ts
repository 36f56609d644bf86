import fc from 'fast-check';
import { countryCodes, countryName } from '../../domain/mapping/canonical/country.ts';
import { currencyCodes } from '../../domain/mapping/canonical/currency.ts';
import { canonicalDecimal } from '../../domain/mapping/canonical/decimal.ts';
import { canonicalPhone } from '../../domain/mapping/canonical/phone.ts';
import { longText, plainText } from '../../domain/mapping/canonical/text.ts';
import { canonicalUrl } from '../../domain/mapping/canonical/web.ts';
import { normalLines } from '../../domain/model/line-item.ts';
import type { SystemValue, Value } from '../../domain/model/value.ts';
import type { VocabularyField } from '../../domain/model/vocabulary.ts';
import { USERS } from './shipped.ts';

/** Text as people and machines produce it: any script, composed and decomposed letters, stray white space and signs without width. */
export const dirtyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        'Acme',
        ' ',
        '  ',
        '\t',
        '\r\n',
        '\n',
        '\r',
        '\u00a0',
        '\u200b',
        '\u00ad',
        'e\u0301',
        'é',
        'ß',
        '株式会社',
        ',',
        ';',
        '-',
        '"',
        '\u2028',
        '\ud800',
        'A\u0000B',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));

const phoneText = fc.oneof(
  fc
    .tuple(fc.constantFrom('+49 30 ', '+1 415 555 ', '0044 20 ', '+33 (0)1 ', '+81-3-', '(030) ', '030/'), digits(4, 9))
    .map((parts) => parts.join('')),
  fc
    .tuple(
      fc.constantFrom('+1 415 555 0123 ', '+49 30 1234567 '),
      fc.constantFrom('x', 'ext. ', 'Durchwahl '),
      digits(1, 5),
    )
    .map((parts) => parts.join('')),
  dirtyText,
);

const decimalText = fc
  .tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.option(digits(1, 6), { nil: undefined }))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`);

const dateText = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const instantText = fc
  .date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

const emailText = fc.emailAddress();
const hostText = fc.oneof(
  fc.domain(),
  fc.constantFrom(
    'shop.acme.co.uk',
    'www.müller.example',
    'acme.myshopify.com',
    '10.0.0.1',
    'localhost',
    'www.facebook.com',
  ),
);
const urlText = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', 'http://', 'HTTPS://', 'https://WWW.'),
      hostText,
      fc.constantFrom('', '/', '/A?b=c#d', ':8080/x'),
    )
    .map((parts) => parts.join('')),
  dirtyText,
);

const lineItem = fc.record({
  product: fc.oneof(fc.constantFrom('A-1', 'prod-abc', 'Setup | one-off', 'Prüfung × 2'), plain(dirtyText, plainText)),
  quantity: decimalText.map((text) => canonicalDecimal(text) ?? '1'),
  price: decimalText.map((text) => canonicalDecimal(text) ?? '1'),
});

/** Lines of a deal as systems hold them: several of one product, numbers in any spelling. */
const lineTexts = fc.array(
  lineItem.map(({ product, quantity, price }) => ` ${product} | ${quantity}.0 × ${price} `.replace(/(\.\d+)\.0/, '$1')),
  { maxLength: 6 },
);

const lineItemsValue: fc.Arbitrary<Value> = fc
  .array(lineItem, { maxLength: 6 })
  .map((items) => [...(normalLines(items) ?? [])]);

/** Canonical values of a field, what is empty among them. */
export function canonicalValue(field: VocabularyField): fc.Arbitrary<Value> {
  if (field.name === 'lineItems') return lineItemsValue;
  if (field.isMany) {
    const elements = field.type === 'choice' ? fc.constantFrom(...(field.choices ?? [])) : plain(dirtyText, plainText);
    return fc.uniqueArray(elements, { maxLength: 6 }).map((set) => set.sort());
  }
  if (field.type === 'boolean') return fc.constantFrom(true, null);
  return fc.option(canonicalText(field), { nil: null, freq: 8 });
}

/** The texts that are in normal form already: what `normalise` makes of others, as long as something is left. */
function plain(texts: fc.Arbitrary<string>, normalise: (text: string) => string): fc.Arbitrary<string> {
  return texts.map(normalise).filter((text) => text !== '');
}

function canonicalText(field: VocabularyField): fc.Arbitrary<string> {
  switch (field.type) {
    case 'long-text':
      return plain(dirtyText, longText);
    case 'email':
      return emailText.map((email) => email.toLowerCase());
    case 'phone':
      return plain(phoneText, (typed) => canonicalPhone(typed, field.region));
    case 'domain':
      return fc.constantFrom(
        'acme.com',
        'acme.co.uk',
        'acme.example',
        'xn--mller-kva.de',
        'acme.myshopify.com',
        'gmail.com',
      );
    case 'url':
      return plain(urlText, canonicalUrl);
    case 'country':
      return fc.constantFrom(...countryCodes());
    case 'currency':
      return fc.constantFrom(...currencyCodes());
    case 'decimal':
      return decimalText.map((text) => canonicalDecimal(text) ?? '0');
    case 'integer':
      return fc.integer().map(String);
    case 'date':
      return dateText;
    case 'instant':
      return instantText;
    case 'choice':
      return fc.constantFrom(...(field.choices ?? []));
    case 'owner':
      return fc.constantFrom(...Object.values(USERS), 'nobody@example.com');
    case 'reference':
      return fc.stringMatching(/^[A-Za-z0-9]{1,18}$/);
    default:
      return plain(dirtyText, plainText);
  }
}

/** What a system may hold in a field: rightful values in many spellings, and everything that should not be there but is. */
export function systemValue(field: VocabularyField, spellings: readonly string[]): fc.Arbitrary<SystemValue> {
  if (field.name === 'lineItems') return fc.oneof(lineTexts, fc.constantFrom<SystemValue>(null, '', [], ['no line']));
  const rightful = spellings.length > 0 ? fc.constantFrom(...spellings) : typicalText(field);
  return fc.oneof(
    { weight: 6, arbitrary: rightful },
    { weight: 2, arbitrary: rightful.map((text) => ` ${text.toUpperCase()}\u00a0`) },
    { weight: 2, arbitrary: fc.array(rightful, { maxLength: 4 }).map((texts) => texts.join(';')) },
    { weight: 2, arbitrary: dirtyText },
    { weight: 1, arbitrary: fc.constantFrom<SystemValue>(null, '', ' ', true, false, 'true', 'FALSE', 'n/a') },
    { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })) },
    { weight: 1, arbitrary: fc.array(fc.stringMatching(/^[A-Za-z0-9]{1,18}$/), { maxLength: 4 }) },
  );
}

function typicalText(field: VocabularyField): fc.Arbitrary<string> {
  switch (field.type) {
    case 'email':
      return emailText;
    case 'phone':
      return phoneText;
    case 'domain':
    case 'url':
      return urlText;
    case 'country':
      return fc.constantFrom(
        ...countryCodes().flatMap((code) => [code, countryName(code) ?? code]),
        'UK',
        'deutschland',
        'Atlantis',
      );
    case 'currency':
      return fc.constantFrom('eur', 'USD', ' GBP', 'XXX');
    case 'decimal':
    case 'integer':
      return fc.oneof(decimalText, fc.constantFrom('1e3', '+5', '00012', '-0', '.5', '1,234.5'));
    case 'date':
    case 'instant':
      return fc.oneof(
        dateText,
        instantText,
        fc.constantFrom('2026-05-31T14:22:10.000+0200', '1780185600000', '2026-02-30'),
      );
    case 'boolean':
      return fc.constantFrom('true', 'false', 'True', '');
    case 'owner':
      return fc.constantFrom(...Object.keys(USERS), '00GHr00000AAAAAMA1');
    default:
      return dirtyText;
  }
}
