import { describe, expect, it } from 'vitest';
import { orgSchema } from '../../../../../local/simulators/salesforce/schema/org-schema.ts';
import { RecordStore } from '../../../../../local/simulators/salesforce/store/record-store.ts';
import { type FieldValues, storedRecord } from '../../../../../local/simulators/salesforce/stored-record.ts';

const firstId = '001000000000001AAA';
const secondId = '001000000000002AAA';

function newStore(): RecordStore {
  return new RecordStore(orgSchema({ currencies: ['USD'], customFields: [] }));
}

function account(id: string, second: number, values: FieldValues = {}) {
  return storedRecord({ Id: id, SystemModstamp: second * 1000, ...values });
}

function withHubId(store: RecordStore, value: string): string[] {
  const table = store.table('Account');
  const field = table.schema.field('Tributary_Id__c');
  return field === undefined ? [] : table.withValue(field, value).map((record) => record.id);
}

describe('RecordStore', () => {
  it('finds records by id, by value without regard to case, and in the order of their stamps', () => {
    const store = newStore();
    store.put('Account', account(secondId, 1, { Tributary_Id__c: 'Two' }), 'user');
    store.put('Account', account(firstId, 2, { Tributary_Id__c: 'one' }), 'user');
    store.put('Account', account(secondId, 3, { Tributary_Id__c: 'TWO-B' }), 'user');

    expect(store.record(firstId)?.systemModstamp).toBe(2000);
    expect(withHubId(store, 'ONE')).toEqual([firstId]);
    expect(withHubId(store, 'two')).toEqual([]);
    expect(withHubId(store, 'two-b')).toEqual([secondId]);
    expect([...store.table('Account').byModstamp('ascending')].map((record) => record.id)).toEqual([firstId, secondId]);
    expect([...store.table('Account').byModstamp('ascending', 2001)].map((record) => record.id)).toEqual([secondId]);
    expect([...store.table('Account').inIdOrder('descending')].map((record) => record.id)).toEqual([secondId, firstId]);
  });

  it('rolls back to a mark, indexes included', () => {
    const store = newStore();
    store.put('Account', account(firstId, 1, { Tributary_Id__c: 'one' }), 'user');
    store.commit();
    const mark = store.mark();
    store.put('Account', account(firstId, 2, { Tributary_Id__c: 'other' }), 'user');
    store.put('Account', account(firstId, 3, { Tributary_Id__c: 'another' }), 'user');
    store.put('Account', account(secondId, 2, { Tributary_Id__c: 'two' }), 'user');

    store.rollBackTo(mark);

    expect(store.record(firstId)?.systemModstamp).toBe(1000);
    expect(store.record(secondId)).toBeUndefined();
    expect(withHubId(store, 'one')).toEqual([firstId]);
    expect(withHubId(store, 'two')).toEqual([]);
    expect([...store.table('Account').byModstamp('ascending')]).toHaveLength(1);
    expect(store.commit()).toEqual([]);
  });

  it('hands over each write once, with what was there before', () => {
    const store = newStore();
    store.put('Account', account(firstId, 1), 'user');
    store.put('Account', account(firstId, 2), 'org');

    const changes = store.commit();

    expect(changes.map(({ before, after, by }) => [before?.systemModstamp, after.systemModstamp, by])).toEqual([
      [undefined, 1000, 'user'],
      [1000, 2000, 'org'],
    ]);
    expect(store.commit()).toEqual([]);
  });
});
