import { describe, expect, test } from 'vitest';
import { type MatchKeys, matchKeys } from '../../../domain/identity/match-keys.ts';
import { canonicalCountry } from '../../../domain/mapping/canonical/country.ts';
import { canonicalEmail } from '../../../domain/mapping/canonical/email.ts';
import { canonicalDomain } from '../../../domain/mapping/canonical/web.ts';
import type { Kind } from '../../../domain/model/kind.ts';
import type { Values } from '../../../domain/model/value.ts';
import { shippedVocabulary } from '../../mappings/shipped.ts';
import { hasSharedData, sharedRows } from './shared-data.ts';

/** A record of a labelled set: records of one cluster are one company or person. */
interface Labelled {
  readonly id: string;
  readonly cluster: string;
  readonly keys: MatchKeys;
}

function labelled(kind: Kind, id: string, cluster: string, values: Values): Labelled {
  return { id, cluster, keys: matchKeys(kind, values, shippedVocabulary(kind)) };
}

/** The pairs of records that share a key: how many are one, and by which keys different ones are taken for one. */
function linkedBy(strength: keyof MatchKeys, records: readonly Labelled[]) {
  const holders = new Map<string, Labelled[]>();
  for (const record of records) {
    for (const { type, value } of record.keys[strength]) {
      holders.set(`${type}:${value}`, [...(holders.get(`${type}:${value}`) ?? []), record]);
    }
  }
  const seen = new Set<string>();
  const wrongKeys = new Set<string>();
  let right = 0;
  let wrong = 0;
  for (const [key, group] of holders) {
    for (const [index, a] of group.entries()) {
      for (const b of group.slice(index + 1)) {
        const pair = [a.id, b.id].sort().join(' ');
        if (seen.has(pair)) continue;
        seen.add(pair);
        if (a.cluster === b.cluster) right += 1;
        else {
          wrong += 1;
          wrongKeys.add(key);
        }
      }
    }
  }
  return { right, precision: right / (right + wrong), wrongKeys: [...wrongKeys] };
}

describe.skipIf(!hasSharedData)('keys measured on labelled data (skipped where ../shared is not there)', () => {
  test('listed companies: every link by domain is right, and so is every question by name', () => {
    const partnerOf = new Map(
      sharedRows('er-org/listed-companies/gold_links.csv').map(({ id_a = '', id_b = '' }) => [id_b, id_a]),
    );
    const records = ['system_a', 'system_b'].flatMap((file) =>
      sharedRows(`er-org/listed-companies/${file}.csv`).map(({ id = '', name = '', website = '', country = '' }) =>
        labelled('partner', id, partnerOf.get(id) ?? id, {
          name,
          domain: canonicalDomain(website) ?? null,
          country: canonicalCountry(country) ?? null,
        }),
      ),
    );

    expect(linkedBy('strong', records)).toMatchObject({ precision: 1, wrongKeys: [] });
    expect(linkedBy('strong', records).right).toBeGreaterThan(150);
    expect(linkedBy('weak', records).precision).toBeGreaterThanOrEqual(0.99);
    expect(linkedBy('weak', records).right).toBeGreaterThan(450);
  });

  test('people with e-mail addresses: at least 999 of 1000 links are right', () => {
    const records = sharedRows('er-person/splink-fake1000/records.csv').map(
      ({ unique_id = '', cluster = '', first_name = '', surname = '', email = '' }) =>
        labelled('contact', unique_id, cluster, {
          firstName: first_name,
          lastName: surname,
          email: canonicalEmail(email) ?? null,
        }),
    );

    expect(linkedBy('strong', records).precision).toBeGreaterThanOrEqual(0.999);
    expect(linkedBy('strong', records).right).toBeGreaterThan(600);
  });

  test('people of the truth set: only the address that a whole family shares links different ones', () => {
    const clusterOf = new Map(
      sharedRows('er-person/senzing-truthset/actual_truthset_key.csv').map(
        ({ DATA_SOURCE, RECORD_ID, CLUSTER_ID = '' }) => [`${DATA_SOURCE}:${RECORD_ID}`, CLUSTER_ID],
      ),
    );
    const records = ['customers', 'reference', 'watchlist'].flatMap((file) =>
      sharedRows(`er-person/senzing-truthset/${file}.csv`).map((row) => {
        const id = `${row.DATA_SOURCE}:${row.RECORD_ID}`;
        return labelled('contact', id, clusterOf.get(id) ?? id, {
          firstName: row.PRIMARY_NAME_FIRST ?? null,
          lastName: row.PRIMARY_NAME_LAST ?? null,
          email: canonicalEmail(row.EMAIL_ADDRESS ?? '') ?? null,
        });
      }),
    );
    const links = linkedBy('strong', records);

    expect(links.right).toBeGreaterThan(10);
    expect(links.wrongKeys).toHaveLength(1);
  });
});
