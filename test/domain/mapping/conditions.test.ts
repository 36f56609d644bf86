import { describe, expect, test } from 'vitest';
import { compileFilter, compileTake } from '../../../domain/mapping/conditions.ts';

describe('a filter', () => {
  test.each([
    [{ email: 'present' as const }, { email: 'ann@example.com' }, true],
    [{ email: 'present' as const }, { email: null }, false],
    [{ email: 'present' as const }, {}, false],
    [{ products: 'absent' as const }, { products: [] }, true],
    [{ stage: ['won', 'lost'] }, { stage: 'won' }, true],
    [{ stage: ['won', 'lost'] }, { stage: 'committed' }, false],
    [{ stage: ['won'] }, {}, false],
    [{ stage: { not: ['lost'] } }, { stage: 'won' }, true],
    [{ stage: { not: ['lost'] } }, {}, true],
    [{ products: ['security'] }, { products: ['analytics', 'security'] }, true],
    [{ email: 'present' as const, stage: ['won'] }, { email: 'a@b.example', stage: 'lost' }, false],
    [undefined, {}, true],
  ])('%j of %j is %j', (filter, values, isSent) => {
    expect(compileFilter(filter)(values)).toBe(isSent);
  });
});

describe('what is taken in', () => {
  test.each([
    [{ IsConverted: [false] }, { IsConverted: false }, true],
    [{ IsConverted: [false] }, { IsConverted: 'False' }, true],
    [{ IsConverted: [false] }, { IsConverted: true }, false],
    [{ pipeline: ['default'] }, { pipeline: '48201733' }, false],
    [{ Level: [1] }, { Level: 1 }, true],
    [{ pipeline: ['default'] }, { pipeline: null }, false],
  ])('%j of %j is %j', (take, values, isTaken) => {
    expect(compileTake(take)(values)).toBe(isTaken);
  });

  test('is not decided by a field that the connection may not see', () => {
    expect(compileTake({ IsConverted: [false] })({})).toBe(true);
    expect(compileTake(undefined)({})).toBe(true);
  });
});
