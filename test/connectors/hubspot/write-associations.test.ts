import { describe, expect, it } from 'vitest';
import { toErrorAnswer } from '../../../connectors/hubspot/answers.ts';
import type { RecordPair } from '../../../connectors/hubspot/api.ts';
import { objectTypes } from '../../../connectors/hubspot/object-types.ts';
import { planLinks, writeAssociations } from '../../../connectors/hubspot/write-associations.ts';
import { startJob } from '../../../connectors/hubspot/write-job.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { callTo } from './fake-api.ts';

const company = 'association.company.primary';
const contacts = 'association.contact';

function jobOf(values: SystemValues, base: SystemValues, index = 0) {
  const item = { operation: 'update', unifiedId: 'U', externalId: String(31 + index), values, base } as const;
  return startJob(objectTypes.deal, item, index);
}

function planned(values: SystemValues, base: SystemValues): readonly string[] {
  return planLinks(objectTypes.deal, jobOf(values, base)).map(
    ({ action, field, toId }) => `${action} ${field.to} ${toId}`,
  );
}

describe('the differences of associations', () => {
  it.each<[string, SystemValues, SystemValues, readonly string[]]>([
    ['nothing for what is not to be written', { dealname: 'x' }, { [company]: '1' }, []],
    ['nothing for what is there', { [company]: '1', [contacts]: ['2'] }, { [company]: '1', [contacts]: ['2'] }, []],
    ['the first company', { [company]: '1' }, {}, ['make company 1']],
    ['another company, without taking the former one away', { [company]: '2' }, { [company]: '1' }, ['make company 2']],
    ['no company any more', { [company]: null }, { [company]: '1' }, ['remove company 1']],
    ['no company, where none was known', { [company]: null }, {}, []],
    [
      'contacts that came and went',
      { [contacts]: ['2', '3'] },
      { [contacts]: ['1', '2'] },
      ['make contact 3', 'remove contact 1'],
    ],
    ['all contacts gone', { [contacts]: [] }, { [contacts]: ['1'] }, ['remove contact 1']],
    ['a set given as null', { [contacts]: null }, { [contacts]: ['1'] }, ['remove contact 1']],
  ])('are %s', (_what, values, base, links) => {
    expect(planned(values, base)).toEqual(links);
  });
});

describe('a batch of associations that was done in part', () => {
  it('is sent again in halves until the pair at fault stands alone', async () => {
    const made: string[] = [];
    const requests: number[] = [];
    const call = callTo({
      associate: async (_from, _to, _typeId, pairs: readonly RecordPair[]) => {
        requests.push(pairs.length);
        const bad = pairs.some(({ fromId }) => fromId === '33');
        if (!bad) made.push(...pairs.map(({ fromId }) => fromId));
        return bad ? [toErrorAnswer({ category: 'VALIDATION_ERROR', message: 'One association is not valid' })] : [];
      },
    });
    const jobs = Array.from({ length: 8 }, (_, index) => jobOf({ [company]: '1' }, {}, index));

    await writeAssociations(call, objectTypes.deal, jobs);

    expect(jobs.filter(({ fault }) => fault !== undefined).map(({ externalId }) => externalId)).toEqual(['33']);
    expect(jobs[2]?.fault).toMatchObject({ kind: 'rejected', fields: [company] });
    expect(made.toSorted()).toEqual(['31', '32', '34', '35', '36', '37', '38']);
    expect(requests.length).toBeLessThanOrEqual(7);
  });

  it('does not say when the record was last changed, because that is not known any more', async () => {
    const call = callTo({ associate: async () => [] });
    const job = jobOf({ [company]: '1' }, {});
    job.modifiedAt = 5;

    await writeAssociations(call, objectTypes.deal, [job]);

    expect(job.modifiedAt).toBeUndefined();
  });
});

describe('a lead that somebody gives a company while the hub gives it one', () => {
  const field = 'association.company';
  const crowd = `${field}.all`;

  /** Writes company 1 to lead 31 where HubSpot holds `held` afterwards; answers the job and what was taken away. */
  async function given(base: SystemValues, held: readonly string[], unanswered: readonly string[] = []) {
    const values = { [field]: '1' };
    const item = { operation: 'update', unifiedId: 'U', externalId: '31', values, base, unanswered } as const;
    const job = startJob(objectTypes.lead, item, 0);
    const parted: string[] = [];
    const call = callTo({
      associate: async () => [],
      readAssociations: async () => ({
        results: [{ fromId: '31', to: held.map((id) => ({ id, typeIds: [610] })), after: undefined }],
        errors: [],
      }),
      part: async (_from, _to, pairs: readonly RecordPair[]) => {
        parted.push(...pairs.map(({ toId }) => toId));
        return [];
      },
    });
    await writeAssociations(call, objectTypes.lead, [job]);
    return { job, parted };
  }

  it('keeps theirs: the hub takes its own away and decides again', async () => {
    const { job, parted } = await given({}, ['2', '1']);

    expect(parted).toEqual(['1']);
    expect(job.fault).toMatchObject({ kind: 'conflict', code: 'ASSOCIATED_MEANWHILE' });
  });

  it('keeps the hub’s where there is nothing but what was there before', async () => {
    const { job, parted } = await given({ [field]: '3', [crowd]: ['3', '4'] }, ['1', '3', '4']);

    expect(parted).toEqual(['3']);
    expect(job.fault).toBeUndefined();
  });

  it('keeps what was there before the hub wrote it', async () => {
    const { job, parted } = await given({ [field]: '3', [crowd]: ['3', '1'] }, ['1', '3', '2']);

    expect(parted).toEqual(['3']);
    expect(job.fault).toBeUndefined();
  });

  it('keeps theirs also where the hub gave its own in an earlier write without an answer', async () => {
    const { job, parted } = await given({ [field]: null, [crowd]: ['1', '2'] }, ['1', '2'], [field]);

    expect(parted).toEqual(['1']);
    expect(job.fault).toMatchObject({ kind: 'conflict', code: 'ASSOCIATED_MEANWHILE' });
  });

  it('takes the former one away where an earlier write without an answer had only given the new one', async () => {
    const { job, parted } = await given({ [field]: '3', [crowd]: ['1', '3'] }, ['1', '3'], [field]);

    expect(parted).toEqual(['3']);
    expect(job.fault).toBeUndefined();
  });

  it('is looked at once more where that could not be seen', async () => {
    const item = { operation: 'update', unifiedId: 'U', externalId: '31', values: { [field]: '1' }, base: {} } as const;
    const job = startJob(objectTypes.lead, item, 0);
    const call = callTo({ associate: async () => [], readAssociations: () => Promise.reject(new TypeError('cut')) });

    await writeAssociations(call, objectTypes.lead, [job]);

    expect(job.fault).toBeDefined();
  });
});
