import { expect, it, test } from 'vitest';
import { type AskedProblem, checkSystems, type Systems } from '../../../bench/kill-run/check-systems.ts';
import type { CompanyLedger, HeldCompany } from '../../../bench/kill-run/kill-run-ledger.ts';

const ledger: CompanyLedger = {
  domain: 'a.example',
  isTwin: false,
  ids: { salesforce: 's1', hubspot: 'h1' },
  ownMarks: { salesforce: 7, hubspot: 8 },
  volleys: { name: ['One', 'Other'] },
};

function held(id: string, change: Partial<HeldCompany> = {}): HeldCompany {
  return {
    id,
    domain: 'a.example',
    hubId: 'u1',
    marks: { salesforce: 7, hubspot: 8 },
    shared: { name: 'One', phone: '49' },
    ...change,
  };
}

const whole: Systems = { salesforce: [held('s1')], hubspot: [held('h1')] };

function whatIsWrong(systems: Partial<Systems>, company = ledger, problems: readonly AskedProblem[] = []) {
  const { violations, unexplained } = checkSystems([company], { ...whole, ...systems }, problems);
  return [...violations.map(({ what }) => what), ...unexplained.map(({ cause }) => cause)];
}

it('finds nothing where both systems have what people did', () => {
  expect(whatIsWrong({})).toEqual([]);
});

test.each<[string, Partial<Systems>, string[]]>([
  ['a record that is missing', { hubspot: [] }, ['lost-record']],
  ['a record that is there twice', { hubspot: [held('h1'), held('h2', { hubId: 'u2' })] }, ['duplicate-record']],
  [
    'a hub id in two records',
    { hubspot: [held('h1'), held('h2', { domain: 'b.example' })] },
    ['duplicate-hub-id', 'strange-record'],
  ],
  [
    'a record that nobody made',
    { salesforce: [held('s1'), held('s2', { domain: '', hubId: undefined })] },
    ['strange-record'],
  ],
  [
    'an edit that did not arrive',
    { hubspot: [held('h1', { marks: { salesforce: 6, hubspot: 8 } })] },
    ['lost-edit', 'different'],
  ],
  [
    'an edit that was taken back where it was made',
    {
      salesforce: [held('s1', { marks: { salesforce: 6, hubspot: 8 } })],
      hubspot: [held('h1', { marks: { salesforce: 6, hubspot: 8 } })],
    },
    ['lost-edit', 'lost-edit'],
  ],
  [
    'a value that neither side wrote',
    {
      salesforce: [held('s1', { shared: { name: 'Old', phone: '49' } })],
      hubspot: [held('h1', { shared: { name: 'Old', phone: '49' } })],
    },
    ['lost-edit'],
  ],
  ['two winners', { hubspot: [held('h1', { shared: { name: 'Other', phone: '49' } })] }, ['different']],
])('finds %s', (_what, systems, wrong) => {
  expect(whatIsWrong(systems)).toEqual(wrong);
});

it('lets either of two values of one moment win', () => {
  const shared = { name: 'Other', phone: '49' };
  expect(whatIsWrong({ salesforce: [held('s1', { shared })], hubspot: [held('h1', { shared })] })).toEqual([]);
});

const asked: AskedProblem = {
  cause: 'duplicate',
  connection: 'hubspot',
  externalId: 'h2',
  candidates: ['hubspot#company#h1'],
};
const twice: Partial<Systems> = { hubspot: [held('h1'), held('h2', { hubId: undefined })] };

it('takes a company made on both sides in one moment as explained when a person is asked about it', () => {
  expect(whatIsWrong(twice, { ...ledger, isTwin: true }, [asked])).toEqual([]);
});

it('does not take it as explained when nobody is asked, or about others, or when it was made on one side', () => {
  const twin = { ...ledger, isTwin: true };
  expect(whatIsWrong(twice, twin)).toEqual(['duplicate-record']);
  expect(whatIsWrong(twice, twin, [{ ...asked, externalId: 'h9' }])).toEqual(['duplicate-record', 'duplicate']);
  expect(whatIsWrong(twice, ledger, [asked])).toEqual(['duplicate-record', 'duplicate']);
});

it('reports every problem that nothing people did explains', () => {
  expect(whatIsWrong({}, ledger, [{ cause: 'gave-up', connection: 'salesforce' }])).toEqual(['gave-up']);
});
