import { describe, expect, test } from 'vitest';
import { compileMappings } from '../../../domain/mapping/compile-mappings.ts';
import { NOTHING_KNOWN, type SourceRecord } from '../../../domain/model/source-record.ts';
import { decideByPerson } from '../../../domain/pipeline/decide-by-person.ts';
import { noEffects, sendEffects } from '../../../domain/pipeline/effects.ts';
import type { Hub } from '../../../domain/pipeline/ports.ts';
import { retryProblem } from '../../../domain/pipeline/problems/retry-problem.ts';
import { reviewNow } from '../../../domain/pipeline/problems/review-problems.ts';
import { settleRecord } from '../../../domain/pipeline/settle-record.ts';
import { smallHub } from '../../support/small-hub.ts';

const ID = '01INVITATION0000000000000A';
const PENDING = { status: 'PENDING', title: 'Sell this together' };

describe('an invitation', () => {
  test('waits for a person: it is a question, and nothing is sent', async () => {
    const { hub, meet, outbox } = await hubWithInvitations();
    await meet(PENDING);

    const [problem] = (await hub.store.listProblems({ limit: 10 })).problems;

    expect(problem).toMatchObject({
      cause: 'invitation',
      unifiedId: ID,
      nextStep: expect.stringContaining('hub accept'),
    });
    expect(outbox.waiting.deliveries).toEqual([]);
  });

  test('is asked about until it is answered: a retry is no answer', async () => {
    const { hub, meet } = await hubWithInvitations();
    await meet(PENDING);
    const [problem] = (await hub.store.listProblems({ limit: 10 })).problems;

    expect(await retryProblem(hub, problem?.id ?? '')).toBe('queued');

    expect((await hub.store.listProblems({ limit: 10 })).problems).toMatchObject([{ cause: 'invitation' }]);
  });

  test('that a person answers goes out, is no question any more, and the journal knows who said so', async () => {
    const { hub, meet, outbox } = await hubWithInvitations();
    await meet(PENDING);

    const answer = await decideByPerson(hub, {
      kind: 'invitation',
      id: ID,
      values: { decision: 'accept' },
      by: 'ada',
      note: 'We know them.',
    });

    expect(answer.end).toBe('done');
    const { unified } = await hub.store.readBundle('invitation', ID);
    expect(unified?.fields.decision).toMatchObject({ value: 'accept', from: 'hub' });
    expect((await hub.store.listProblems({ limit: 10 })).problems).toEqual([]);
    expect(await hub.store.readJournal('invitation', ID, 10)).toContainEqual(
      expect.objectContaining({ step: 'decided', by: 'ada', note: 'We know them.' }),
    );
    expect(outbox.waiting.deliveries).toContainEqual(
      expect.objectContaining({ message: expect.objectContaining({ id: ID, object: 'Invitation' }) }),
    );
  });

  test('that others keep writing is answered so, and deciding again goes through', async () => {
    const { hub, meet, outbox } = await hubWithInvitations();
    await meet(PENDING);
    let writes = 0;
    const busy: Hub = {
      ...hub,
      store: {
        ...hub.store,
        putUnified: async (record, expected) => {
          writes += 1;
          return writes === 1 && (await hub.store.putUnified(record, expected));
        },
      },
    };
    const decision = { kind: 'invitation', id: ID, values: { decision: 'accept' }, by: 'ada' } as const;

    expect(await decideByPerson(busy, decision)).toEqual({ end: 'contended' });
    expect(outbox.waiting.deliveries).toEqual([]);
    expect(await decideByPerson(hub, decision)).toEqual({ end: 'done' });
    expect(outbox.waiting.deliveries).toHaveLength(1);
  });

  test('whose answer was cut short before it went out is asked about still, and answering again goes through', async () => {
    const { hub, meet, outbox } = await hubWithInvitations();
    await meet(PENDING);
    const decision = { kind: 'invitation', id: ID, values: { decision: 'accept' }, by: 'ada' } as const;

    await expect(decideByPerson(withoutQueues(hub), decision)).rejects.toThrow('cut short');
    expect((await hub.store.listProblems({ limit: 10 })).problems).toMatchObject([{ cause: 'invitation' }]);
    expect(await decideByPerson(hub, decision)).toEqual({ end: 'done' });

    expect(outbox.waiting.deliveries).toHaveLength(1);
    expect((await hub.store.listProblems({ limit: 10 })).problems).toEqual([]);
  });

  test('whose answer was cut short goes out with the next review, if nobody answers again', async () => {
    const { hub, meet, outbox } = await hubWithInvitations();
    await meet(PENDING);
    const [problem] = (await hub.store.listProblems({ limit: 10 })).problems;
    if (problem === undefined) throw new Error('no problem');
    const decision = { kind: 'invitation', id: ID, values: { decision: 'reject' }, by: 'ada' } as const;
    await expect(decideByPerson(withoutQueues(hub), decision)).rejects.toThrow('cut short');

    expect(await reviewNow(hub, problem)).toBe('gone');

    expect(outbox.waiting.deliveries).toHaveLength(1);
    expect((await hub.store.listProblems({ limit: 10 })).problems).toEqual([]);
  });

  test('that ran out closes its question, and cannot be answered any more', async () => {
    const { hub, meet } = await hubWithInvitations();
    await meet(PENDING);
    await meet({ ...PENDING, status: 'EXPIRED' });

    expect((await hub.store.listProblems({ limit: 10 })).problems).toEqual([]);
    expect(
      await decideByPerson(hub, { kind: 'invitation', id: ID, values: { decision: 'accept' }, by: 'ada' }),
    ).toEqual({ end: 'refused', reason: 'The invitation is expired: there is nothing to decide any more.' });
  });

  test('keeps its question at a review as long as it waits', async () => {
    const { hub, meet } = await hubWithInvitations();
    await meet(PENDING);
    const [problem] = (await hub.store.listProblems({ limit: 10 })).problems;
    if (problem === undefined) throw new Error('no problem');

    expect(await reviewNow(hub, problem)).toBe('stands');
  });

  test.each([
    [{ status: 'accepted' }, "status is not the hub's to decide: change it in the system that has it."],
    [{ decision: true }, 'decision must be a text.'],
    [{ decision: 'perhaps' }, 'decision must be one of accept, reject.'],
    [{ mood: 'good' }, 'A invitation has no field mood.'],
    [{}, 'There is nothing to decide in it.'],
  ])('cannot be decided by %j', async (values, reason) => {
    const { hub, meet } = await hubWithInvitations();
    await meet(PENDING);

    expect(await decideByPerson(hub, { kind: 'invitation', id: ID, values, by: 'ada' })).toEqual({
      end: 'refused',
      reason,
    });
  });

  test('is accepted by a rule that names its title, and by none other; a person’s answer stands', async () => {
    const rules = [
      { name: 'ours', when: { title: ['Sell this together'], status: ['pending'] }, set: { decision: 'accept' } },
    ];
    const { hub, meet } = await hubWithInvitations(rules);

    await meet(PENDING);
    const decided = (await hub.store.readBundle('invitation', ID)).unified;
    await meet({ ...PENDING, title: 'Changed' });
    const later = (await hub.store.readBundle('invitation', ID)).unified;
    const other = await hubWithInvitations(rules);
    await other.meet({ ...PENDING, title: 'Another' });

    expect(decided?.own.decision).toMatchObject({ value: 'accept', from: 'rule ours' });
    expect(later?.fields.decision?.value).toBe('accept');
    expect((await hub.store.listProblems({ limit: 10 })).problems).toEqual([]);
    expect((await other.hub.store.readBundle('invitation', ID)).unified?.fields.decision).toBeUndefined();
  });

  test('that a person declined stays declined, whatever a rule that holds only later says', async () => {
    const rules = [{ name: 'late', when: { title: ['Changed'] }, set: { decision: 'accept' } }];
    const { hub, meet } = await hubWithInvitations(rules);
    await meet(PENDING);
    await decideByPerson(hub, { kind: 'invitation', id: ID, values: { decision: 'reject' }, by: 'ada' });

    await meet({ ...PENDING, title: 'Changed' });

    expect((await hub.store.readBundle('invitation', ID)).unified?.fields.decision?.value).toBe('reject');
  });
});

/** The hub of somebody who is stopped before anything is queued. */
function withoutQueues(hub: Hub): Hub {
  const deliver = async (): Promise<never> => {
    throw new Error('cut short');
  };
  return { ...hub, outbox: { ...hub.outbox, deliver } };
}

const LINE = (hub: string, theirs: string, flow: 'in' | 'out') => ({ hub, theirs, flow, codec: 'text' });

/** A hub with one connection that sends invitations, which is met by handing in what it holds. */
async function hubWithInvitations(decisions?: readonly object[]) {
  const { hub: small, outbox } = await smallHub(['one']);
  const compiled = compileMappings({
    'vocabulary/invitation.yaml': {
      note: 'Invitations.',
      fields: [
        { name: 'title', tag: 't', type: 'text', note: 'A title.' },
        { name: 'status', tag: 's', type: 'choice', choices: ['pending', 'expired'], note: 'A state.' },
        {
          name: 'decision',
          tag: 'd',
          type: 'choice',
          choices: ['accept', 'reject'],
          survivorship: 'hub',
          note: 'Ours.',
        },
      ],
      ...(decisions === undefined ? {} : { decisions }),
    },
    'lookups/status.yaml': {
      note: 'States.',
      values: { pending: { hubspot: 'PENDING' }, expired: { hubspot: 'EXPIRED' } },
    },
    'lookups/decision.yaml': {
      note: 'Answers.',
      values: { accept: { hubspot: 'YES' }, reject: { hubspot: 'NO' } },
    },
    'hubspot/Invitation.invitation.yaml': {
      version: 1,
      note: 'Invitations.',
      hubId: 'hub_id',
      fields: [
        LINE('title', 'title', 'in'),
        { hub: 'status', theirs: 'status', flow: 'in', lookup: 'status' },
        { hub: 'decision', theirs: 'answer', flow: 'out', lookup: 'decision' },
      ],
    },
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  const { mappings, vocabularies } = compiled.value;
  const hub: Hub = {
    ...small,
    vocabularies,
    connections: [{ id: 'one', system: 'hubspot', direction: 'both', objects: ['Invitation'] }],
    mapping: (_connection, object) => mappings.of('hubspot', object),
    mappingsOf: (_connection, kind) => mappings.ofKind('hubspot', kind),
  };
  let counter = 0;
  async function meet(values: Readonly<Record<string, string>>): Promise<void> {
    const at = hub.now() + counter;
    const source: SourceRecord = {
      kind: 'invitation',
      unifiedId: ID,
      connection: 'one',
      object: 'Invitation',
      externalId: 'i-1',
      state: 'present',
      counter: counter + 1,
      ...NOTHING_KNOWN,
      revision: at,
      readAt: at,
      fields: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, { value, at, origin: 'system' as const }]),
      ),
      mappingVersion: 1,
    };
    await hub.store.putSource(source, counter === 0 ? null : counter);
    counter += 1;
    const effects = noEffects();
    const cause = { correlationId: 'test', isRepeated: false, from: 'one#Invitation#i-1' };
    await settleRecord(hub, 'invitation', ID, cause, effects);
    await sendEffects(hub, effects);
  }
  return { hub, meet, outbox };
}
