import { expect, test } from 'vitest';
import type { DescribedRecord } from '../../../domain/pipeline/describe-record.ts';
import { describe as inWords } from '../../../local/cli/record.ts';

const RECORD: DescribedRecord = {
  kind: 'partner',
  id: 'U1',
  state: 'present',
  version: 2,
  createdAt: 'T0',
  changedAt: 'T1',
  fields: {},
  seats: { 'sf#Account': '001' },
  shadows: [],
  sources: [],
  problems: [],
  waiting: [],
  keys: [],
  journal: [],
};

test('a record tells of a value that no lookup lists which one it is, and what to do', () => {
  const problem = {
    id: 'p1',
    cause: 'unmapped-value',
    connection: 'sf',
    field: 'industry',
    message: 'industry: The value is not listed in mappings/lookups/industry.yaml.',
    value: 'Sun & Wind',
    nextStep: 'Correct it.',
  } as const;

  const { value: _, ...other } = problem;
  const lines = inWords({ ...RECORD, problems: [problem, { ...other, id: 'p2' }] }).split('\n');

  const start = lines.indexOf('What waits for a person');
  expect(lines.slice(start + 1, start + 8)).toEqual([
    '  unmapped-value  sf  industry  (p1)',
    '    industry: The value is not listed in mappings/lookups/industry.yaml.',
    '    Its value: “Sun & Wind”',
    '    → Correct it.',
    '  unmapped-value  sf  industry  (p2)',
    '    industry: The value is not listed in mappings/lookups/industry.yaml.',
    '    → Correct it.',
  ]);
});
