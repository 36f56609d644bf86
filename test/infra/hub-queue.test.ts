import { beforeAll, describe, expect, it } from 'vitest';
import { pick, QUEUES, type SynthesisedFixture, synthesiseFixture } from './synthesise-fixture.ts';

let dev: SynthesisedFixture;

beforeAll(async () => {
  dev = await synthesiseFixture();
});

describe('the queues', () => {
  it('are inbound, sweep and one for each connection, each with dead letters, and one for undelivered events', () => {
    const names = Object.values(dev.resources('AWS::SQS::Queue')).map(({ Properties }) => Properties.QueueName);

    const expected = [...QUEUES.flatMap((name) => [name, `${name}-dead-letters`]), 'undelivered-events'];
    expect(names.sort()).toEqual(expected.map((name) => `Tributary-dev-${name}`).sort());
  });

  it('are all encrypted, and refuse requests without TLS', () => {
    const policies = Object.values(dev.resources('AWS::SQS::QueuePolicy'));
    for (const [id, { Properties }] of Object.entries(dev.resources('AWS::SQS::Queue'))) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
      expect(policies).toContainEqual(
        expect.objectContaining({
          Properties: {
            Queues: [{ Ref: id }],
            PolicyDocument: expect.objectContaining({
              Statement: expect.arrayContaining([
                expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
              ]),
            }),
          },
        }),
      );
    }
  });

  it.each(QUEUES)(
    'give up on a message of %s after some crashes, and keep it longer than the queue itself would',
    (name) => {
      const queue = dev.queue(name);
      const deadLetters = dev.queue(`${name}-dead-letters`);

      expect(queue.Properties.RedrivePolicy).toEqual({
        deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters.id, 'Arn'] },
        maxReceiveCount: 5,
      });
      expect(deadLetters.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
      expect(Number(queue.Properties.MessageRetentionPeriod)).toBeLessThan(14 * 86_400);
    },
  );

  it.each(QUEUES)('take dead letters of %s from that queue only', (name) => {
    const allowed = JSON.stringify(dev.queue(`${name}-dead-letters`).Properties.RedriveAllowPolicy);

    expect(allowed).toContain('"redrivePermission":"byQueue"');
    expect(allowed).toContain(`:Tributary-dev-${name}"`);
  });

  it('hide a message for at least six times as long as its reader may take', () => {
    for (const { Properties } of Object.values(dev.resources('AWS::Lambda::EventSourceMapping'))) {
      const queueId = String(pick(Properties.EventSourceArn, 'Fn::GetAtt', 0));
      const readerId = String(pick(Properties.FunctionName, 'Ref'));
      const visibility = pick(dev.resources('AWS::SQS::Queue'), queueId, 'Properties', 'VisibilityTimeout');
      const timeout = pick(dev.resources('AWS::Lambda::Function'), readerId, 'Properties', 'Timeout');

      expect(visibility).toBeGreaterThanOrEqual(6 * Number(timeout));
    }
  });
});
