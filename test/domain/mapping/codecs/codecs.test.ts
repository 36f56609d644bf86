import { describe, expect, test } from 'vitest';
import { ownerAliases } from '../../../../domain/mapping/owner-aliases.ts';
import { productNames } from '../../../../domain/mapping/product-names.ts';
import { directory } from '../../../mappings/shipped.ts';
import { colourLookup, compileCodec, sampleField } from './compile-codec.ts';

const carried = (value: unknown) => ({ ok: true, value });
const held = expect.objectContaining({ ok: false });
const ignored = expect.objectContaining({ ok: false, isIgnored: true });

describe('each system gets its own form', () => {
  test.each([
    ['text', null, null, ''],
    ['text', ' \u200b ', null, ''],
    ['long-text', 'a\nb', 'a\r\nb', 'a\nb'],
    ['decimal', '48000.25', 48000.25, '48000.25'],
    ['integer', '85', 85, '85'],
    ['checkbox', true, true, 'true'],
    ['checkbox', null, false, 'false'],
    ['country', 'DE', 'Germany', 'Germany'],
    ['country-code', 'DE', 'DE', 'DE'],
    ['date-at-midnight', '2026-05-31', '2026-05-31T00:00:00.000Z', '2026-05-31T00:00:00.000Z'],
    ['multi-select', ['a', 'b'], 'a;b', 'a;b'],
    ['multi-select', [], null, ''],
    ['multi-select', null, null, ''],
  ])('%s writes %j as %j and %j', (codec, value, salesforce, hubspot) => {
    expect(compileCodec(codec, 'salesforce').writeOut(value, directory)).toEqual(carried(salesforce));
    expect(compileCodec(codec, 'hubspot').writeOut(value, directory)).toEqual(carried(hubspot));
  });
});

describe('a number', () => {
  test('is read from JSON without passing through its digits', () => {
    const { readIn } = compileCodec('decimal', 'salesforce');

    expect(readIn(0.1, directory)).toEqual(carried('0.1'));
    expect(readIn(1e21, directory)).toEqual(carried('1000000000000000000000'));
    expect(readIn(-0, directory)).toEqual(carried('0'));
    expect(readIn(0, directory)).toEqual(carried('0'));
  });

  test('waits where a JSON number would round it, and is written as text without loss', () => {
    const fine = '12345678901234567.89';

    expect(compileCodec('decimal', 'salesforce').writeOut(fine, directory)).toEqual(held);
    expect(compileCodec('decimal', 'hubspot').writeOut(fine, directory)).toEqual(carried(fine));
  });

  test.each([true, 'many', ['1']])('is not %j', (value) => {
    expect(compileCodec('decimal', 'hubspot').readIn(value, directory)).toEqual(held);
    expect(compileCodec('integer', 'hubspot').readIn(value, directory)).toEqual(held);
  });
});

describe('a number with at most two decimals', () => {
  const amount = compileCodec('two-decimals', 'aws-partner-central');

  test.each(['48000.25', '0', '12500.5', '99999999999999999999.99'])('%s goes out as it is', (value) => {
    expect(amount.writeOut(value, directory)).toEqual({ ok: true, value });
  });

  test('waits with more of them, and is not rounded', () => {
    expect(amount.writeOut('1.005', directory)).toEqual({ ok: false, reason: expect.stringContaining('two decimals') });
    expect(amount.readIn('12500.000', directory)).toEqual({ ok: true, value: '12500' });
  });
});

describe('a state of the United States', () => {
  const state = compileCodec('us-state', 'aws-partner-central');

  test.each([
    ['NY', 'New York'],
    [' tx ', 'Texas'],
    ['new hampshire', 'New Hampshire'],
    ['District of Columbia', 'Dist. of Columbia'],
  ])('%j is written by its name', (typed, name) => {
    expect(state.writeOut(typed, directory)).toEqual({ ok: true, value: name });
  });

  test('elsewhere is left alone', () => {
    expect(state.writeOut('Bayern', directory)).toMatchObject({ ok: false, isIgnored: true });
  });
});

describe('a checkbox', () => {
  test.each([
    ['TRUE', true],
    ['false', null],
    [false, null],
    [null, null],
  ])('%j is read as %j', (theirs, value) => {
    expect(compileCodec('checkbox', 'hubspot').readIn(theirs, directory)).toEqual(carried(value));
  });

  test('takes an explicit no for one without a tick, and nothing but yes and no', () => {
    const { readIn, writeOut } = compileCodec('checkbox', 'salesforce');

    expect(writeOut(false, directory)).toEqual(carried(false));
    expect(writeOut('perhaps', directory)).toEqual(held);
    expect(readIn('perhaps', directory)).toEqual(held);
    expect(readIn(1, directory)).toEqual(held);
  });
});

describe('a date in a field of moments', () => {
  test.each([
    ['2026-05-31T23:59:59.999Z', '2026-05-31'],
    ['2026-05-31', '2026-05-31'],
    ['1780185600000', '2026-05-31'],
  ])('%j is read as %j', (theirs, date) => {
    expect(compileCodec('date-at-midnight', 'hubspot').readIn(theirs, directory)).toEqual(carried(date));
  });
});

describe('the domain of a web address', () => {
  const { readIn, writeOut } = compileCodec('domain-of-url', 'salesforce');

  test('is read when it is the company’s own', () => {
    expect(readIn('www.Acme.co.uk/about', directory)).toEqual(carried('acme.co.uk'));
    expect(readIn('acme.uk.com', directory)).toEqual(carried('acme.uk.com'));
  });

  test.each([
    'https://www.facebook.com/acme',
    'https://sites.google.com/acme',
    'acme.wixsite.com',
    'https://gmail.com',
    'n/a',
    '',
    null,
  ])('says nothing in %j', (theirs) => {
    expect(readIn(theirs, directory)).toEqual(ignored);
  });

  test('is never written', () => {
    expect(writeOut('acme.com', directory)).toEqual(held);
  });
});

describe('several options', () => {
  const plain = compileCodec('multi-select', 'hubspot', { field: sampleField({ isMany: true }) });

  test('are read sorted and once each, from a text or a list', () => {
    expect(plain.readIn(';b; a ;b;', directory)).toEqual(carried(['a', 'b']));
    expect(plain.readIn(['b', 'a'], directory)).toEqual(carried(['a', 'b']));
    expect(plain.readIn(5, directory)).toEqual(held);
  });

  test('wait as a whole when one cannot be written', () => {
    expect(plain.writeOut(['a;b'], directory)).toEqual(held);
    expect(plain.writeOut('a', directory)).toEqual(held);
  });

  test('go through a lookup one by one', () => {
    const { readIn, writeOut } = compileCodec('multi-select', 'hubspot', { lookup: colourLookup() });

    expect(readIn('Blue;crimson;Red', directory)).toEqual(carried(['blue', 'red']));
    expect(readIn('Blue;Mauve', directory)).toEqual(held);
    expect(writeOut(['blue', 'red'], directory)).toEqual(carried('Blue;Red'));
    expect(writeOut(['grey'], directory)).toEqual(ignored);
  });
});

describe('an owner', () => {
  test('is an id there and an e-mail address here', () => {
    const { readIn, writeOut } = compileCodec('owner', 'hubspot');

    expect(readIn('user-1', directory)).toEqual(carried('ann@example.com'));
    expect(writeOut('Ann@Example.com', directory)).toEqual(carried('user-1'));
    expect(readIn('', directory)).toEqual(carried(null));
    expect(writeOut(null, directory)).toEqual(carried(''));
  });

  test('who is no user there waits, or is left alone where the line says so', () => {
    const strict = compileCodec('owner', 'salesforce');
    const lenient = compileCodec('owner', 'salesforce', { unlisted: 'ignore' });

    expect(strict.readIn('00G1', directory)).toEqual({ ok: false, reason: expect.any(String) });
    expect(strict.writeOut('nobody@example.com', directory)).toEqual({ ok: false, reason: expect.any(String) });
    expect(lenient.readIn('00G1', directory)).toEqual(ignored);
    expect(lenient.writeOut('nobody@example.com', directory)).toEqual(ignored);
    expect(lenient.writeOut('not an address', directory)).toEqual({ ok: false, reason: expect.any(String) });
  });

  test('with another address there is the same person', () => {
    const owners = ownerAliases([{ email: 'boss@example.com', aliases: { hubspot: 'bo@example.com' } }], 'hubspot');
    const { readIn, writeOut } = compileCodec('owner', 'hubspot', { owners });

    expect(readIn('user-2', directory)).toEqual(carried('boss@example.com'));
    expect(writeOut('boss@example.com', directory)).toEqual(carried('user-2'));
    expect(writeOut('bo@example.com', directory)).toEqual(carried('user-2'));
  });

  test('with an alias is also found by the address of the hub', () => {
    const owners = ownerAliases([{ email: 'cy@example.com', aliases: { hubspot: 'gone@example.com' } }], 'hubspot');

    expect(compileCodec('owner', 'hubspot', { owners }).writeOut('cy@example.com', directory)).toEqual(
      carried('user-3'),
    );
  });
});

describe('a list where one value belongs', () => {
  test('waits', () => {
    expect(compileCodec('text', 'hubspot').readIn(['a'], directory)).toEqual(held);
    expect(compileCodec('text', 'hubspot').writeOut(['a'], directory)).toEqual(held);
    expect(compileCodec('owner', 'hubspot').readIn(['user-1'], directory)).toEqual(held);
  });
});

describe('a value of another kind', () => {
  test('is read as its text', () => {
    expect(compileCodec('text', 'salesforce').readIn(42, directory)).toEqual(carried('42'));
  });
});

describe('products that a system calls by names of its own', () => {
  const products = productNames(
    [
      { code: 'SEATS-12', names: { 'aws-marketplace': 'prod-1/seats', hubspot: 'elsewhere' } },
      { code: 'SEATS-12', names: { 'aws-marketplace': 'prod-2/seats' } },
    ],
    'aws-marketplace',
  );
  const both = ['prod-1/seats | 2 × 10', 'prod-2/seats | 1 × 10.0'];

  test('are read by their codes', () => {
    expect(compileCodec('line-items', 'aws-marketplace', { products }).readIn(both, directory)).toEqual(
      carried(['SEATS-12 | 3 × 10']),
    );
  });

  test.each([
    ['hold', held],
    ['ignore', ignored],
  ])('are all of them left (%s) where one is not listed', (unlisted, outcome) => {
    const codec = compileCodec('line-items', 'aws-marketplace', { products, unlisted });

    expect(codec.readIn([...both, 'elsewhere | 1 × 1'], directory)).toEqual(outcome);
  });
});
