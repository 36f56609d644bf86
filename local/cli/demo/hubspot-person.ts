import { jsonCall } from './json-call.ts';

/** Somebody who works in the simulated HubSpot, over its own API. */
export interface HubspotPerson {
  readonly url: string;
  create(type: string, properties: Readonly<Record<string, string>>): Promise<string>;
  edit(type: string, id: string, properties: Readonly<Record<string, string>>): Promise<void>;
  read(type: string, id: string, properties: readonly string[]): Promise<Readonly<Record<string, string | null>>>;
  /** The first record whose property has this value. */
  find(type: string, property: string, value: string): Promise<string | undefined>;
  merge(type: string, primaryId: string, otherId: string): Promise<void>;
  /** Ids of associated records. */
  associated(type: string, id: string, toType: string): Promise<readonly string[]>;
  /** All live ids of a type. */
  ids(type: string): Promise<readonly string[]>;
  /** Asks the simulator to misbehave. */
  fault(fault: object): Promise<void>;
}

const PAGES_MAX = 1_000;

/** Signs somebody in with the simulator's person token. */
export function hubspotPerson(url: string): HubspotPerson {
  const headers = { authorization: 'Bearer person' };
  const objects = `${url}/crm/v3/objects`;
  const call = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    jsonCall<T>(`${objects}/${path}`, method, headers, body);
  return {
    url,
    create: async (type, properties) => (await call<{ id: string }>('POST', type, { properties })).id,
    edit: async (type, id, properties) => {
      await call('PATCH', `${type}/${id}`, { properties });
    },
    read: async (type, id, properties) =>
      (
        await call<{ properties: Record<string, string | null> }>(
          'GET',
          `${type}/${id}?properties=${properties.join(',')}`,
        )
      ).properties,
    async find(type, propertyName, value) {
      const found = await call<{ results: { id: string }[] }>('POST', `${type}/search`, {
        filterGroups: [{ filters: [{ propertyName, operator: 'EQ', value }] }],
        limit: 1,
      });
      return found.results[0]?.id;
    },
    merge: async (type, primaryObjectId, objectIdToMerge) => {
      await call('POST', `${type}/merge`, { primaryObjectId, objectIdToMerge });
    },
    async associated(type, id, toType) {
      const answer = await jsonCall<{ results: { toObjectId: string | number }[] }>(
        `${url}/crm/v4/objects/${type}/${id}/associations/${toType}`,
        'GET',
        headers,
      );
      return answer.results.map(({ toObjectId }) => String(toObjectId));
    },
    // Counting is not a person's work: it goes past the limits of the account.
    async ids(type) {
      const ids: string[] = [];
      let after = '';
      for (let page = 0; page < PAGES_MAX; page++) {
        const answer = await jsonCall<{ records: { id: string }[]; after?: string }>(
          `${url}/_simulator/records/${type}${after}`,
          'GET',
          {},
        );
        ids.push(...answer.records.map(({ id }) => id));
        if (answer.after === undefined) break;
        after = `?after=${answer.after}`;
      }
      return ids;
    },
    fault: async (fault) => {
      await jsonCall(`${url}/_simulator/faults`, 'POST', {}, fault);
    },
  };
}
