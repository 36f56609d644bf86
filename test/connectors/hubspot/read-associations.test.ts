import { describe, expect, it } from 'vitest';
import { HubspotAnswerError } from '../../../connectors/hubspot/answer-error.ts';
import { type AssociatedAnswer, type BatchAnswer, toErrorAnswer } from '../../../connectors/hubspot/answers.ts';
import { objectTypes } from '../../../connectors/hubspot/object-types.ts';
import { readAssociations } from '../../../connectors/hubspot/read-associations.ts';
import { callTo } from './fake-api.ts';

const { deal, contact } = objectTypes;
const to = (id: string) => ({ id, typeIds: [3] });

async function readWith(answers: readonly BatchAnswer<AssociatedAnswer>[], ids: readonly string[]) {
  let calls = 0;
  const inputs: unknown[] = [];
  const call = callTo({
    readAssociations: async (_from, _to, asked) => {
      inputs.push(asked);
      return answers[Math.min(calls++, answers.length - 1)] ?? { results: [], errors: [] };
    },
  });
  return { answer: await readAssociations(call, deal, contact, ids), inputs };
}

describe('reading associations', () => {
  it('holds an empty list for a record that is said to have none, and for one that is not mentioned', async () => {
    const none = toErrorAnswer({
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
      context: { fromObjectId: ['2'] },
    });

    const { answer } = await readWith(
      [{ results: [{ fromId: '1', to: [to('9')], after: undefined }], errors: [none] }],
      ['1', '2', '3'],
    );

    expect(answer.ok && [...answer.value]).toEqual([
      ['1', { ok: true, value: [to('9')] }],
      ['2', { ok: true, value: [] }],
      ['3', { ok: true, value: [] }],
    ]);
  });

  it('fails the record an error is about: an unreadable association is not a removed one', async () => {
    const error = toErrorAnswer({ category: 'OBJECT_NOT_FOUND', context: { fromObjectId: ['2'] } });

    const { answer } = await readWith(
      [{ results: [{ fromId: '1', to: [to('9')], after: undefined }], errors: [error] }],
      ['1', '2'],
    );

    expect(answer.ok && answer.value.get('1')).toMatchObject({ ok: true });
    expect(answer.ok && answer.value.get('2')).toMatchObject({
      ok: false,
      fault: { kind: 'transient', code: 'ASSOCIATIONS_NOT_FOUND' },
    });
  });

  it('fails all records without an answer when an error does not say whom it is about', async () => {
    const error = toErrorAnswer({ category: 'INTERNAL_ERROR' });

    const { answer } = await readWith(
      [{ results: [{ fromId: '1', to: [to('9')], after: undefined }], errors: [error] }],
      ['1', '2', '3'],
    );

    expect(answer.ok && [...answer.value.values()].map(({ ok }) => ok)).toEqual([true, false, false]);
  });

  it('asks on only for the records that have more', async () => {
    const page = (fromId: string, id: string, after?: string): AssociatedAnswer => ({ fromId, to: [to(id)], after });

    const { answer, inputs } = await readWith(
      [
        { results: [page('1', '8', 'x'), page('2', '9')], errors: [] },
        { results: [page('1', '7')], errors: [] },
      ],
      ['1', '2'],
    );

    expect(inputs).toEqual([[{ id: '1' }, { id: '2' }], [{ id: '1', after: 'x' }]]);
    expect(answer.ok && answer.value.get('1')).toEqual({ ok: true, value: [to('8'), to('7')] });
  });

  it('gives up on a record with endless pages, and on nothing else', async () => {
    const endless = { results: [{ fromId: '1', to: [to('9')], after: 'on' }], errors: [] };

    const { answer, inputs } = await readWith([endless], ['1', '2']);

    expect(inputs.length).toBe(20);
    expect(answer.ok && answer.value.get('1')).toMatchObject({
      fault: { kind: 'rejected', code: 'TOO_MANY_ASSOCIATIONS' },
    });
    expect(answer.ok && answer.value.get('2')).toMatchObject({ ok: true });
  });

  it('fails as a whole when a page cannot be had', async () => {
    const call = callTo({ readAssociations: () => Promise.reject(new HubspotAnswerError(503, {})) });

    expect(await readAssociations(call, deal, contact, ['1'])).toMatchObject({
      ok: false,
      fault: { kind: 'transient' },
    });
  });
});
