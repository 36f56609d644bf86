import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { erase } from '../../../local/cli/erase.ts';
import { type Answers, type HubDouble, hubDouble } from './hub-double.ts';

let lines: string[];
let double: HubDouble | undefined;
beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await double?.close();
  double = undefined;
});

async function serve(answers: Answers): Promise<{ url: string }> {
  double = await hubDouble(answers);
  return { url: double.url };
}

const PREVIEW = {
  kind: 'contact',
  id: 'U1',
  state: 'present',
  aliases: ['U0'],
  systems: [
    {
      connection: 'hubspot',
      object: 'contact',
      externalId: '7',
      will: 'delete',
      waits: 'hubspot is paused. Resume it.',
    },
    { connection: 'salesforce', object: 'Contact', externalId: '003', will: 'keep' },
  ],
  fields: ['email', 'lastName'],
  keys: ['email'],
  journal: 3,
  merges: ['U1.U0'],
  parted: ['U5'],
  refusals: [],
};

describe('hub erase', () => {
  test('shows what would go and where, and the command that does it', async () => {
    const route = 'GET /api/records/contact/U1/erasure?keepIn=salesforce';
    await erase('contact', 'U1', { ...(await serve({ [route]: [PREVIEW] })), keepIn: ['salesforce'] });

    expect(lines).toEqual([
      'contact U1',
      '  hubspot contact 7: is deleted',
      '    waits: hubspot is paused. Resume it.',
      '  salesforce Contact 003: stays, and is read no more',
      '  in the hub: 2 fields (email, lastName)',
      '  match keys: email',
      '  journal: 3 entries; merges kept: 1',
      '  and U0, which was merged into it',
      "  and the time it was one with U5, from that record's journal",
      '\nNothing was written. This cannot be undone. To do it: npx hub erase contact U1 --keep-in salesforce --yes',
    ]);
  });

  test('does it when told so, named by what a system calls the record', async () => {
    const route = 'POST /api/records/contact/hubspot%3Acontact%3A7/erasure';
    const options = await serve({ [route]: [{ erasing: 'U1' }] });
    await erase('contact', 'hubspot:contact:7', { ...options, yes: true });

    expect(lines).toEqual(['contact U1 is being erased. To see what is still to be done: npx hub erase contact U1']);
  });

  test('tells of one that is erased what is left to do', async () => {
    const [seat] = PREVIEW.systems;
    const erased = { ...PREVIEW, state: 'erased', systems: [seat], askedAt: '2026-11-27T10:00:00.000Z' };
    await erase('contact', 'U1', await serve({ 'GET /api/records/contact/U1/erasure': [erased] }));

    expect(lines).toEqual([
      'contact U1 is erased in the hub, as asked for at 2026-11-27T10:00:00.000Z.',
      'Still to be deleted: hubspot contact 7. hubspot is paused. Resume it.',
    ]);
  });

  test('applies the list again, page by page, and names what a person must look at', async () => {
    const route = 'POST /api/erasures/reapply';
    const elsewhere = [{ ref: 'hubspot#contact#7', kind: 'contact', id: 'U9' }];
    const pages = [
      { applied: 10, elsewhere: [], next: 'contact#U1' },
      { applied: 2, elsewhere },
    ];
    await erase(undefined, undefined, { ...(await serve({ [route]: pages })), reapply: true, yes: true });

    expect(double?.calls.map(({ body }) => body)).toEqual([{}, { after: 'contact#U1' }]);
    expect(lines).toEqual([
      'For you to look at: hubspot#contact#7 was erased and now belongs to contact U9, which was not.',
      '12 erasures applied again.',
    ]);
  });

  test('applies nothing again, and erases nobody, without being told so in full', async () => {
    await expect(erase(undefined, undefined, { url: 'http://127.0.0.1:1', reapply: true })).rejects.toThrow(/--yes/);
    await expect(erase('contact', undefined, { url: 'http://127.0.0.1:1', yes: true })).rejects.toThrow(/which record/);
  });
});
