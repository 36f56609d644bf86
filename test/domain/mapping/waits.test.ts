import { describe, expect, test } from 'vitest';
import type { Wait } from '../../../domain/mapping/compiled-mapping.ts';
import { loadMappings } from '../../../domain/mapping/load-mappings.ts';
import { files, GOOD, MAPPING, mistakesAfter } from './small-files.ts';

const LINE =
  '  - { hub: domain, theirs: domain, flow: both, codec: domain }\n  - { hub: website, theirs: site, flow: both, codec: url }\n';

function waitsOf(text: string): readonly Wait[] {
  const document = (GOOD[MAPPING] ?? '').replace('fields:\n', `waits:\n  - ${text}\nfields:\n${LINE}`);
  const loaded = loadMappings(files({ [MAPPING]: document }));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value.mappings.of('hubspot', 'company')?.waits ?? [];
}

describe('the waits of a mapping', () => {
  test('know the line that reads the state, and every field when none is named', () => {
    const [wait] = waitsOf('{ theirs: colour, is: [CRIMSON], note: Locked. }');

    expect(wait).toMatchObject({ theirs: 'colour', readAs: 'colour', isWhole: true, note: 'Locked.' });
    expect([...(wait?.fields ?? [])]).toEqual(['domain', 'website', 'name', 'colour', 'tags', 'owner', 'parent']);
  });

  test('look at the system’s own value, in any case', () => {
    const [wait] = waitsOf('{ theirs: colour, is: [CRIMSON], note: Locked. }');

    expect([wait?.isMetBy('crimson'), wait?.isMetBy('RED'), wait?.isMetBy(null)]).toEqual([true, false, false]);
  });

  test('hold back a group as a whole', () => {
    const [wait] = waitsOf('{ theirs: colour, is: [RED], fields: [website, name], note: Locked. }');

    expect([...(wait?.fields ?? [])].sort()).toEqual(['domain', 'name', 'website']);
    expect(wait?.isWhole).toBe(false);
  });

  test.each([
    [
      'a state that no line reads',
      '{ theirs: color, is: [RED], note: n }',
      `${MAPPING}:9: waits[0].theirs: no line of this mapping reads "color"; did you mean "colour"?`,
    ],
    [
      'a field nobody knows',
      '{ theirs: colour, is: [RED], fields: [nam], note: n }',
      `${MAPPING}:9: waits[0].fields[0]: the vocabulary of partner has no field "nam"; did you mean "name"?`,
    ],
    [
      'a field that is not written',
      '{ theirs: colour, is: [RED], fields: [domain], note: n }',
      `${MAPPING}:9: waits[0].fields[0]: "domain" is not written by this mapping, so it cannot wait`,
    ],
  ])('with %s are a mistake', (_name, wait, mistake) => {
    expect(mistakesAfter(MAPPING, 'fields:\n', `waits:\n  - ${wait}\nfields:\n`)).toEqual([mistake]);
  });
});
