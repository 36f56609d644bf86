import { describe, expect, test } from 'vitest';
import { bundleOf, pairedHub, type SmallHub } from '../../../support/small-hub.ts';

/** `a`/`b` is a company in both systems that belongs to a parent, which is in both, too. */
async function childAndParent() {
  const { small, a, b } = await pairedHub();
  const parent = small.systems.one?.create({ NAME: 'Parent', DOMAIN: 'parent.com' }) ?? '';
  await small.notice('one', [parent]);
  await small.settle();
  small.clock.now += 60_000;
  small.systems.one?.edit(a, { PARENT: parent });
  await small.notice('one', [a]);
  await small.settle();
  small.clock.now += 60_000;
  const parentInTwo = small.systems.two?.read(b).PARENT;
  if (typeof parentInTwo !== 'string') throw new Error('the parent did not arrive');
  return { small, a, b, parent, parentInTwo };
}

async function look(small: SmallHub, connection: string, ids: readonly string[]): Promise<void> {
  await small.notice(connection, ids);
  await small.settle();
}

describe('a record that others refer to is deleted in one system', () => {
  test('and what refers to it there loses it nowhere else', async () => {
    const { small, a, b, parent, parentInTwo } = await childAndParent();
    small.systems.two?.remove(parentInTwo);
    small.systems.two?.edit(b, { PARENT: null });

    // The record that lost its reference is told before the deletion is.
    await look(small, 'two', [b]);
    await look(small, 'two', [parentInTwo]);

    expect(small.systems.one?.read(a).PARENT).toBe(parent);
    expect(small.systems.two?.read(b).PARENT).toBeNull();
    expect((await bundleOf(small, 'one', a)).unified?.fields.parent?.value).toBe(
      (await bundleOf(small, 'one', parent)).id,
    );
  });

  test('but a reference that a person empties is emptied everywhere', async () => {
    const { small, a, b } = await childAndParent();
    small.systems.two?.edit(b, { PARENT: null });

    await look(small, 'two', [b]);

    expect(small.systems.one?.read(a).PARENT).toBeNull();
  });

  test('and a new record is made there without the reference', async () => {
    const { small, parent, parentInTwo } = await childAndParent();
    small.systems.two?.remove(parentInTwo);
    await look(small, 'two', [parentInTwo]);
    const late = small.systems.one?.create({ NAME: 'Late', DOMAIN: 'late.com', PARENT: parent }) ?? '';

    await look(small, 'one', [late]);

    const made = small.systems.two?.all().find(({ values }) => values.NAME === 'Late');
    expect(made?.values.PARENT ?? null).toBeNull();
    expect(made).toBeDefined();
  });

  test.each(['changed', 'made'] as const)(
    'and a record that is %s there before the hub has heard of it goes out without the reference',
    async (how) => {
      const { small, a, b, parent, parentInTwo } = await childAndParent();
      small.systems.one?.edit(a, { PARENT: null });
      await look(small, 'one', [a]);
      await look(small, 'two', [b]);
      small.clock.now += 60_000;
      const writesBefore = small.systems.two?.calls.writes ?? 0;
      small.systems.two?.remove(parentInTwo);
      const values = { PARENT: parent, NOTE: 'new' };
      if (how === 'changed') small.systems.one?.edit(a, values);
      const late = how === 'made' ? small.systems.one?.create({ NAME: 'Late', DOMAIN: 'late.com', ...values }) : a;

      await look(small, 'one', [late ?? '']);

      const told = small.systems.two?.all().find(({ values: { NOTE } }) => NOTE === 'new');
      expect(told?.values.PARENT ?? null).toBeNull();
      expect([told?.id === b, told !== undefined]).toEqual([how === 'changed', true]);
      expect((small.systems.two?.calls.writes ?? 0) - writesBefore).toBe(2);
    },
  );
});
