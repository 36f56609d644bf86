import { type CauseStory, pass, remove } from './problem-stories.ts';
import { pairedHub, type SmallHub } from './small-hub.ts';

/** Of records that their system does not show to the hub any more. */
export const HIDDEN_STORIES: readonly CauseStory[] = [
  {
    cause: 'not-shown',
    title: 'when the record is shown again',
    isSteady: false,
    async begin() {
      const { small } = await hiddenHub();
      small.systems.one?.hide([]);
      return { small, mend: async () => undefined };
    },
  },
  {
    cause: 'not-shown',
    title: 'when the record is said to be deleted',
    async begin() {
      const { small, a } = await hiddenHub();
      return {
        small,
        mend: async () => {
          small.systems.one?.hide([]);
          await remove(small, 'one', a);
        },
      };
    },
  },
];

/** A company known on both sides that `one` does not show any more, and the hub was told of. */
async function hiddenHub(): Promise<{ readonly small: SmallHub; readonly a: string }> {
  const { small, a } = await pairedHub();
  small.systems.one?.hide([a]);
  await pass(small, 'one', a);
  return { small, a };
}
