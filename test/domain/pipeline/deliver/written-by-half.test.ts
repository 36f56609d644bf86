import { expect, test } from 'vitest';
import { behindByNote, deliver, dueFor, sourceIn } from '../../../support/due-deliveries.ts';
import { withPort } from '../../../support/small-hub.ts';

test('a write that gave the new value and did not take the former one away goes out again', async () => {
  const { small, b, id } = await behindByNote();
  const written: unknown[] = [];
  let isByHalf = false;
  const ofSeveral = withPort(small.hub, 'two', (port) => ({
    read: async (...asked) => {
      const answer = await port.read(...asked);
      if (!answer.ok || !isByHalf) return answer;
      const value = answer.value.map((each) =>
        each.outcome === 'found'
          ? { ...each, snapshot: { ...each.snapshot, among: { NOTE: ['new', 'former'] } } }
          : each,
      );
      return { ok: true, value };
    },
    write: async (object, hubIdField, items, work) => {
      written.push(...items.map(({ values, base }) => [base.NOTE, values.NOTE]));
      const outcomes = await port.write(object, hubIdField, items, work);
      if (isByHalf) {
        isByHalf = false;
        return outcomes;
      }
      isByHalf = true;
      return items.map(() => ({ outcome: 'failed', fault: { kind: 'transient', code: '503', message: 'away' } }));
    },
  }));

  await deliver(ofSeveral, dueFor(id));
  await deliver(ofSeveral, dueFor(id));

  expect(written).toEqual([
    ['former', 'new'],
    ['former', 'new'],
  ]);
  const source = await sourceIn(small, 'two', b);
  expect(source.fields.note).toMatchObject({ value: 'new', origin: 'hub' });
  expect(source.intents).toEqual({});
});
