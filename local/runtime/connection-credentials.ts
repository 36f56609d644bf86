import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { FunctionPlan } from './hub-plan.ts';

/** The credentials of one connection, collected from environment variables. */
export interface ConnectionCredentials {
  readonly connection: string;
  /** The secret in which the functions look for them. */
  readonly secretName: string;
  /** By the names under which the functions read them. */
  readonly values: Readonly<Record<string, string>>;
  /** Variables that are not set. */
  readonly missing: readonly string[];
}

/** The part of the configuration beside a bundle that says where credentials are. */
const configSchema = z.looseObject({
  connections: z
    .array(
      z.looseObject({
        id: z.string(),
        credentials: z.looseObject({ env: z.record(z.string(), z.string()).optional() }).optional(),
      }),
    )
    .default([]),
});

const secretNamesSchema = z.record(z.string(), z.string());

/**
 * Collects the credentials to which the connections refer by environment variables. Which connections there are, and which
 * secret each has, is read from the functions themselves: `config.json` in the bundle and `SECRET_NAMES` in the template. A
 * missing variable leaves its one value out.
 */
export function readCredentials(
  functions: readonly FunctionPlan[],
  variables: Readonly<Record<string, string | undefined>>,
): readonly ConnectionCredentials[] {
  const configured = functions.find(
    ({ directory, environment }) =>
      environment.SECRET_NAMES !== undefined && existsSync(join(directory, 'config.json')),
  );
  if (configured === undefined) return [];
  const { connections } = configSchema.parse(
    JSON.parse(readFileSync(join(configured.directory, 'config.json'), 'utf8')),
  );
  const secretNames = secretNamesSchema.parse(JSON.parse(configured.environment.SECRET_NAMES ?? '{}'));
  return connections.flatMap(({ id, credentials }) => {
    const secretName = secretNames[id];
    if (credentials?.env === undefined || secretName === undefined) return [];
    const named = Object.entries(credentials.env).map(([name, variable]) => ({
      name,
      variable,
      value: variables[variable] ?? '',
    }));
    return {
      connection: id,
      secretName,
      values: Object.fromEntries(named.flatMap(({ name, value }) => (value === '' ? [] : [[name, value]]))),
      missing: named.flatMap(({ variable, value }) => (value === '' ? [variable] : [])),
    };
  });
}
