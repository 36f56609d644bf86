import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../connectors/kit/yaml-file.ts';
import { readStage, stagesJsonSchema, visibilitySeconds } from '../../infra/stages-file.ts';
import { ROOT } from './synthesise-fixture.ts';

const TEXT = readFileSync(join(ROOT, 'infra/stages.yaml'), 'utf8');

/** What is wrong with a changed stages file, one line each, without the file and line. */
function complaints(text: string, stage = 'dev'): readonly string[] {
  const result = readStage('stages.yaml', text, stage);
  return result.ok ? [] : result.problems.map(({ path, reason }) => `${path}: ${reason}`);
}

describe('the stages of the repository', () => {
  it.each(['local', 'sandbox', 'dev', 'prod'])('has a complete stage %s', (name) => {
    expect(readStage('stages.yaml', TEXT, name)).toMatchObject({ ok: true, value: { name } });
  });

  it('keeps data by default, and gives it up only where the stage says so', () => {
    const kept = ['local', 'sandbox', 'dev', 'prod'].map((name) => {
      const stage = readStage('stages.yaml', TEXT, name);
      return [name, stage.ok && stage.value.retainData];
    });

    expect(Object.fromEntries(kept)).toEqual({ local: false, sandbox: false, dev: true, prod: true });
  });

  it('lets only the stage for one machine fall back on simulators', () => {
    const fallback = (name: string) => {
      const stage = readStage('stages.yaml', TEXT, name);
      return stage.ok ? stage.value.whenNoConnections : 'broken';
    };

    expect(fallback('local')).toBe('local/simulated-connections.yaml');
    expect(['sandbox', 'dev', 'prod'].map(fallback)).toEqual([undefined, undefined, undefined]);
  });

  it('keeps the JSON Schema for editors up to date (if not: node infra/write-editor-schemas.ts)', () => {
    const written = JSON.parse(readFileSync(join(ROOT, 'infra/stages.schema.json'), 'utf8'));

    expect(written).toEqual(JSON.parse(JSON.stringify(stagesJsonSchema())));
  });
});

describe('a stage', () => {
  it('says only what differs, as deep as it likes; the rest comes from the defaults', () => {
    const text = TEXT.replace('  dev:\n', '  dev:\n    queues: { inbound: { maxConcurrency: 77 } }\n');

    const stage = readStage('stages.yaml', text, 'dev');

    expect(stage).toMatchObject({
      ok: true,
      value: { queues: { inbound: { maxConcurrency: 77, batchSize: 100 }, sweep: { batchSize: 1 } } },
    });
  });

  it('hides a message for six times the timeout of its reader, and the time a batch takes to fill', () => {
    const stage = readStage('stages.yaml', TEXT, 'dev');
    if (!stage.ok) throw new Error('the stage is broken');

    expect(visibilitySeconds(stage.value, 'inbound')).toBe(6 * 60 + 1);
    expect(visibilitySeconds(stage.value, 'sweep')).toBe(6 * 120);
  });
});

describe('mistakes in stages', () => {
  it('names the file and the line, where the setting in force was said', () => {
    const text = TEXT.replace('maxConcurrency: 50', 'maxConcurrency: 1').replace(
      'recoveryDays: 35',
      'recoveryDays: 36',
    );
    const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

    const result = readStage('infra/stages.yaml', text, 'prod');

    expect(result.ok ? [] : result.problems.map(describeProblem)).toEqual([
      `infra/stages.yaml:${lineOf('recoveryDays: 36')}: defaults.table.recoveryDays: must be a whole number from 1 to 35`,
      `infra/stages.yaml:${lineOf('maxConcurrency: 1 }')}: stages.prod.queues.inbound.maxConcurrency: must be a whole number from 2 to 1000`,
    ]);
  });

  it('names the stages there are when asked for one that is not there', () => {
    expect(complaints(TEXT, 'prd')).toEqual(['stages: there is no stage "prd"; there are local, sandbox, dev, prod']);
  });

  it.each([
    [
      'a batch of more than ten that does not wait',
      ['sweep: { batchSize: 1,', 'sweep: { batchSize: 11,'],
      'defaults.queues.sweep.batchWindowSeconds: must be at least 1, because batchSize is more than 10',
    ],
    [
      'a function behind the HTTP API that takes too long',
      ['timeoutSeconds: 29', 'timeoutSeconds: 31'],
      'defaults.functions.serve-api.timeoutSeconds: must be a whole number from 1 to 30',
    ],
    [
      'a retention CloudWatch does not offer',
      ['retentionDays: 14 }', 'retentionDays: 15 }'],
      'stages.dev.logs.retentionDays: must be one of 1, 3, 5, 7, 14',
    ],
    [
      'a misspelt setting',
      ['retainData: true', 'retainDate: true'],
      'defaults.retainDate: no such setting exists here',
    ],
    [
      'a time of day that YAML may read as a number',
      ['"03:17"', '3.17'],
      'defaults.sweeps.walkDailyAtUtc: must be text',
    ],
    ['an account that is not one', ['aws: {}', 'aws: { account: "123" }'], 'defaults.aws.account: must be 12 digits'],
    [
      'an address for alarms that is none',
      ['    # In five minutes.', '    email: nobody'],
      'defaults.alarms.email: must be an e-mail address',
    ],
    [
      'a stage whose name would not fit into names on AWS',
      ['  prod:\n', '  production-of-europe:\n'],
      'stages.production-of-europe: a stage is named by 1 to 12',
    ],
    ['a missing limit', ['    vendorCallSeconds: 20\n', ''], 'defaults.limits.vendorCallSeconds: is missing'],
  ] as const)('explains %s', (_, [from, to], complaint) => {
    expect(TEXT).toContain(from);

    expect(complaints(TEXT.replace(from, to)).join('\n')).toContain(complaint);
  });
});
