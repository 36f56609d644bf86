import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** One version of a secret's value. */
export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A secret with its present value and the one before, as far as it has them. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly current: SecretVersion | undefined;
  readonly previous: SecretVersion | undefined;
}

/** Secrets in one file that only its owner can read, replaced as a whole at every change. */
export interface SecretStore {
  /** Finds a secret by name or ARN. */
  find(idOrArn: string): Secret | undefined;
  all(): readonly Secret[];
  create(name: string): Secret;
  /** Gives a secret a new value; the same version id with the same value changes nothing. */
  put(secret: Secret, value: string, versionId: string | undefined): SecretVersion | 'version-exists';
}

const OWNER_ONLY = 0o600;

/** The ARN of an embedded secret. AWS ends it in six characters of its own making, which here follow from nothing but the name. */
export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-000000`;
}

/** Opens the store at `path`, which need not exist yet. */
export function openSecretStore(path: string, now: () => number): SecretStore {
  // The file is written below and nowhere else.
  const read = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as readonly Secret[]) : [];
  const secrets = new Map(read.map((secret) => [secret.name, secret]));
  const save = (secret: Secret): void => {
    secrets.set(secret.name, secret);
    writeFileSync(`${path}.new`, JSON.stringify([...secrets.values()]), { mode: OWNER_ONLY });
    renameSync(`${path}.new`, path);
  };

  return {
    find: (idOrArn) => secrets.get(idOrArn) ?? [...secrets.values()].find(({ arn }) => arn === idOrArn),
    all: () => [...secrets.values()],
    create(name) {
      const secret: Secret = { name, arn: secretArn(name), createdAt: now(), current: undefined, previous: undefined };
      save(secret);
      return secret;
    },
    put(secret, value, versionId) {
      const known = [secret.current, secret.previous].find(
        (version) => version !== undefined && version.id === versionId,
      );
      if (known !== undefined) return known.value === value ? known : 'version-exists';
      const current: SecretVersion = { id: versionId ?? randomUUID(), value, createdAt: now() };
      save({ ...secret, current, previous: secret.current });
      return current;
    },
  };
}
