import { expect, test } from 'vitest';
import { VisibleFields } from '../../../connectors/salesforce/visible-fields.ts';
import { FIELDS_KNOWN_MS } from '../../../domain/model/snapshot.ts';

test('what is known of the fields of an object is forgotten after a while, since a permission may be given at any time', () => {
  let now = 1_000;
  const visible = new VisibleFields(() => now);
  visible.set('Account', new Set(['Name']));

  now += FIELDS_KNOWN_MS - 1;
  expect(visible.get('Account')).toEqual(new Set(['Name']));
  expect(visible.get('Contact')).toBeUndefined();

  now += 1;
  expect(visible.get('Account')).toBeUndefined();
});
