import { describe, expect, it } from 'vitest';
import { allOpportunities, sweepAll } from '../../../connectors/aws-partner-central/sweep-all.ts';
import { sweepChanges } from '../../../connectors/aws-partner-central/sweep-changes.ts';
import { sweepInvitations } from '../../../connectors/aws-partner-central/sweep-invitations.ts';
import { awsError, type FakeSelling, fakeSelling } from './fake-selling.ts';

type Json = Readonly<Record<string, unknown>>;

const minuteMs = 60_000;
const begun = Date.UTC(2026, 2, 2, 10);

/** A change time that many minutes after the connection began, with all of AWS's digits. */
function stamp(minutes: number, digits: string): string {
  return `${new Date(begun + minutes * minuteMs).toISOString().slice(0, 20)}${digits}Z`;
}

/** A list of opportunities as AWS would give it: sorted, from a change time on, in pages of two. */
function account(rows: () => readonly Json[]): FakeSelling {
  return fakeSelling({
    ListOpportunities({ Sort, LastModifiedDate, NextToken }) {
      const { SortOrder } = Sort as { readonly SortOrder: string };
      const after = (LastModifiedDate as Json | undefined)?.AfterLastModifiedDate ?? '';
      const sorted = rows()
        .filter((row) => String(row.LastModifiedDate) >= String(after))
        .toSorted((a, b) => (String(a.LastModifiedDate) < String(b.LastModifiedDate) ? -1 : 1));
      const all = SortOrder === 'ASCENDING' ? sorted : sorted.toReversed();
      const from = Number(NextToken ?? 0);
      return {
        OpportunitySummaries: all.slice(from, from + 2),
        NextToken: from + 2 < all.length ? String(from + 2) : null,
      };
    },
  });
}

async function pass(fake: FakeSelling, position: unknown, minutes: number) {
  const ids: string[] = [];
  let at = position;
  for (let page = 0; page < 20; page += 1) {
    const answer = await sweepChanges(fake.call, { position: at, connectedAt: begun, now: begun + minutes * minuteMs });
    if (!answer.ok) throw new Error(answer.fault.code);
    ids.push(...answer.value.ids);
    at = JSON.parse(JSON.stringify(answer.value.position)) as unknown;
    if (!answer.value.hasMore) return { ids, position: at };
  }
  throw new Error('The pass did not end.');
}

describe('a sweep over changes of opportunities', () => {
  it('begins with what changed since the connection began, whatever the hub’s clock says of it', async () => {
    const fake = account(() => [
      { Id: 'O1', LastModifiedDate: stamp(-60, '000000001') },
      { Id: 'O2', LastModifiedDate: stamp(1, '000000001') },
      { Id: 'O3', LastModifiedDate: stamp(2, '000000001') },
    ]);

    const { ids } = await pass(fake, undefined, 30);

    expect(ids).toEqual(['O3', 'O2']);
  });

  it('then goes on from a change time of AWS’s, digit for digit, and tells each change once', async () => {
    const rows = [
      { Id: 'O1', LastModifiedDate: stamp(1, '123456789') },
      { Id: 'O2', LastModifiedDate: stamp(20, '123456789') },
    ];
    const fake = account(() => rows);
    const first = await pass(fake, undefined, 30);
    rows.push({ Id: 'O3', LastModifiedDate: stamp(31, '000000005') });

    const second = await pass(fake, first.position, 40);
    const third = await pass(fake, second.position, 50);

    expect(second.ids).toEqual(['O3']);
    expect(third.ids).toEqual([]);
    const after = fake.asked.flatMap(
      ({ input }) => (input.LastModifiedDate as Json | undefined)?.AfterLastModifiedDate ?? [],
    );
    expect(new Set(after)).toEqual(new Set([stamp(1, '123456789'), stamp(20, '123456789')]));
  });

  it('tells of two changes within one millisecond', async () => {
    const rows = [{ Id: 'O1', LastModifiedDate: stamp(20, '123000001') }];
    const fake = account(() => rows);
    const first = await pass(fake, undefined, 30);
    rows[0] = { Id: 'O1', LastModifiedDate: stamp(20, '123000002') };

    expect((await pass(fake, first.position, 40)).ids).toEqual(['O1']);
  });

  it('tells once more of a change whose second may not have been over, and then no more', async () => {
    const whole = new Date(begun + 30 * minuteMs).toISOString().replace('.000', '');
    const fake = account(() => [{ Id: 'O1', LastModifiedDate: whole }]);
    const first = await pass(fake, undefined, 30);

    const second = await pass(fake, first.position, 31);
    const third = await pass(fake, second.position, 32);

    expect([first.ids, second.ids, third.ids]).toEqual([['O1'], ['O1'], []]);
  });

  it('finds a late change with an older time within the overlap', async () => {
    const rows = [
      { Id: 'O1', LastModifiedDate: stamp(1, '000000001') },
      { Id: 'O2', LastModifiedDate: stamp(20, '000000001') },
    ];
    const fake = account(() => rows);
    const first = await pass(fake, undefined, 30);
    rows.push({ Id: 'O9', LastModifiedDate: stamp(16, '000000001') });

    expect((await pass(fake, first.position, 40)).ids).toEqual(['O9']);
  });

  it('begins its pass anew when AWS has forgotten where it stood', async () => {
    const fake = fakeSelling({
      ListOpportunities({ NextToken }) {
        if (NextToken !== undefined) throw awsError('ValidationException');
        return { OpportunitySummaries: [{ Id: 'O1', LastModifiedDate: stamp(1, '1') }], NextToken: 'page-2' };
      },
    });
    const sweep = { connectedAt: begun, now: begun + 30 * minuteMs };

    const first = await sweepChanges(fake.call, { position: undefined, ...sweep });
    const lost = await sweepChanges(fake.call, { position: first.ok && first.value.position, ...sweep });
    const walk = await sweepAll(fake.call, allOpportunities, { token: 'page-2' });

    expect(first).toMatchObject({ value: { ids: ['O1'], hasMore: true } });
    expect(lost).toMatchObject({ ok: true, value: { ids: [], hasMore: false } });
    expect(lost.ok && lost.value.position).not.toHaveProperty('token');
    expect(walk).toMatchObject({ value: { position: {}, hasMore: true } });
  });

  it('starts over from a position it does not understand', async () => {
    const fake = account(() => [{ Id: 'O1', LastModifiedDate: stamp(1, '000000001') }]);

    expect((await pass(fake, { since: 7 }, 30)).ids).toEqual(['O1']);
  });

  it('fails as a whole when a row does not say what it is', async () => {
    const fake = fakeSelling({ ListOpportunities: () => ({ OpportunitySummaries: [{ Id: 'O1' }] }) });

    const answer = await sweepChanges(fake.call, { position: undefined, connectedAt: begun, now: begun });

    expect(answer).toMatchObject({ ok: false, fault: { kind: 'defect', code: 'BAD_ANSWER' } });
  });
});

describe('a sweep over invitations', () => {
  it('tells of those that are new and of those that wait no more, and of no others', async () => {
    let waiting = ['engi-0000000000001', 'engi-0000000000002'];
    const { call, asked } = fakeSelling({
      ListEngagementInvitations: () => ({ EngagementInvitationSummaries: waiting.map((Id) => ({ Id })) }),
    });
    const first = await sweepInvitations(call, undefined);
    const rest = await sweepInvitations(call, first.ok && first.value.position);
    waiting = ['engi-0000000000002', 'engi-0000000000003'];
    const moved = await sweepInvitations(call, rest.ok && rest.value.position);

    expect(first).toMatchObject({ value: { ids: ['engi-0000000000001', 'engi-0000000000002'], hasMore: false } });
    expect(rest).toMatchObject({ value: { ids: [] } });
    expect(moved).toMatchObject({ value: { ids: ['engi-0000000000003', 'engi-0000000000001'] } });
    expect(asked[0]?.input).toMatchObject({ ParticipantType: 'RECEIVER', Status: ['PENDING'] });
  });
});
