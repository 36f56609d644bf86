import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SecretsManager, startSecretsManager } from '../../../local/aws/secrets-manager.ts';

const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
let service: SecretsManager;
let client: SecretsManagerClient;

const start = async (): Promise<void> => {
  service = await startSecretsManager({ directory });
  client = new SecretsManagerClient({
    endpoint: service.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
};
beforeAll(start);
afterAll(async () => {
  client.destroy();
  await service.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('the embedded Secrets Manager, by the AWS SDK', () => {
  it('answers the latest value, and the one before by its stage', async () => {
    await client.send(new CreateSecretCommand({ Name: 'a/b', SecretString: 'one' }));
    const { VersionId } = await client.send(new PutSecretValueCommand({ SecretId: 'a/b', SecretString: 'two' }));

    const current = await client.send(new GetSecretValueCommand({ SecretId: 'a/b' }));
    expect(current).toMatchObject({ Name: 'a/b', SecretString: 'two', VersionId, VersionStages: ['AWSCURRENT'] });
    expect(current.CreatedDate).toBeInstanceOf(Date);
    expect(
      await client.send(new GetSecretValueCommand({ SecretId: String(current.ARN), VersionStage: 'AWSPREVIOUS' })),
    ).toMatchObject({ SecretString: 'one' });
    expect(
      (await client.send(new DescribeSecretCommand({ SecretId: 'a/b' }))).VersionIdsToStages?.[String(VersionId)],
    ).toEqual(['AWSCURRENT']);
  });

  it('takes a repeated write as one, and refuses its token for another value', async () => {
    const ClientRequestToken = '12345678-1234-1234-1234-123456789012';
    await client.send(new CreateSecretCommand({ Name: 'repeat' }));
    for (let times = 0; times < 2; times += 1)
      await client.send(new PutSecretValueCommand({ SecretId: 'repeat', SecretString: 'x', ClientRequestToken }));
    await expect(
      client.send(new GetSecretValueCommand({ SecretId: 'repeat', VersionStage: 'AWSPREVIOUS' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(
      client.send(new PutSecretValueCommand({ SecretId: 'repeat', SecretString: 'y', ClientRequestToken })),
    ).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  it('answers what it has of several, and names the others', async () => {
    await client.send(new CreateSecretCommand({ Name: 'many', SecretString: '1' }));
    const answer = await client.send(new BatchGetSecretValueCommand({ SecretIdList: ['many', 'none'] }));
    expect(answer.SecretValues?.map(({ SecretString }) => SecretString)).toEqual(['1']);
    expect(answer.Errors?.map(({ SecretId, ErrorCode }) => [SecretId, ErrorCode])).toEqual([
      ['none', 'ResourceNotFoundException'],
    ]);
  });

  it('refuses what does not exist, exists already or is too long', async () => {
    await client.send(new CreateSecretCommand({ Name: 'once' }));
    await expect(client.send(new CreateSecretCommand({ Name: 'once' }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'once' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(
      client.send(new PutSecretValueCommand({ SecretId: 'once', SecretString: 'x'.repeat(65_537) })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('keeps values over a restart in a file that only its owner can read', async () => {
    await client.send(new CreateSecretCommand({ Name: 'kept', SecretString: 'still here' }));
    client.destroy();
    await service.stop();
    await start();
    expect(await client.send(new GetSecretValueCommand({ SecretId: 'kept' }))).toMatchObject({
      SecretString: 'still here',
    });
    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
  });
});
