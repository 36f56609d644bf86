import { describe, expect, test } from 'vitest';
import { standardPipelines } from '../../local/simulators/hubspot/pipelines.ts';
import { standardProperties } from '../../local/simulators/hubspot/standard-properties.ts';
import { industries as salesforceIndustries } from '../../local/simulators/salesforce/schema/common-fields.ts';
import { directory, shippedMapping } from './shipped.ts';

/** HubSpot's enumerations with their options, by the object's name in mappings. */
const enumerations = Object.entries({ company: 'companies', deal: 'deals', lead: 'leads' } as const).flatMap(
  ([object, type]) =>
    standardProperties[type].flatMap(({ name, options }) => {
      const line = shippedMapping('hubspot', object).fields.find(({ theirs }) => theirs === name);
      return line?.vocabulary.choices === undefined || options.length === 0 ? [] : [{ object, name, options, line }];
    }),
);

describe.each(enumerations)('the options of HubSpot’s $object.$name', ({ options, line }) => {
  test('are all read', () => {
    for (const { value } of options) expect([value, line.readIn(value, directory).ok]).toEqual([value, true]);
  });

  test('have all that the hub writes, since HubSpot refuses others', () => {
    const offered = options.map(({ value }) => value);
    for (const choice of line.vocabulary.choices ?? []) {
      const written = line.writeOut(line.vocabulary.isMany ? [choice] : choice, directory);
      if (written.ok) expect(offered).toContain(written.value);
    }
  });
});

test('every industry Salesforce offers is read, and none is lost on the way to HubSpot but "other"', () => {
  const here = shippedMapping('salesforce', 'Account').byField.get('industry');
  const there = shippedMapping('hubspot', 'company').byField.get('industry');
  const lost = salesforceIndustries.filter((industry) => {
    const read = here?.readIn(industry, directory);
    return read?.ok !== true || there?.writeOut(read.value, directory).ok !== true;
  });

  expect(lost).toEqual(['Other']);
});

test.each([
  ['deal', 'deals', 'stage'],
  ['lead', 'leads', 'status'],
] as const)('the stages of a %s are those of the pipeline an account begins with', (object, type, field) => {
  const line = shippedMapping('hubspot', object).byField.get(field);
  const stages = (standardPipelines[type][0]?.stages ?? []).map(({ id }) => id);

  const read = stages.map((id) => line?.readIn(id, directory));
  const written = (line?.vocabulary.choices ?? []).map((choice) => line?.writeOut(choice, directory));

  expect(read.every((answer) => answer?.ok)).toBe(true);
  for (const answer of written) expect(stages).toContain(answer?.ok === true ? answer.value : undefined);
});
