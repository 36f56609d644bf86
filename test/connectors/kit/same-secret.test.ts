import { describe, expect, it } from 'vitest';
import { isSameSecret } from '../../../connectors/kit/same-secret.ts';

describe('isSameSecret', () => {
  it('knows the same text from another one, also of another length', () => {
    expect(isSameSecret('secret-ä', 'secret-ä')).toBe(true);
    expect(isSameSecret('secret', 'secreT')).toBe(false);
    expect(isSameSecret('secret', 'secret-and-more')).toBe(false);
  });

  it('lets nobody in by an empty or absent secret', () => {
    expect(isSameSecret('', '')).toBe(false);
    expect(isSameSecret(undefined, undefined)).toBe(false);
    expect(isSameSecret('x', undefined)).toBe(false);
  });
});
