import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { awsSecrets } from '../../../functions/runtime/secrets.ts';

const manager = mockClient(SecretsManagerClient);
const MINUTE = 60_000;
let now = 0;

beforeEach(() => {
  manager.reset();
  now = 0;
});

describe('a connection’s secret', () => {
  test('is its credentials and their version, read once in a quarter of an hour', async () => {
    manager.on(GetSecretValueCommand).resolves({ SecretString: '{"accessToken":"t"}', VersionId: 'v-1' });
    const secrets = setUp();

    const [one, two] = await Promise.all([secrets.read('hubspot'), secrets.read('hubspot')]);
    now = 15 * MINUTE - 1;
    await secrets.read('hubspot');

    expect(one).toEqual({ ok: true, value: { credentials: { accessToken: 't' }, version: 'v-1' } });
    expect(two).toEqual(one);
    expect(reads()).toEqual(['tributary/dev/hubspot']);
    now = 15 * MINUTE;
    await secrets.read('hubspot');
    expect(reads()).toHaveLength(2);
  });

  test('that a system refused is read again, but not more often than every half minute', async () => {
    manager.on(GetSecretValueCommand).resolves({ SecretString: '{}', VersionId: 'v-1' });
    const secrets = setUp();
    await secrets.read('hubspot');

    secrets.forget('hubspot');
    await secrets.read('hubspot');
    expect(reads()).toHaveLength(1);
    now = 30_000;
    await secrets.read('hubspot');
    expect(reads()).toHaveLength(2);
  });

  test('that could not be read is asked for again after half a minute', async () => {
    manager.on(GetSecretValueCommand).rejects(named('ResourceNotFoundException'));
    const secrets = setUp();
    await secrets.read('hubspot');
    manager.on(GetSecretValueCommand).resolves({ SecretString: '{"accessToken":"t"}', VersionId: 'v-1' });

    expect(await secrets.read('hubspot')).toMatchObject({ ok: false });
    now = 30_000;
    expect(await secrets.read('hubspot')).toMatchObject({ ok: true });
  });
});

describe('an administrator is told', () => {
  test.each(['ResourceNotFoundException', 'AccessDeniedException', 'DecryptionFailure'])(
    'of %s, with the connection and what to do',
    async (name) => {
      manager.on(GetSecretValueCommand).rejects(named(name));

      expect(await setUp().read('hubspot')).toMatchObject({
        ok: false,
        fault: {
          kind: 'credential',
          code: name,
          message:
            'The connection hubspot has no readable credentials. Put them into the secret tributary/dev/hubspot.',
        },
      });
    },
  );

  test.each(['', 'a token', '["t"]', '{"accessToken":1}'])(
    'of a secret that is no JSON object of texts: %j, without its content',
    async (text) => {
      manager.on(GetSecretValueCommand).resolves({ SecretString: text, VersionId: 'v-1' });

      const answer = await setUp().read('hubspot');

      expect(answer).toMatchObject({ ok: false, fault: { kind: 'credential', code: 'SECRET_MALFORMED' } });
    },
  );

  test('of a connection that has no secret', async () => {
    expect(await setUp().read('another')).toMatchObject({
      ok: false,
      fault: { kind: 'credential', code: 'NO_SECRET' },
    });
  });
});

test('a service that does not answer is waited for, and nobody is told', async () => {
  manager.on(GetSecretValueCommand).rejects(named('InternalServiceError'));

  expect(await setUp().read('hubspot')).toMatchObject({ ok: false, fault: { kind: 'transient' } });
});

function setUp() {
  return awsSecrets(new SecretsManagerClient({}), { hubspot: 'tributary/dev/hubspot' }, () => now);
}

function reads(): readonly (string | undefined)[] {
  return manager.commandCalls(GetSecretValueCommand).map(({ args }) => args[0].input.SecretId);
}

function named(name: string): Error {
  return Object.assign(new Error('not for the log: arn:aws:secretsmanager:eu-central-1:1:secret:x'), { name });
}
