import { describe, expect, it } from 'vitest';
import { compileEventPattern } from '../../../../../local/aws/eventbridge/pattern/event-pattern.ts';

function matches(pattern: object, event: object): boolean {
  const compiled = compileEventPattern(JSON.stringify(pattern));
  if ('fault' in compiled) throw new Error(compiled.fault);
  return compiled.matches({ ...event });
}

/** A pattern, events it wants and events it does not. */
interface Row {
  readonly what: string;
  readonly pattern: object;
  readonly wants: readonly object[];
  readonly refuses: readonly object[];
}

const ROWS: readonly Row[] = [
  {
    what: 'every field, and one value of each field’s list',
    pattern: { source: ['tributary'], detail: { kind: ['deal', 'lead'] } },
    wants: [{ source: 'tributary', detail: { kind: 'lead', id: '1' } }],
    refuses: [
      { source: 'other', detail: { kind: 'deal' } },
      { source: 'tributary', detail: { kind: 'partner' } },
      { source: 'tributary' },
    ],
  },
  {
    what: 'literals by type as well as by value',
    pattern: { detail: { value: [1, true, 'x'] } },
    wants: [{ detail: { value: 1 } }, { detail: { value: true } }, { detail: { value: 'x' } }],
    refuses: [{ detail: { value: '1' } }, { detail: { value: 'true' } }, { detail: { value: false } }],
  },
  {
    what: 'null, and the empty string, which is not null',
    pattern: { detail: { owner: [null] } },
    wants: [{ detail: { owner: null } }],
    refuses: [{ detail: { owner: '' } }, { detail: {} }],
  },
  {
    what: 'the empty string',
    pattern: { detail: { owner: [''] } },
    wants: [{ detail: { owner: '' } }],
    refuses: [{ detail: { owner: null } }, { detail: { owner: ' ' } }],
  },
  {
    what: 'a prefix',
    pattern: { time: [{ prefix: '2026-10-02' }] },
    wants: [{ time: '2026-10-02T18:43:48Z' }],
    refuses: [{ time: '2026-11-02T18:43:48Z' }, { time: 20_261_002 }],
  },
  {
    what: 'a prefix in any case',
    pattern: { detail: { service: [{ prefix: { 'equals-ignore-case': 'EventB' } }] } },
    wants: [{ detail: { service: 'eventbridge' } }, { detail: { service: 'EVENTB' } }],
    refuses: [{ detail: { service: 'event' } }],
  },
  {
    what: 'a suffix',
    pattern: { detail: { file: [{ suffix: '.csv' }] } },
    wants: [{ detail: { file: 'leads.csv' } }],
    refuses: [{ detail: { file: 'leads.CSV' } }, { detail: { file: 'csv' } }],
  },
  {
    what: 'a suffix in any case',
    pattern: { detail: { file: [{ suffix: { 'equals-ignore-case': '.csv' } }] } },
    wants: [{ detail: { file: 'leads.CSV' } }],
    refuses: [{ detail: { file: 'leads.tsv' } }],
  },
  {
    what: 'equality in any case',
    pattern: { detail: { tier: [{ 'equals-ignore-case': 'Gold' }] } },
    wants: [{ detail: { tier: 'GOLD' } }, { detail: { tier: 'gold' } }],
    refuses: [{ detail: { tier: 'golden' } }],
  },
  {
    what: 'anything but a text',
    pattern: { detail: { state: [{ 'anything-but': 'initializing' }] } },
    wants: [{ detail: { state: 'running' } }, { detail: { state: 3 } }],
    refuses: [{ detail: { state: 'initializing' } }, { detail: {} }],
  },
  {
    what: 'anything but a list of texts',
    pattern: { detail: { state: [{ 'anything-but': ['stopped', 'overloaded'] }] } },
    wants: [{ detail: { state: 'running' } }],
    refuses: [{ detail: { state: 'stopped' } }, { detail: { state: 'overloaded' } }],
  },
  {
    what: 'anything but numbers',
    pattern: { detail: { limit: [{ 'anything-but': [100, 200] }] } },
    wants: [{ detail: { limit: 300 } }, { detail: { limit: '100' } }],
    refuses: [{ detail: { limit: 100 } }],
  },
  {
    what: 'anything but a prefix',
    pattern: { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } },
    wants: [{ detail: { state: 'running' } }],
    refuses: [{ detail: { state: 'initializing' } }, {}],
  },
  {
    what: 'anything but a list of prefixes',
    pattern: { detail: { state: [{ 'anything-but': { prefix: ['init', 'err'] } }] } },
    wants: [{ detail: { state: 'running' } }],
    refuses: [{ detail: { state: 'error' } }, { detail: { state: 'init' } }],
  },
  {
    what: 'anything but a list of suffixes',
    pattern: { detail: { file: [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }] } },
    wants: [{ detail: { file: 'a.csv' } }],
    refuses: [{ detail: { file: 'a.txt' } }, { detail: { file: 'a.rtf' } }],
  },
  {
    what: 'anything but texts in any case',
    pattern: { detail: { state: [{ 'anything-but': { 'equals-ignore-case': ['initializing', 'stopped'] } }] } },
    wants: [{ detail: { state: 'running' } }],
    refuses: [{ detail: { state: 'INITIALIZING' } }, { detail: { state: 'Stopped' } }],
  },
  {
    what: 'anything but wildcards',
    pattern: { detail: { path: [{ 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } }] } },
    wants: [{ detail: { path: '/usr/share/x' } }],
    refuses: [{ detail: { path: '/usr/lib/x' } }, { detail: { path: '/usr/bin/x' } }],
  },
  {
    what: 'a number',
    pattern: { detail: { price: [{ numeric: ['=', 301.8] }] } },
    wants: [{ detail: { price: 301.8 } }],
    refuses: [{ detail: { price: 301.9 } }, { detail: { price: '301.8' } }],
  },
  {
    what: 'a range of numbers, with and without its ends',
    pattern: { detail: { price: [{ numeric: ['>', 0, '<=', 5] }] } },
    wants: [{ detail: { price: 5 } }, { detail: { price: 0.1 } }],
    refuses: [{ detail: { price: 0 } }, { detail: { price: 5.1 } }],
  },
  {
    what: 'numbers from a bound on',
    pattern: { detail: { price: [{ numeric: ['>=', -10] }] } },
    wants: [{ detail: { price: -10 } }],
    refuses: [{ detail: { price: -11 } }],
  },
  {
    what: 'addresses of an IPv4 block',
    pattern: { detail: { ip: [{ cidr: '10.0.0.0/24' }] } },
    wants: [{ detail: { ip: '10.0.0.255' } }],
    refuses: [{ detail: { ip: '10.0.1.0' } }, { detail: { ip: 'ten' } }],
  },
  {
    what: 'addresses of an IPv6 block',
    pattern: { detail: { ip: [{ cidr: '2001:db8::/32' }] } },
    wants: [{ detail: { ip: '2001:db8:1::1' } }],
    refuses: [{ detail: { ip: '2001:db9::1' } }, { detail: { ip: '10.0.0.1' } }],
  },
  {
    what: 'a field that is there',
    pattern: { detail: { owner: [{ exists: true }] } },
    wants: [{ detail: { owner: 'a' } }, { detail: { owner: null } }],
    refuses: [{ detail: {} }, { detail: { owner: { id: 1 } } }, { detail: { owner: [] } }],
  },
  {
    what: 'a field that is not there, nor anything around it',
    pattern: { detail: { owner: { id: [{ exists: false }] } } },
    wants: [{}, { detail: {} }, { detail: { owner: 'a' } }, { detail: { owner: {} } }],
    refuses: [{ detail: { owner: { id: 1 } } }, { detail: { owner: [{ id: 1 }, { name: 'b' }] } }],
  },
  {
    what: 'a field that is absent or has a value',
    pattern: { detail: { owner: [{ exists: false }, 'nobody'] } },
    wants: [{ detail: {} }, { detail: { owner: 'nobody' } }],
    refuses: [{ detail: { owner: 'somebody' } }],
  },
  {
    what: 'a wildcard',
    pattern: { detail: { path: [{ wildcard: 'dir/*.p*g' }] } },
    wants: [{ detail: { path: 'dir/a.png' } }, { detail: { path: 'dir/sub/b.jpg.pg' } }],
    refuses: [{ detail: { path: 'dir/a.gif' } }, { detail: { path: 'other/a.png' } }],
  },
  {
    what: 'a star that is meant',
    pattern: { detail: { path: [{ wildcard: 'a\\*b\\\\*' }] } },
    wants: [{ detail: { path: 'a*b\\c' } }],
    refuses: [{ detail: { path: 'axb\\c' } }],
  },
  {
    what: 'fields of which one is enough',
    pattern: { source: ['t'], $or: [{ detail: { place: ['York'] } }, { detail: { day: ['Monday'] } }] },
    wants: [
      { source: 't', detail: { place: 'York' } },
      { source: 't', detail: { day: 'Monday' } },
    ],
    refuses: [
      { source: 't', detail: { place: 'Leeds', day: 'Friday' } },
      { source: 'u', detail: { place: 'York' } },
    ],
  },
  {
    what: 'alternatives deeper down, beside other fields',
    pattern: {
      detail: {
        kind: ['deal'],
        $or: [{ amount: [{ numeric: ['>', 10] }] }, { stage: ['won'], owner: [{ exists: true }] }],
      },
    },
    wants: [{ detail: { kind: 'deal', amount: 11 } }, { detail: { kind: 'deal', stage: 'won', owner: 'a' } }],
    refuses: [{ detail: { kind: 'deal', stage: 'won' } }, { detail: { kind: 'lead', amount: 11 } }],
  },
  {
    what: 'any element of an array',
    pattern: { resources: [{ suffix: '/b' }, 'x'] },
    wants: [{ resources: ['arn/a', 'arn/b'] }, { resources: [['x']] }],
    refuses: [{ resources: ['arn/a'] }, { resources: [] }],
  },
  {
    what: 'fields of one and the same object of an array',
    pattern: { detail: { lines: { product: ['p'], amount: [1] } } },
    wants: [{ detail: { lines: [{ product: 'q' }, { product: 'p', amount: 1 }] } }],
    refuses: [
      {
        detail: {
          lines: [
            { product: 'p', amount: 2 },
            { product: 'q', amount: 1 },
          ],
        },
      },
    ],
  },
];

describe('an event pattern', () => {
  it.each(ROWS)('wants $what', ({ pattern, wants, refuses }) => {
    for (const event of wants) expect([event, matches(pattern, event)]).toEqual([event, true]);
    for (const event of refuses) expect([event, matches(pattern, event)]).toEqual([event, false]);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['nothing', '{}'],
    ['a bare value', '{"source":"a"}'],
    ['an empty list', '{"source":[]}'],
    ['an empty object', '{"detail":{}}'],
    ['an operator it does not know', '{"source":[{"contains":"a"}]}'],
    ['two operators in one object', '{"source":[{"prefix":"a","suffix":"b"}]}'],
    ['two stars in a row', '{"source":[{"wildcard":"a**b"}]}'],
    ['an escape of nothing special', '{"source":[{"wildcard":"a\\\\b"}]}'],
    ['an empty range', '{"source":[{"numeric":[">",5,"<",5]}]}'],
    ['a range the wrong way round', '{"source":[{"numeric":["<",5,">",1]}]}'],
    ['a number as text', '{"source":[{"numeric":["=","5"]}]}'],
    ['a broken block of addresses', '{"source":[{"cidr":"10.0.0.0/33"}]}'],
    ['exists with something else', '{"source":[{"exists":"yes"}]}'],
    ['anything-but with both types', '{"source":[{"anything-but":["a",1]}]}'],
    ['anything-but with an operator it cannot take', '{"source":[{"anything-but":{"numeric":["=",1]}}]}'],
    ['$or with one alternative', '{"$or":[{"source":["a"]}]}'],
    ['more characters than a pattern may have', JSON.stringify({ source: ['a'.repeat(4096)] })],
  ])('is refused when it holds %s', (_what, pattern) => {
    expect(compileEventPattern(pattern)).toHaveProperty('fault');
  });

  it('does not become slow by any wildcard', () => {
    const compiled = compileEventPattern(JSON.stringify({ detail: { text: [{ wildcard: `${'*a'.repeat(500)}b` }] } }));
    expect('matches' in compiled && compiled.matches({ detail: { text: 'a'.repeat(100_000) } })).toBe(false);
  });
});
