import type { WireOperation } from '../wire/json-service.ts';
import { answered, type JsonObject, refused, type WireFault, type WireResult } from '../wire/wire-result.ts';
import type { Secret, SecretStore, SecretVersion } from './secret-store.ts';

/** Bounds of https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html. */
const VALUE_BYTES_MAX = 65_536;
const BATCH_MAX = 20;
const SECRET_NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;

/**
 * The Secrets Manager operations of the hub and its tools. Values are texts; rotation, replication, policies, tags and
 * deletion are not served.
 */
export function secretsManagerOperations(store: SecretStore): Record<string, WireOperation> {
  const onSecret = (work: (secret: Secret, input: JsonObject) => WireResult): WireOperation => {
    return (input) => {
      const secret = store.find(String(input.SecretId ?? ''));
      return secret === undefined ? { ok: false, fault: notFound() } : work(secret, input);
    };
  };
  return {
    CreateSecret: (input) => createSecret(store, input),
    PutSecretValue: onSecret((secret, input) => putValue(store, secret, input)),
    UpdateSecret: onSecret((secret, input) => putValue(store, secret, input)),
    GetSecretValue: onSecret((secret, input) => {
      const read = readValue(secret, input.VersionStage, input.VersionId);
      return 'fault' in read ? { ok: false, fault: read.fault } : answered(read.fields);
    }),
    BatchGetSecretValue: (input) => batchGet(store, input),
    DescribeSecret: onSecret((secret) => answered(describe(secret))),
    ListSecrets: () => answered({ SecretList: store.all().map(describe) }),
  };
}

function createSecret(store: SecretStore, input: JsonObject): WireResult {
  const name = input.Name;
  if (typeof name !== 'string' || !SECRET_NAME.test(name)) return refused('InvalidParameterException', 'Invalid name.');
  if (store.find(name) !== undefined)
    return refused('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
  const secret = store.create(name);
  return input.SecretString === undefined ? answered({ ARN: secret.arn, Name: name }) : putValue(store, secret, input);
}

function putValue(store: SecretStore, secret: Secret, input: JsonObject): WireResult {
  const value = input.SecretString;
  if (typeof value !== 'string')
    return refused('InvalidParameterException', 'SecretString is required; binary values are not served here.');
  if (Buffer.byteLength(value, 'utf8') > VALUE_BYTES_MAX)
    return refused('InvalidParameterException', `SecretString is longer than ${VALUE_BYTES_MAX} bytes.`);
  const token = typeof input.ClientRequestToken === 'string' ? input.ClientRequestToken : undefined;
  const version = store.put(secret, value, token);
  if (version === 'version-exists')
    return refused('ResourceExistsException', 'A version with this ClientRequestToken has another value.');
  return answered({ ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: ['AWSCURRENT'] });
}

function batchGet(store: SecretStore, input: JsonObject): WireResult {
  const ids = Array.isArray(input.SecretIdList) ? input.SecretIdList.map(String) : [];
  if (ids.length === 0 || ids.length > BATCH_MAX)
    return refused('InvalidParameterException', `SecretIdList must have 1 to ${BATCH_MAX} entries.`);
  const read = ids.map((id) => {
    const secret = store.find(id);
    return { id, result: secret === undefined ? { fault: notFound() } : readValue(secret, undefined, undefined) };
  });
  return answered({
    SecretValues: read.flatMap(({ result }) => ('fields' in result ? [result.fields] : [])),
    Errors: read.flatMap(({ id, result }) =>
      'fault' in result ? [{ SecretId: id, ErrorCode: result.fault.code, Message: result.fault.message }] : [],
    ),
  });
}

function readValue(
  secret: Secret,
  stage: unknown,
  versionId: unknown,
): { readonly fields: JsonObject } | { readonly fault: WireFault } {
  const staged = stage === 'AWSPREVIOUS' ? secret.previous : secret.current;
  const version = versionId === undefined ? staged : versionsOf(secret).find(([, { id }]) => id === versionId)?.[1];
  if (version === undefined) {
    return {
      fault: { code: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret value." },
    };
  }
  const stages = versionsOf(secret).flatMap(([label, { id }]) => (id === version.id ? [label] : []));
  return {
    fields: {
      ARN: secret.arn,
      Name: secret.name,
      SecretString: version.value,
      VersionId: version.id,
      VersionStages: stages,
      CreatedDate: version.createdAt / 1000,
    },
  };
}

function describe(secret: Secret): JsonObject {
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: secret.createdAt / 1000,
    VersionIdsToStages: Object.fromEntries(versionsOf(secret).map(([label, { id }]) => [id, [label]])),
  };
}

function versionsOf(secret: Secret): readonly (readonly [stage: string, version: SecretVersion])[] {
  const { current, previous } = secret;
  return [
    ...(current === undefined ? [] : [['AWSCURRENT', current] as const]),
    ...(previous === undefined ? [] : [['AWSPREVIOUS', previous] as const]),
  ];
}

function notFound(): WireFault {
  return { code: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret." };
}
