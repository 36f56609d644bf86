import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Credentials } from '../../connectors/kit/connector.ts';
import { fail, type Result, succeed } from '../../domain/model/fault.ts';

/** A connection's credentials, as its secret holds them now. */
export interface Secret {
  readonly credentials: Credentials;
  /** The service's own id of this version of the secret; another one means that somebody changed it. */
  readonly version: string;
}

/** The credentials of connections, read when first asked for and kept for a while. */
export interface Secrets {
  /**
   * The secret of a connection. *Faults*: `credential` when there is none, it may not be read or it is not a JSON object of texts;
   * `transient` when the service does not answer. The texts name the connection and what to do.
   */
  read(connection: string): Promise<Result<Secret>>;
  /** After a system refused the credentials: the next read asks again, unless the last one is only just over. */
  forget(connection: string): void;
}

/** Secrets from Secrets Manager, by the names in `names`. *Units*: `now` in ms. */
export function awsSecrets(
  client: SecretsManagerClient,
  names: Readonly<Record<string, string>>,
  now: () => number,
): Secrets {
  const kept = new Map<string, { readonly answer: Promise<Result<Secret>>; readonly readAt: number; until: number }>();

  async function load(connection: string): Promise<Result<Secret>> {
    const name = names[connection];
    if (name === undefined) {
      return lacking(connection, 'NO_SECRET', 'has no secret configured', 'Deploy again after adding it.');
    }
    let text: string;
    let version: string;
    try {
      const answer = await client.send(new GetSecretValueCommand({ SecretId: name }));
      text = answer.SecretString ?? '';
      version = answer.VersionId ?? '';
    } catch (cause) {
      // The client's errors become faults here, by who must act.
      const code = cause instanceof Error ? cause.name : 'unknown';
      if (!CREDENTIAL_ERRORS.has(code)) {
        const message = `The credentials of the connection ${connection} could not be read just now.`;
        return fail({ kind: 'transient', code: 'SECRETS_UNREACHABLE', message, cause });
      }
      return lacking(connection, code, 'has no readable credentials', `Put them into the secret ${name}.`);
    }
    const checked = credentials.safeParse(json(text));
    return checked.success
      ? succeed({ credentials: checked.data, version })
      : lacking(
          connection,
          'SECRET_MALFORMED',
          'has credentials in a wrong form',
          `The secret ${name} must be a JSON object of texts.`,
        );
  }

  return {
    async read(connection) {
      const known = kept.get(connection);
      if (known !== undefined && now() < known.until) return known.answer;
      const entry = { answer: load(connection), readAt: now(), until: now() + KEPT_MS };
      kept.set(connection, entry);
      const answer = await entry.answer;
      if (!answer.ok) entry.until = Math.min(entry.until, entry.readAt + AGAIN_MS);
      return answer;
    },
    forget(connection) {
      const known = kept.get(connection);
      if (known !== undefined) known.until = Math.min(known.until, known.readAt + AGAIN_MS);
    },
  };
}

/** A rotated secret is found this late at most, without a fault. */
const KEPT_MS = 15 * 60_000;
/** How soon a secret is read again after a fault. */
const AGAIN_MS = 30_000;

/** Errors that waiting does not mend: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
const CREDENTIAL_ERRORS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidParameterException',
  'InvalidRequestException',
  'ResourceNotFoundException',
]);

const credentials = z.record(z.string(), z.string());

function lacking(connection: string, code: string, flaw: string, whatToDo: string): Result<never> {
  return fail({ kind: 'credential', code, message: `The connection ${connection} ${flaw}. ${whatToDo}` });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is a wrong form; the caller says so.
    return undefined;
  }
}
