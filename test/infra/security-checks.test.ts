import { App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { makeFolder, synthesiseFixture } from './synthesise-fixture.ts';

/** Refuses to synthesise what breaks a rule of AWS Solutions and is not acknowledged; says on the console what and where. */
function refuseFindings(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

/** A rule that the code acknowledges to break, beside the resource. */
interface Acknowledged {
  readonly at: string;
  readonly rule: string;
  readonly reason: string;
}

describe('the checks of AWS Solutions', () => {
  it.each(['local', 'prod'])('find nothing unexplained in the stage %s', async (stage) => {
    await expect(synthesiseFixture({ stage, inspect: refuseFindings })).resolves.toBeDefined();
  });

  it('find nothing unexplained in a hub that sells and co-sells at AWS', async () => {
    const connectionsFile = 'test/infra/fixtures/aws-connections.yaml';
    await expect(synthesiseFixture({ connectionsFile, inspect: refuseFindings })).resolves.toBeDefined();
  });

  it('would find something', () => {
    const app = new App({ outdir: makeFolder() });
    new Queue(new Stack(app, 'Careless'), 'Queue');
    refuseFindings(app);

    expect(() => app.synth()).toThrow(/validation-report\.json/);
  });

  it('are answered with a reason where they are not obeyed, and that is in three places', async () => {
    const acknowledged: Acknowledged[] = [];

    await synthesiseFixture({
      inspect: (_, stack) => {
        for (const { node } of stack.node.findAll()) {
          for (const { type, data } of node.metadata) {
            if (type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
            for (const [rule, reason] of Object.entries(data as Record<string, string>)) {
              acknowledged.push({ at: node.path, rule: rule.replace(/^.*::/, ''), reason });
            }
          }
        }
      },
    });

    expect(acknowledged.map(({ at, rule }) => `${rule} at ${at}`)).toEqual([
      'AwsSolutions-SMG4 at Tributary-dev/Connection-salesforce/Secret',
      'AwsSolutions-SQS3 at Tributary-dev/Events/Undelivered',
      'AwsSolutions-APIG4 at Tributary-dev/Http/Api/POST--webhooks--{connection}',
    ]);
    for (const { reason } of acknowledged) expect(reason).toMatch(/^[A-Z].{60,}\.$/);
  });
});
