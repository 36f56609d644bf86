import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { applies, MUTATIONS } from './mutations.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

test.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
  '%s: the rule still stands where it is broken',
  (_name, mutation) => {
    expect(applies(mutation, readFileSync(join(ROOT, mutation.file), 'utf8'))).toBe(true);
  },
);

test('a rule that stands twice, or nowhere, is not broken by chance', () => {
  const mutation = { name: 'a', file: 'a.ts', patches: [['if (a)', 'if (b)']] } as const;

  expect(['if (a) if (a)', 'if (c)', 'if (a)'].map((text) => applies(mutation, text))).toEqual([false, false, true]);
});
