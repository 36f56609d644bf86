import type { CompiledMapping } from '../../domain/mapping/compiled-mapping.ts';
import type { VendorEvent } from '../../domain/model/vendor-event.ts';
import type { Vocabulary, VocabularyField } from '../../domain/model/vocabulary.ts';
import { takeEvents } from '../../domain/pipeline/absorb/take-events.ts';
import { decideByPerson } from '../../domain/pipeline/decide-by-person.ts';
import { ignoreProblem } from '../../domain/pipeline/problems/ignore-problem.ts';
import type { CauseStory } from './problem-stories.ts';
import { type SmallHub, smallHub } from './small-hub.ts';
import { tinyVocabulary } from './tiny-mapping.ts';

/** The stories of what comes of selling on a cloud's marketplace and together with it. */
export const AWS_STORIES: readonly CauseStory[] = [
  {
    cause: 'event',
    title: 'when a person says that it was seen to',
    isAnswered: true,
    async begin() {
      const small = await smallHub(['one']);
      await takeEvents(keepsEvents(small), [{ event: PAYMENT_HELD_BACK, isRepeated: false }]);
      const [problem] = (await small.store.listProblems({ limit: 1 })).problems;
      return {
        small,
        mend: async () => {
          await ignoreProblem(small.hub, problem?.id ?? '', { by: 'ada', reason: 'AWS pays again.' });
        },
      };
    },
  },
  {
    cause: 'invitation',
    title: 'when it has run out',
    async begin() {
      const { small, id } = await invitedHub();
      return {
        small,
        mend: async () => {
          small.clock.now += 5_000;
          small.systems.one?.edit(id, { STATUS: 'expired' });
          await small.notice('one', [id]);
          await small.settle();
        },
      };
    },
  },
  {
    cause: 'invitation',
    title: 'when somebody has answered it',
    async begin() {
      const { small, unifiedId } = await invitedHub();
      return {
        small,
        mend: async () => {
          const values = { decision: 'accept' };
          await decideByPerson(small.hub, { kind: 'invitation', id: unifiedId, values, by: 'ada' });
          await small.settle();
        },
      };
    },
  },
];

const PAYMENT_HELD_BACK: VendorEvent = {
  id: 'e-1',
  source: 'aws.test',
  detailType: 'Payment Held Back',
  account: '111122223333',
  region: 'us-east-1',
  time: '2026-03-02T10:15:00Z',
  resources: [],
  detail: {},
};

/** The hub with one connection to which every event tells something that no record stands behind. */
function keepsEvents({ hub }: SmallHub): SmallHub['hub'] {
  const kept = { why: 'no-record', message: 'A payment is held back.', nextStep: 'Look it up.', facts: {} } as const;
  return { ...hub, receiveEvent: async () => ({ hints: [], ignored: {}, kept }) };
}

/** A hub of invitations that has met one which waits for an answer. */
async function invitedHub(): Promise<{ readonly small: SmallHub; readonly id: string; readonly unifiedId: string }> {
  const small = await smallHub(['one'], { vocabulary: invitationVocabulary(), mapping: withStates });
  const id = small.systems.one?.create({ NAME: 'Sell this together', STATUS: 'pending' }) ?? '';
  await small.notice('one', [id]);
  await small.settle();
  const [problem] = (await small.store.listProblems({ limit: 1 })).problems;
  return { small, id, unifiedId: problem?.unifiedId ?? '' };
}

function invitationVocabulary(): Vocabulary {
  const { fields, ...plain } = tinyVocabulary('invitation');
  return { ...plain, fields: new Map([...fields, ['status', STATUS], ['decision', DECISION]]) };
}

const STATUS: VocabularyField = {
  name: 'status',
  tag: 'y',
  type: 'choice',
  choices: ['pending', 'expired'],
  isMany: false,
  survivorship: { by: 'newest' },
  isPersonal: false,
  note: '',
};
const DECISION: VocabularyField = {
  ...STATUS,
  name: 'decision',
  tag: 'z',
  choices: ['accept', 'reject'],
  survivorship: { by: 'hub' },
};

/** What is special about the mapping of invitations: where their state stands. */
function withStates(_connection: string, mapping: CompiledMapping): CompiledMapping {
  const note = mapping.byField.get('note');
  if (note === undefined) throw new Error('The tiny mapping has no line of notes.');
  const fields = [...mapping.fields, { ...note, field: 'status', theirs: 'STATUS', vocabulary: STATUS }];
  return {
    ...mapping,
    fields,
    byField: new Map(fields.map((each) => [each.field, each])),
    theirFields: [...mapping.theirFields, 'STATUS'],
  };
}
