import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fail, type Result, succeed } from '../../../domain/model/fault.ts';
import type { Call, ConnectionSettings, Session } from '../connector.ts';
import { credentialsOf } from './aws-session.ts';
import { awsClientDefaults } from './partner-region.ts';

/** {@link awsClientDefaults} with what the session signs with. */
export function awsClientConfig(settings: ConnectionSettings, session: Session) {
  return { ...awsClientDefaults(settings), credentials: credentialsOf(session) } as const;
}

/** A client for asking who one is; part of the API object of every AWS connector. */
export interface IdentityApi {
  readonly identity: STSClient;
}

/** Opens {@link IdentityApi}. */
export function openIdentity(settings: ConnectionSettings, session: Session): STSClient {
  return new STSClient(awsClientConfig(settings, session));
}

/** The account behind a connection. AWS systems have no owners of records that the hub could name. */
export async function readAwsAccount(
  call: Call<IdentityApi>,
): Promise<Result<{ readonly accountId: string; readonly owners: Readonly<Record<string, string>> }>> {
  const answer = await call({ route: 'sts.GetCallerIdentity', isRepeatable: true, budgets: [] }, (api, abortSignal) =>
    api.identity.send(new GetCallerIdentityCommand({}), { abortSignal }),
  );
  if (!answer.ok) return answer;
  const accountId = answer.value.Account;
  return accountId === undefined
    ? fail({ kind: 'defect', code: 'NO_ACCOUNT', message: 'AWS did not say whose account this is.' })
    : succeed({ accountId, owners: {} });
}
