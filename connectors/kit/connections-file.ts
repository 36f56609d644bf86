import * as z from 'zod';
import { awsMarketplace, awsPartnerCentral, hubspot, salesforce, unknownChoice } from './connection-ways.ts';
import { SYSTEMS, type System } from './connector-registry.ts';
import { checkYaml, type FileProblem, type FileResult, problemAt, readYaml, type YamlFile } from './yaml-file.ts';

/** One configured account of a system, as `connections.yaml` says it. */
export interface Connection {
  /** Also the webhook address `/webhooks/{id}` and the outbound queue `outbound-{id}`. */
  readonly id: string;
  readonly system: System;
  /** Absent: the vendor's own address. Never ends in a slash. */
  readonly baseUrl?: string;
  /** How the hub is let in, e.g. `static-token`, `client-credentials` or `assume-role`; which there are depends on the system. */
  readonly auth: string;
  /** Credentials by reference, at least one of the two; absent where there is nothing secret. */
  readonly credentials?: {
    /** Credential name → environment variable that holds it; used on one machine. */
    readonly env?: Readonly<Record<string, string>>;
    /** Name or ARN of an existing secret, a JSON object of the same names; used on AWS. */
    readonly secret?: string;
  };
  /** The system's own object names, at least one. */
  readonly objects: readonly string[];
  readonly direction: 'in' | 'out' | 'both';
  /** Calls the hub may make, in place of what the connector assumes for the account. */
  readonly ceilings: {
    readonly per10Seconds?: number;
    readonly perDay?: number;
    readonly backgroundPercent?: number;
  };
  /** The account's own id (portal id, organisation id); when another answers, the connection is paused. */
  readonly accountId?: string;
  /** What else the system wants to know, by its own names, e.g. `catalog` or `roleArn`. */
  readonly options?: Readonly<Record<string, string>>;
}

/**
 * Reads the text of a connections file. Pure; the order of the list is kept, because ties between systems are broken by it.
 *
 * *Shape*: a YAML list of connections; a text without any is an empty list.
 *
 * *Bounds*: at most 20 connections. What one stack can carry may be less: its functions' environments are limited to 4 KB.
 *
 * *Faults*: every mistake at once, each with its line; the texts never repeat a value from the file.
 */
export function readConnectionsFile(file: string, text: string): FileResult<readonly Connection[]> {
  const yaml = readYaml(file, text);
  if (!yaml.ok) return yaml;
  if (yaml.value.content === null) return { ok: true, value: [] };
  const checked = checkYaml(yaml.value, connectionsSchema);
  if (!checked.ok) return checked;
  const problems = repeatedIn(yaml.value, checked.value);
  return problems.length === 0 ? checked : { ok: false, problems };
}

/** The JSON Schema of a connections file, for editors. */
export function connectionsJsonSchema(): object {
  return {
    $id: 'connections.schema.json',
    title: 'Connections of Tributary',
    ...z.toJSONSchema(connectionsSchema, { io: 'input' }),
  };
}

const connectionsSchema: z.ZodType<readonly Connection[]> = z
  .array(
    z.discriminatedUnion('system', [salesforce, hubspot, awsMarketplace, awsPartnerCentral], {
      error: unknownChoice(`must be one of ${SYSTEMS.join(', ')}`),
    }),
    'must be a list of connections, each beginning with "- id:"',
  )
  .max(20, 'has more than 20 connections');

/** An id, or an account of one system, that stands twice in the list. */
function repeatedIn(yaml: YamlFile, connections: readonly Connection[]): readonly FileProblem[] {
  const firstAt = new Map<string, number>();
  const problems: FileProblem[] = [];
  connections.forEach((connection, index) => {
    const unique = [
      { key: 'id', text: `id ${connection.id}`, what: 'this id' },
      ...(connection.accountId === undefined
        ? []
        : [
            {
              key: 'accountId',
              text: `account ${connection.system} ${connection.accountId} ${connection.options?.catalog ?? ''}`,
              what: 'this account',
            },
          ]),
    ];
    for (const { key, text, what } of unique) {
      const first = firstAt.get(text);
      if (first === undefined) firstAt.set(text, index);
      else
        problems.push(
          problemAt(yaml, [index, key], `${what} is used before, by the connection in line ${yaml.lineOf([first])}`),
        );
    }
  });
  return problems;
}
