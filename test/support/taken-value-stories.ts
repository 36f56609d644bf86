import { mergeByPerson } from '../../domain/pipeline/merge/merge-by-person.ts';
import { type CauseStory, edit, pass } from './problem-stories.ts';
import { bundleOf, type SmallHub, smallHub } from './small-hub.ts';

/** Of creations that another record's unique value stands in the way of. */
export const TAKEN_STORIES: readonly CauseStory[] = [
  {
    cause: 'value-taken',
    title: 'when the record in the way gives the value up',
    isSteady: false,
    async begin() {
      const { small, b } = await twoOfOneNote();
      return { small, mend: () => edit(small, 'two', b, { NOTE: null }) };
    },
  },
  {
    cause: 'value-taken',
    title: 'when the record to be made takes another value',
    async begin() {
      const { small, a } = await twoOfOneNote();
      return { small, mend: () => edit(small, 'one', a, { NOTE: 'other' }) };
    },
  },
  {
    cause: 'value-taken',
    title: 'when the two are merged',
    async begin() {
      const { small, a, b } = await twoOfOneNote();
      const survivor = (await bundleOf(small, 'two', b)).id;
      const loser = (await bundleOf(small, 'one', a)).id;
      return {
        small,
        mend: async () => {
          await mergeByPerson(small.hub, 'partner', survivor, loser, 'ada');
          await small.settle();
        },
      };
    },
  },
];

/** Of two companies, one in each system, that hold a value which `two` keeps unique, the one in `one` cannot be made there. */
async function twoOfOneNote(): Promise<{ readonly small: SmallHub; readonly a: string; readonly b: string }> {
  const small = await smallHub(['one', 'two'], { directions: { one: 'in' } });
  const b = small.systems.two?.create({ NAME: 'Globex', DOMAIN: 'globex.com', NOTE: 'x' }) ?? '';
  await pass(small, 'two', b);
  small.systems.two?.keepUnique('NOTE');
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'x' }) ?? '';
  await pass(small, 'one', a);
  return { small, a, b };
}
