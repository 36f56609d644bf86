import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import * as z from 'zod';
import { fail, type Result, succeed } from '../../../domain/model/fault.ts';
import type { ConnectionSettings, Credentials, Session } from '../connector.ts';
import { faultOfAws } from './fault-of-aws.ts';
import { awsClientDefaults } from './partner-region.ts';

/**
 * Ways to be let in at AWS.
 *
 * - `own-account`: the role the hub itself runs as; there is no secret at all.
 * - `assume-role`: a role of the account where the marketplace or partner business is, named by the option `roleArn` (and, where
 *   its trust policy asks for one, `externalId`); the hub's own role may assume exactly that.
 * - `access-key`: a key pair, for a hub on one machine and for simulated systems.
 */
export const AWS_AUTH = {
  'own-account': { credentials: [], isWithoutSecret: true },
  'assume-role': { credentials: [], isWithoutSecret: true },
  'access-key': { credentials: ['accessKeyId', 'secretAccessKey'] },
} as const;

/**
 * Gets a session of an AWS connection: for `assume-role` one call to the Security Token Service, for the others none.
 *
 * *Units*: a session of an assumed role lives an hour. *Faults*: `credential` when the role may not be assumed.
 */
export async function authenticateAtAws(
  settings: ConnectionSettings,
  credentials: Credentials,
  _now: number,
  signal: AbortSignal,
): Promise<Result<Session>> {
  switch (settings.auth) {
    case 'own-account':
      return succeed({ accessToken: OWN_ACCOUNT });
    case 'access-key': {
      const { accessKeyId, secretAccessKey, sessionToken } = credentials;
      return succeed({ accessToken: JSON.stringify({ accessKeyId, secretAccessKey, sessionToken }) });
    }
    case 'assume-role':
      return assumeRole(settings, signal);
    default:
      return fail({
        kind: 'credential',
        code: 'UNKNOWN_AUTH',
        message: `The connection ${settings.id} names a way to log in that AWS systems do not have: ${Object.keys(AWS_AUTH).join(', ')}.`,
      });
  }
}

/** What the SDK's clients sign with in this session. */
export function credentialsOf(session: Session): NonNullable<STSClientConfig['credentials']> {
  return session.accessToken === OWN_ACCOUNT ? ownCredentials : keyPair.parse(JSON.parse(session.accessToken));
}

const OWN_ACCOUNT = 'own-account';

/** Remembers what it found, and renews it in time. */
const ownCredentials = defaultProvider();

const keyPair = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string().exactOptional(),
});

async function assumeRole(settings: ConnectionSettings, signal: AbortSignal): Promise<Result<Session>> {
  const { roleArn, externalId } = settings.options ?? {};
  const client = new STSClient({ ...awsClientDefaults(settings), credentials: ownCredentials });
  try {
    const { Credentials: given } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: `tributary-${settings.id}`,
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
      }),
      { abortSignal: signal },
    );
    if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
      return fail({ kind: 'defect', code: 'NO_CREDENTIALS', message: 'AWS gave no credentials for the role.' });
    }
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given;
    const expiresAt = given.Expiration?.getTime();
    return succeed({
      accessToken: JSON.stringify({ accessKeyId, secretAccessKey, sessionToken }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
  } catch (error) {
    // The SDK fails by throwing; here it becomes a value.
    return fail(faultOfAws(error, { isRepeatable: true }));
  } finally {
    client.destroy();
  }
}
