import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorAnswer, RecordAnswer } from '../../../connectors/hubspot/answers.ts';
import { toErrorAnswer } from '../../../connectors/hubspot/answers.ts';
import { matchBatch, type Sent, sendInHalves } from '../../../connectors/hubspot/send-batch.ts';
import { type Fault, fail, type Result, succeed } from '../../../domain/model/fault.ts';

function record(id: string, over: Partial<RecordAnswer> = {}): RecordAnswer {
  return {
    id,
    properties: {},
    createdAt: undefined,
    updatedAt: undefined,
    archivedAt: undefined,
    traceId: undefined,
    ...over,
  };
}

const refusalOf = (traceId: string): ErrorAnswer =>
  toErrorAnswer({ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: [traceId] } });

describe('matching a batch', () => {
  it('goes by trace id, whatever the order and whoever is left out', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 40 }),
        fc.func(fc.constantFrom('done', 'refused', 'silent')),
        fc.func(fc.integer()),
        (keys, fateOf, shuffle) => {
          const inputs = keys.map((key) => ({ key: String(key) }));
          const order = inputs.toSorted((a, b) => shuffle(a.key) - shuffle(b.key));
          const results = order
            .filter(({ key }) => fateOf(key) === 'done')
            .map(({ key }) => record(`r${key}`, { traceId: key }));
          const errors = order.filter(({ key }) => fateOf(key) === 'refused').map(({ key }) => refusalOf(key));

          const sent = matchBatch(inputs, { results, errors }, 'create');

          for (const { key } of inputs) {
            const outcome = sent.get(key);
            const told = outcome?.ok ? outcome.value.id : outcome?.fault.kind;
            expect(told).toBe({ done: `r${key}`, refused: 'rejected', silent: 'uncertain' }[fateOf(key)]);
          }
        },
      ),
    );
  });

  it('goes by record id or unique property where no trace id comes back', () => {
    const results = [record('9', { properties: { tributary_id: 'B' } }), record('7')];
    const inputs = [
      { key: 'a', id: '7' },
      { key: 'b', unique: { property: 'tributary_id', value: 'B' } },
    ];

    const sent = matchBatch(inputs, { results, errors: [] }, 'create');

    expect(sent.get('a')).toMatchObject({ ok: true, value: { id: '7' } });
    expect(sent.get('b')).toMatchObject({ ok: true, value: { id: '9' } });
  });

  it('takes a refusal that names record ids only for the update of that record', () => {
    const errors = [toErrorAnswer({ category: 'OBJECT_NOT_FOUND', context: { ids: ['7'] } })];

    const sent = matchBatch(
      [
        { key: 'a', id: '7' },
        { key: 'b', id: '8' },
      ],
      { results: [], errors },
      'update',
    );

    expect(sent.get('a')).toMatchObject({ fault: { kind: 'missing' } });
    expect(sent.get('b')).toMatchObject({ fault: { kind: 'uncertain' } });
  });
});

describe('sending in halves', () => {
  const rejected: Fault = { kind: 'rejected', code: 'BAD', message: 'x', fields: [] };
  type Input = { readonly key: string };
  const inputsOf = (count: number): readonly Input[] =>
    Array.from({ length: count }, (_, key) => ({ key: String(key) }));

  /** Refuses a whole request if one of its inputs is bad. */
  function server(isBad: (key: string) => boolean, fault: Fault = rejected) {
    const requests: number[] = [];
    const request = async (part: readonly Input[]): Promise<Result<Sent<string>>> => {
      requests.push(part.length);
      return part.some(({ key }) => isBad(key))
        ? fail(fault)
        : succeed(new Map(part.map(({ key }) => [key, succeed(`done ${key}`)])));
    };
    return { requests, request };
  }

  it('fails exactly the bad inputs, within twice as many requests as inputs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), fc.func(fc.boolean()), async (count, isBad) => {
        const { requests, request } = server(isBad);

        const sent = await sendInHalves(inputsOf(count), request);

        expect(sent.size).toBe(count);
        for (const [key, outcome] of sent) expect(outcome.ok).toBe(!isBad(key));
        expect(requests.length).toBeLessThanOrEqual(2 * count - 1);
      }),
      { numRuns: 50 },
    );
  });

  it('sends one request when nothing is bad, and none for nothing', async () => {
    const { requests, request } = server(() => false);

    await sendInHalves(inputsOf(100), request);
    await sendInHalves([], request);

    expect(requests).toEqual([100]);
  });

  it('does not take a throttled or lost request apart', async () => {
    for (const kind of ['throttled', 'transient', 'uncertain', 'credential', 'defect'] as const) {
      const { requests, request } = server(() => true, { kind, code: 'X', message: 'x' });

      const sent = await sendInHalves(inputsOf(8), request);

      expect(requests).toEqual([8]);
      expect([...sent.values()].every((outcome) => !outcome.ok && outcome.fault.kind === kind)).toBe(true);
    }
  });
});
