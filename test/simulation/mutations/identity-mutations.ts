import type { Mutation } from './mutations.ts';

const IDENTIFY = 'domain/pipeline/identify/identify-record.ts';
const NO_LOOK_UP = ['await hub.store.readKeys([...keys, ...marks]);', 'await hub.store.readKeys([]);'] as const;

/** Rules by which the hub knows what a record is, each broken in turn. */
export const IDENTITY_MUTATIONS: readonly Mutation[] = [
  { name: 'match keys are not looked up', file: IDENTIFY, family: 'mailbox', patches: [NO_LOOK_UP] },
  {
    name: 'match keys are neither looked up nor claimed',
    file: IDENTIFY,
    patches: [
      NO_LOOK_UP,
      [
        '  for (const key of keys) {\n    if (await store.putKey',
        '  for (const key of keys.slice(keys.length)) {\n    if (await store.putKey',
      ],
    ],
  },
  {
    name: 'the stamp of a made record is not looked at',
    file: IDENTIFY,
    family: 'unanswered',
    patches: [
      ["if (hubId === undefined || hubId === '') return undefined;", "if (hubId !== 'no such id') return undefined;"],
    ],
  },
  {
    name: 'what is in doubt about a record that another worker just makes is forgotten',
    file: IDENTIFY,
    family: 'alike',
    patches: [
      ['if (first !== undefined && !holders.isWritten(first)) {', "if (first === '' && !holders.isWritten(first)) {"],
    ],
  },
  {
    name: 'each system that brings a record in doubt asks for itself',
    file: 'domain/pipeline/identify/find-likeness.ts',
    family: 'alike',
    patches: [
      ["problemId({ ...about, connection: 'hub' })", "problemId({ ...about, ...tell([]), cause: 'duplicate' })"],
    ],
  },
];
