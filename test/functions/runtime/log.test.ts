import { Logger } from '@aws-lambda-powertools/logger';
import { expect, test } from 'vitest';
import { hubLog } from '../../../functions/runtime/log.ts';

test('a line holds its step and facts and leaves out what is not known', () => {
  const { log, lines } = setUp();

  log.log('absorb-changes', { outcome: 'done', messages: 2, isFirst: true, correlationId: undefined });

  expect(lines).toEqual([
    ['info', 'absorb-changes', { step: 'absorb-changes', outcome: 'done', messages: 2, isFirst: true }],
  ]);
});

test('ids pass, and personal data and secrets in any other text do not', () => {
  const { log, lines } = setUp();

  log.log('x', {
    externalId: '18273645546',
    correlationId: '01J9Z3Q2W8V7T6R5P4N3M2K1ZZ',
    reason: 'a.petersen@hub.example at +49 40 1234567 used Bearer abcdefghijkl and pat-na1-12345678',
  });

  const [, , facts] = lines[0] ?? [];
  expect(facts).toMatchObject({ externalId: '18273645546', correlationId: '01J9Z3Q2W8V7T6R5P4N3M2K1ZZ' });
  expect(JSON.stringify(facts)).not.toMatch(/petersen|1234567|abcdefghijkl|12345678"/);
});

test('a defect tells its kind, its reason without personal data, and where it happened', () => {
  const { log, lines } = setUp();

  log.defect('absorb-changes-failed', new TypeError('no owner a.petersen@hub.example'), { messages: 1 });

  const [level, step, facts] = lines[0] ?? [];
  expect([level, step]).toEqual(['error', 'absorb-changes-failed']);
  expect(facts).toMatchObject({ error: 'TypeError', reason: 'no owner <e-mail>', messages: 1 });
  expect(String(facts?.at)).toContain('log.test.ts');
  expect(JSON.stringify(facts)).not.toContain('petersen');
});

test('what was thrown and is no error is told all the same', () => {
  const { log, lines } = setUp();

  log.defect('x', 'oh no', {});

  expect(lines[0]?.[2]).toMatchObject({ error: 'Error', reason: 'oh no' });
});

function setUp() {
  const lines: [level: string, step: string, facts: Record<string, unknown>][] = [];
  const logger = new Logger({ serviceName: 'test' });
  logger.info = (step, ...[facts]) => void lines.push(['info', String(step), { ...Object(facts) }]);
  logger.error = (step, ...[facts]) => void lines.push(['error', String(step), { ...Object(facts) }]);
  return { log: hubLog(logger), lines };
}
