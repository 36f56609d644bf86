import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODECS } from '../../domain/mapping/codecs/codec-catalogue.ts';
import { mappingJsonSchemas } from '../../domain/mapping/json-schemas.ts';
import { readRecord } from '../../domain/mapping/read-record.ts';
import { KINDS } from '../../domain/model/kind.ts';
import { MAPPINGS_FOLDER, readMappingFiles } from '../../local/cli/check-mappings.ts';
import { directory, shipped, shippedMapping, shippedVocabulary } from './shipped.ts';

describe('the shipped mappings', () => {
  test('cover every kind in both CRMs, and what AWS has', () => {
    const ids = shipped()
      .mappings.all()
      .map(({ id }) => id);

    expect(ids.sort()).toEqual([
      'aws-marketplace/Agreement.deal',
      'aws-marketplace/Offer.deal',
      'aws-partner-central/EngagementInvitation.invitation',
      'aws-partner-central/Opportunity.deal',
      'hubspot/company.partner',
      'hubspot/contact.contact',
      'hubspot/deal.deal',
      'hubspot/lead.lead',
      'salesforce/Account.partner',
      'salesforce/Contact.contact',
      'salesforce/Lead.lead',
      'salesforce/Opportunity.deal',
    ]);
  });

  test.each(KINDS)('explain every field of %s to people, and map each in some system', (kind) => {
    const mapped = shipped()
      .mappings.all()
      .filter((mapping) => mapping.kind === kind);
    for (const field of shippedVocabulary(kind).fields.values()) {
      expect(field.note.length, field.name).toBeGreaterThan(3);
      expect(
        mapped.some(({ byField }) => byField.has(field.name)),
        field.name,
      ).toBe(true);
    }
  });

  test.each(shipped().mappings.all())('show examples of $id', ({ id }) => {
    const document = shipped().documents[`${id}.yaml`] as { examples: readonly unknown[] };

    expect(document.examples.length).toBeGreaterThanOrEqual(2);
  });

  test('ask the connectors for associations and for the lead’s person by the names agreed', () => {
    const virtual = (system: string, object: string) =>
      shippedMapping(system, object).theirFields.filter((field) => /[.]|Roles$|line_?items$/i.test(field));

    expect(virtual('hubspot', 'deal')).toEqual(['association.company.primary', 'association.contact', 'line_items']);
    expect(virtual('hubspot', 'contact')).toEqual(['association.company.primary']);
    expect(virtual('hubspot', 'lead').sort()).toEqual([
      'association.company',
      'contact.city',
      'contact.country',
      'contact.email',
      'contact.firstname',
      'contact.id',
      'contact.jobtitle',
      'contact.lastname',
      'contact.phone',
      'contact.state',
    ]);
    expect(virtual('salesforce', 'Opportunity')).toEqual([
      'OpportunityContactRoles',
      'OpportunityLineItems',
      'OpportunityPartnersFrom.VAR/Reseller',
      'OpportunityPartnersFrom.Distributor',
      'OpportunityPartnersFrom.System Integrator',
    ]);
  });

  test('create only what a system can use', () => {
    expect(shippedMapping('hubspot', 'lead').isSent({ email: null })).toBe(false);
    expect(shippedMapping('hubspot', 'lead').isSent({ email: 'jo@example.com' })).toBe(true);
    expect(shippedMapping('salesforce', 'Contact').isSent({ email: 'jo@example.com' })).toBe(false);
    expect(shippedMapping('salesforce', 'Contact').isSent({ partner: '01J' })).toBe(true);
  });

  test('take in no converted lead and no deal of another pipeline', () => {
    expect(shippedMapping('salesforce', 'Lead').isTaken({ IsConverted: true })).toBe(false);
    expect(shippedMapping('salesforce', 'Lead').isTaken({ IsConverted: false })).toBe(true);
    expect(shippedMapping('hubspot', 'deal').isTaken({ pipeline: '48201733' })).toBe(false);
    expect(shippedMapping('hubspot', 'deal').isTaken({ pipeline: 'default' })).toBe(true);
  });

  test('never leave a Salesforce record without an owner', () => {
    for (const object of ['Account', 'Contact', 'Opportunity', 'Lead']) {
      const owner = shippedMapping('salesforce', object).byField.get('owner');
      expect(owner?.writeOut(null, directory)).toMatchObject({ ok: false, isIgnored: true });
    }
  });

  test('read a record whole: what is there, what is not carried, and nothing about what was not seen', () => {
    const mapping = shippedMapping('salesforce', 'Account');

    const { values, notCarried } = readRecord(
      mapping,
      { Name: 'Acme', Industry: 'Space Mining', Website: null, NumberOfEmployees: 5 },
      directory,
    );

    expect(values).toEqual({ name: 'Acme', website: null, employees: '5' });
    expect(notCarried).toEqual({
      domain: { ok: false, isIgnored: true, reason: expect.any(String) },
      industry: { ok: false, reason: expect.any(String) },
    });
  });
});

describe('storage tags', () => {
  // A tag names a field in stored records. Add new ones at the end; changing or reusing one would garble what is stored.
  test.each([
    ['partner', 'n do ws ph ty in st ci sr pc co em ar rc de ow pa ti ps sp ra tx kn'],
    ['contact', 'fn ln em ph mo ti dp pa st ci sr pc co ow oo'],
    [
      'deal',
      'n pa cs am cu cd sg pr ty so ns de ow ri pd er ed rc mp ba ro cm oi os oe ag as aa ab ae ar pv li es ch nd na iv ad ce tx sp ln pz py px cq ci ct cc cl cn cw cx cp cy lr xn xw xc xp xs xi md ps oq of cr ck',
    ],
    ['invitation', 't m sn sa cn cw cc pb uc am cu cd st ia ea de dr dl'],
    ['lead', 'n fn ln em ph ti cn ws in ep st ci sr pc co sa ra so pi de ow pa ct'],
  ] as const)('of %s stay what they are', (kind, tags) => {
    expect([...shippedVocabulary(kind).fields.values()].map(({ tag }) => tag).join(' ')).toBe(tags);
  });
});

describe('the JSON schemas beside the mappings', () => {
  test.each(Object.entries(mappingJsonSchemas()))(
    '%s is up to date (node local/cli/write-mapping-schemas.ts)',
    (name, schema) => {
      const written: unknown = JSON.parse(readFileSync(join(MAPPINGS_FOLDER, name), 'utf8'));

      expect(written).toEqual(JSON.parse(JSON.stringify(schema)));
    },
  );

  test('are named by every file, so that editors find them', () => {
    for (const { path, text } of readMappingFiles(MAPPINGS_FOLDER)) {
      const [folder = '', file] = path.split('/');
      const kind =
        { vocabulary: 'vocabulary', lookups: 'lookup' }[folder] ??
        (file === undefined ? folder.replace('.yaml', '') : 'mapping');
      const up = file === undefined ? '.' : '..';
      expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${up}/${kind}.schema.json`);
    }
  });
});

test('docs/mappings.md names every codec there is', () => {
  const page = readFileSync(join(MAPPINGS_FOLDER, '../docs/mappings.md'), 'utf8');
  for (const { name } of CODECS) expect(page).toContain(`\`${name}\``);
});
