import { describe, expect, test } from 'vitest';
import { previewRecord } from '../../../domain/pipeline/deliver/preview-delivery.ts';
import { describeRecord } from '../../../domain/pipeline/describe-record.ts';
import { eraseByPerson } from '../../../domain/pipeline/erase/erase-by-person.ts';
import { mergeByPerson } from '../../../domain/pipeline/merge/merge-by-person.ts';
import { auditAll, inShort } from '../../support/audited-hub.ts';
import { bundleOf, type SmallHub, setConnection, smallHub } from '../../support/small-hub.ts';
import { parentNameIn } from '../../support/tiny-mapping.ts';

async function look(small: SmallHub, connection: string, ids: readonly string[]): Promise<void> {
  await small.notice(connection, ids);
  await small.settle();
}

/** A child and its parent, in `one` and `two`; `two` is told the parent's name with the child. */
async function family() {
  const small = await smallHub(['one', 'two'], { mapping: parentNameIn('two') });
  const parent = small.systems.one?.create({ NAME: 'Parent', DOMAIN: 'parent.com' }) ?? '';
  const child = small.systems.one?.create({ NAME: 'Child', DOMAIN: 'child.com', PARENT: parent }) ?? '';
  await look(small, 'one', [parent, child]);
  const inTwo = (name: string): string => small.systems.two?.all().find(({ values }) => values.NAME === name)?.id ?? '';
  const there = inTwo('Child');
  await look(small, 'two', [inTwo('Parent'), there]);
  small.clock.now += 60_000;
  const told = (): unknown => small.systems.two?.read(there).PARENTNAME;
  const version = (await bundleOf(small, 'one', child)).unified?.version;
  return { small, parent, child, there, told, version, parentId: (await bundleOf(small, 'one', parent)).id };
}

describe('a field that stands with the record referred to', () => {
  test('is told to the systems that are mapped to it, and kept nowhere', async () => {
    const { small, child, told, parentId } = await family();
    const bundle = await bundleOf(small, 'one', child);

    const record = await describeRecord(small.hub, 'partner', bundle.id);

    expect(told()).toBe('Parent');
    expect(bundle.unified?.fields.parentName).toBeUndefined();
    expect(record?.fields.parentName).toMatchObject({
      value: 'Parent',
      from: `partner#${parentId}`,
      rule: 'through',
      why: 'it is the name of its parent',
    });
  });

  test('follows the other record as soon as that changes, and is looked at for nothing else', async () => {
    const { small, parent, child, told, version } = await family();
    const writes = small.systems.two?.calls.writes ?? 0;
    small.systems.one?.edit(parent, { NOTE: 'called' });
    await look(small, 'one', [parent]);
    const afterNote = small.systems.two?.calls.writes;

    small.systems.one?.edit(parent, { NAME: 'Parent Holding' });
    await look(small, 'one', [parent]);

    expect(afterNote).toBe(writes + 1);
    expect(told()).toBe('Parent Holding');
    expect((await bundleOf(small, 'one', child)).unified?.version).toBe(version);
  });

  test('follows it by the nightly walk where nothing says who borrows', async () => {
    const { small, parent, told } = await family();
    Object.assign(small.store, { readBorrowers: async () => [] });
    small.systems.one?.edit(parent, { NAME: 'Parent Holding' });
    await look(small, 'one', [parent]);
    const before = told();
    small.clock.now += 86_400_000;

    await small.outbox.sweep([{ schema: 1, connection: 'one', object: 'thing', mode: 'walk', attempts: 0 }], 0);
    await small.settle();

    expect([before, told()]).toEqual(['Parent', 'Parent Holding']);
  });

  test('is put back where somebody changes it, and is nobody’s edit', async () => {
    const { small, child, there, told, version } = await family();
    small.systems.two?.edit(there, { PARENTNAME: 'Somebody else' });

    await look(small, 'two', [there]);

    expect(told()).toBe('Parent');
    expect((await bundleOf(small, 'one', child)).unified?.version).toBe(version);
  });

  test('is that of another record as soon as this one refers to another, and empty when to none', async () => {
    const { small, child, told } = await family();
    const other = small.systems.one?.create({ NAME: 'Other', DOMAIN: 'other.com' }) ?? '';
    small.systems.one?.edit(child, { PARENT: other });
    await look(small, 'one', [other, child]);
    const then = told();
    small.clock.now += 60_000;
    small.systems.one?.edit(child, { PARENT: null });
    await look(small, 'one', [child]);

    expect([then, told()]).toEqual(['Other', null]);
  });

  test('is that of the survivor as soon as the other record is merged, and follows it', async () => {
    const { small, told, parentId } = await family();
    for (const id of ['one', 'two']) await setConnection(small, id, (state) => ({ ...state, backfilledAt: {} }));
    const survivor = small.systems.one?.create({ NAME: 'Survivor', DOMAIN: 'survivor.com' }) ?? '';
    await look(small, 'one', [survivor]);
    const { id: survivorId } = await bundleOf(small, 'one', survivor);
    expect(await mergeByPerson(small.hub, 'partner', survivorId, parentId, 'ops')).toBe('done');
    await small.settle();
    const survived = (await small.store.readUnified('partner', [survivorId])).get(survivorId)?.fields.name?.value;
    const merged = told();

    small.clock.now += 60_000;
    small.systems.one?.edit(survivor, { NAME: 'Survivor Holding' });
    await look(small, 'one', [survivor]);

    expect([survived, merged, told()]).toEqual(['Survivor', 'Survivor', 'Survivor Holding']);
  });

  test('is emptied as soon as the other record is erased', async () => {
    const { small, child, told, parentId } = await family();
    await eraseByPerson(small.hub, { kind: 'partner', id: parentId, keepIn: [], by: 'officer' });
    await small.settle();

    expect(told()).toBeNull();
    expect(await small.store.readBorrowers('partner', parentId, 10)).toEqual([]);
    expect(JSON.stringify((await bundleOf(small, 'one', child)).sources)).not.toMatch('Parent');
  });

  test('is shown by a preview, and found by an audit where it is behind', async () => {
    const { small, parent, child, there, parentId } = await family();
    await setConnection(small, 'two', (state) => ({ ...state, paused: { at: 1, reason: 'test', by: 'person' } }));
    small.systems.one?.edit(parent, { NAME: 'Parent Holding' });
    await look(small, 'one', [parent]);
    await setConnection(small, 'two', ({ paused: _paused, ...state }) => state);

    const [preview] = await previewRecord(small.hub, await bundleOf(small, 'one', child), 'two', undefined);
    const audit = await auditAll(small.hub);

    expect(preview?.fields).toEqual([
      {
        field: 'parentName',
        theirs: 'PARENTNAME',
        before: 'Parent',
        after: 'Parent Holding',
        from: `partner#${parentId}`,
        rule: 'through',
      },
    ]);
    expect(inShort(audit.differences)).toContain(`two ${there} differs parentName:behind`);
  });

  test('costs no read where no connection is told of it, and one for each look where one is', async () => {
    const reads: string[][] = [];
    const counted = async (options: Parameters<typeof smallHub>[1]) => {
      const small = await smallHub(['one', 'two'], options);
      const parent = small.systems.one?.create({ NAME: 'Parent', DOMAIN: 'parent.com' }) ?? '';
      const child = small.systems.one?.create({ NAME: 'Child', DOMAIN: 'child.com', PARENT: parent }) ?? '';
      await look(small, 'one', [parent, child]);
      const read = small.store.readUnified;
      Object.assign(small.store, {
        readUnified: (...[kind, ids]: Parameters<typeof read>) => {
          reads.push([...ids]);
          return read(kind, ids);
        },
      });
      await look(small, 'one', [child]);
      return reads.splice(0).length;
    };

    expect([await counted({}), await counted({ mapping: parentNameIn('two') })]).toEqual([0, 1]);
  });
});
