import { canonicalCountry } from '../../domain/mapping/canonical/country.ts';
import { canonicalEmail } from '../../domain/mapping/canonical/email.ts';
import { canonicalPhone } from '../../domain/mapping/canonical/phone.ts';
import { canonicalDomain } from '../../domain/mapping/canonical/web.ts';
import type { Kind } from '../../domain/model/kind.ts';
import type { Values } from '../../domain/model/value.ts';
import type { LabelledRecord, LabelledSet } from './labelled-set.ts';
import { sharedRows } from './shared-rows.ts';

type Row = Readonly<Record<string, string>>;

/** The labelled sets that lie beside the project where it is developed, each with its columns as canonical fields. */
export function sharedSets(): readonly LabelledSet[] {
  return [
    febrl('febrl1'),
    febrl('febrl3'),
    splinkFake(),
    senzing(),
    listedCompanies(),
    indexMembers(),
    restaurants(),
    dirtyNames(),
    hardNames(),
    affiliations(),
    childcareSites(),
  ];
}

const SPLINK_FEBRL3 = { recall: 0.995, precision: 1, by: 'splink (a vendor’s comparison); 0.993 in its own notebook' };

function febrl(name: 'febrl1' | 'febrl3'): LabelledSet {
  const records = sharedRows(`er-person/${name}/records.csv`).map((row) =>
    record('contact', text(row, 'rec_id'), text(row, 'rec_id').split('-')[1] ?? '', {
      firstName: text(row, 'given_name'),
      lastName: text(row, 'surname'),
      street: joined([joined([text(row, 'street_number'), text(row, 'address_1')], ' '), text(row, 'address_2')], ', '),
      city: text(row, 'suburb'),
      state: text(row, 'state'),
      postalCode: text(row, 'postcode'),
      birthDate: text(row, 'date_of_birth').replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'),
      identifiers: identifiers([['social-security', text(row, 'soc_sec_id')]]),
    }),
  );
  return { name, worlds: [records], published: SPLINK_FEBRL3 };
}

function splinkFake(): LabelledSet {
  const records = sharedRows('er-person/splink-fake1000/records.csv').map((row) =>
    record('contact', text(row, 'unique_id'), text(row, 'cluster'), {
      firstName: text(row, 'first_name'),
      lastName: text(row, 'surname'),
      city: text(row, 'city'),
      email: canonicalEmail(text(row, 'email')),
      birthDate: text(row, 'dob'),
    }),
  );
  return {
    name: 'splink-fake1000',
    worlds: [records],
    published: { recall: 0.779, precision: 0.964, by: 'splink, all pairs' },
  };
}

function senzing(): LabelledSet {
  const clusters = new Map(
    sharedRows('er-person/senzing-truthset/actual_truthset_key.csv').map((row) => [idOf(row), text(row, 'CLUSTER_ID')]),
  );
  const records = ['customers', 'reference', 'watchlist'].flatMap((file) =>
    sharedRows(`er-person/senzing-truthset/${file}.csv`).map((row) =>
      record(
        text(row, 'RECORD_TYPE') === 'ORGANIZATION' ? 'partner' : 'contact',
        idOf(row),
        clusters.get(idOf(row)) ?? idOf(row),
        text(row, 'RECORD_TYPE') === 'ORGANIZATION' ? organisation(row) : person(row),
      ),
    ),
  );
  return {
    name: 'senzing-truthset',
    worlds: [records],
    published: { recall: 0.981, precision: 0.964, by: 'the alternate answer that comes with it' },
  };
}

function idOf(row: Row): string {
  return `${text(row, 'DATA_SOURCE')}:${text(row, 'RECORD_ID')}`;
}

type Told = Readonly<Record<string, Values[string] | undefined>>;

function address(row: Row): Told {
  return {
    street: text(row, 'ADDR_LINE1') || text(row, 'ADDR_FULL'),
    city: text(row, 'ADDR_CITY'),
    state: text(row, 'ADDR_STATE'),
    postalCode: text(row, 'ADDR_POSTAL_CODE'),
    country: canonicalCountry(text(row, 'ADDR_COUNTRY')),
    phone: canonicalPhone(text(row, 'PHONE_NUMBER'), 'US'),
  };
}

function person(row: Row): Told {
  const [first, last] = namesOf(text(row, 'PRIMARY_NAME_FULL') || text(row, 'NATIVE_NAME_FULL'));
  return {
    ...address(row),
    firstName: text(row, 'PRIMARY_NAME_FIRST') || first,
    lastName: text(row, 'PRIMARY_NAME_LAST') || last,
    email: canonicalEmail(text(row, 'EMAIL_ADDRESS')),
    birthDate: dateOf(text(row, 'DATE_OF_BIRTH')),
    identifiers: identifiers([
      ['passport', text(row, 'PASSPORT_NUMBER')],
      ['driving-licence', text(row, 'DRIVERS_LICENSE_NUMBER')],
      ['social-security', text(row, 'SSN_NUMBER')],
      ['national', text(row, 'NATIONAL_ID_NUMBER')],
    ]),
  };
}

/** First and last name of a whole one: `Ann Lee`, or `Lee, Ann`. */
function namesOf(whole: string): readonly [first: string, last: string] {
  const [last = '', first] = whole.split(/\s*,\s*/);
  if (first !== undefined && first !== '') return [first, last];
  const words = last.split(' ');
  return [words.slice(0, -1).join(' '), words.at(-1) ?? ''];
}

/** A date as people type it, month first as in the United States; none when it cannot be read for certain. */
function dateOf(typed: string): string | undefined {
  const parts = typed.split(/[^A-Za-z0-9]+/);
  const place = parts.findIndex((part) => /^[A-Za-z]{3,}$/.test(part));
  const named = MONTHS.indexOf((parts[place] ?? '').slice(0, 3).toLowerCase()) + 1;
  const numbers = parts.map(Number);
  const [one = 0, two = 0, three = 0] = numbers;
  if (parts.length !== 3) return undefined;
  if (one > 31) return isoDate(one, two, three);
  if (named > 0) return isoDate(three, named, place === 0 ? two : one);
  return one > 12 ? isoDate(three, two, one) : isoDate(three, one, two);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function isoDate(year: number, month: number, day: number): string {
  const full = year >= 100 ? year : year > 26 ? 1900 + year : 2000 + year;
  return `${full}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function organisation(row: Row): Told {
  return {
    ...address(row),
    name: text(row, 'PRIMARY_NAME_ORG') || text(row, 'PRIMARY_NAME_FULL'),
    domain: canonicalDomain(text(row, 'WEBSITE_ADDRESS')),
    taxId: text(row, 'NATIONAL_ID_NUMBER'),
  };
}

function listedCompanies(): LabelledSet {
  const clusterOf = clustersOf('er-org/listed-companies/gold_links.csv', 'id_a', 'id_b');
  const records = ['system_a', 'system_b'].flatMap((file) =>
    sharedRows(`er-org/listed-companies/${file}.csv`).map((row) =>
      record('partner', text(row, 'id'), clusterOf(text(row, 'id')), {
        name: text(row, 'name'),
        domain: canonicalDomain(text(row, 'website')),
        website: text(row, 'website'),
        city: text(row, 'city'),
        state: text(row, 'state'),
        postalCode: text(row, 'zipcode'),
        country: canonicalCountry(text(row, 'country')),
      }),
    ),
  );
  return { name: 'listed-companies', worlds: [records] };
}

function indexMembers(): LabelledSet {
  const clusterOf = clustersOf('er-org/sp500-sec/gold_links.csv', 'id_a', 'id_b');
  const left = sharedRows('er-org/sp500-sec/left_index_list.csv').map((row) =>
    record('partner', text(row, 'id'), clusterOf(text(row, 'id')), {
      name: text(row, 'name'),
      city: text(row, 'headquarters').split(',')[0] ?? '',
    }),
  );
  const right = sharedRows('er-org/sp500-sec/right_sec_registrants.csv').map((row) =>
    record('partner', text(row, 'id'), clusterOf(text(row, 'id')), { name: text(row, 'name') }),
  );
  return { name: 'sp500-sec', worlds: [[...left, ...right]] };
}

function restaurants(): LabelledSet {
  const clusterOf = clustersOf('er-org/fodors-zagats/gold_matches.csv', 'fodors_id', 'zagats_id', ['F', 'Z']);
  const records = [
    ['fodors', 'F'],
    ['zagats', 'Z'],
  ].flatMap(([file, mark]) =>
    sharedRows(`er-org/fodors-zagats/${file}.csv`).map((row) =>
      record('partner', `${mark}${text(row, 'id')}`, clusterOf(`${mark}${text(row, 'id')}`), {
        name: text(row, 'name'),
        street: text(row, 'addr'),
        city: text(row, 'city'),
        phone: canonicalPhone(text(row, 'phone').replace('/', '-'), 'US'),
      }),
    ),
  );
  return {
    name: 'fodors-zagats',
    worlds: [records],
    published: { recall: 1, precision: 1, by: 'Magellan, Ditto on the standard test split' },
  };
}

function dirtyNames(): LabelledSet {
  const rows = sharedRows('er-org/dnb-names/pairs.csv');
  const of = (column: string) =>
    rows.map((row) =>
      record('partner', `${column}-${text(row, 'id')}`, text(row, 'id'), {
        name: text(row, column),
        country: canonicalCountry(text(row, 'country')),
      }),
    );
  return { name: 'dnb-names', worlds: [[...of('name'), ...of('name_disturbed')]] };
}

function hardNames(): LabelledSet {
  const worlds = sharedRows('er-org/name-bench/company_name_pairs.csv').map((row, index) => [
    record('partner', `${index}-1`, `${index}`, { name: text(row, 'name1') }),
    record('partner', `${index}-2`, text(row, 'is_match') === 'true' ? `${index}` : `${index}-other`, {
      name: text(row, 'name2'),
    }),
  ]);
  return { name: 'name-bench', worlds };
}

function affiliations(): LabelledSet {
  const records = sharedRows('er-org/ror-springer/records.csv').map((row) =>
    record('partner', text(row, 'id'), text(row, 'ror_id'), { name: text(row, 'organisation_text') }),
  );
  return {
    name: 'ror-springer',
    worlds: [records],
    published: { recall: 0.7, precision: 0.95, by: 'ROR’s own limits, with the registry at hand' },
  };
}

function childcareSites(): LabelledSet {
  const records = sharedRows('er-org/chicago-sites/records.csv').map((row) =>
    record('partner', text(row, 'Id'), text(row, 'True Id'), {
      name: text(row, 'Site name'),
      street: text(row, 'Address'),
      postalCode: text(row, 'Zip'),
      phone: text(row, 'Phone'),
      domain: canonicalDomain(text(row, 'Website')),
    }),
  );
  return { name: 'chicago-sites', worlds: [records] };
}

/** Numbers as `type:value`; empty ones are none. */
function identifiers(numbers: readonly (readonly [type: string, value: string])[]): readonly string[] | undefined {
  const held = numbers.flatMap(([type, value]) => (value === '' ? [] : [`${type}:${value}`]));
  return held.length === 0 ? undefined : held;
}

/** What a mapping hands on: empty values are none. */
function record(kind: Kind, id: string, cluster: string, values: Told): LabelledRecord {
  const held = Object.entries(values).flatMap(([field, value]) =>
    value === undefined || value === '' ? [] : [[field, value] as const],
  );
  return { id, kind, cluster, values: Object.fromEntries(held) };
}

function text(row: Row, column: string): string {
  return (row[column] ?? '').trim();
}

function joined(parts: readonly string[], separator: string): string {
  return parts.filter((part) => part !== '').join(separator);
}

/** The cluster of a record by links of which each has one partner at most. */
function clustersOf(
  path: string,
  left: string,
  right: string,
  [markLeft = '', markRight = ''] = ['', ''],
): (id: string) => string {
  const partnerOf = new Map(
    sharedRows(path).map((row) => [markRight + text(row, right), markLeft + text(row, left)] as const),
  );
  return (id) => partnerOf.get(id) ?? id;
}
