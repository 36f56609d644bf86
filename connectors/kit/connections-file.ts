import * as z from 'zod';
import { SYSTEMS, type System } from './connector-registry.ts';
import { checkYaml, type FileProblem, type FileResult, problemAt, readYaml, type YamlFile } from './yaml-file.ts';

/** One configured account of a system, as `connections.yaml` says it. */
export interface Connection {
  /** Also the webhook address `/webhooks/{id}` and the outbound queue `outbound-{id}`. */
  readonly id: string;
  readonly system: System;
  /** Absent: the vendor's own address. Never ends in a slash. */
  readonly baseUrl?: string;
  /** `static-token`, `refresh-token`, `client-credentials` or `jwt-bearer`; which of them depends on the system. */
  readonly auth: string;
  /** Credentials by reference; at least one of the two is there. */
  readonly credentials: {
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

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/, 'must be 1 to 30 of a-z, 0-9 and -, beginning with a letter')
  .describe(
    'The name of the connection: its webhook address is /webhooks/{id}. Changing it makes it another connection.',
  );

const baseUrl = z
  .string()
  .superRefine((text, context) => {
    const flaw = flawOfBaseUrl(text);
    if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw });
  })
  .describe("The server to call; by default the vendor's own. https, or http to this machine or a private network.");

const environmentName = z
  .string({
    error: (issue) => (issue.input === undefined ? 'is missing' : 'must be the name of an environment variable'),
  })
  .regex(
    /^[A-Z][A-Z0-9_]{0,127}$/,
    'must be the NAME of an environment variable (A-Z, 0-9, _), never the value itself',
  );

const ceiling = z.int('must be a whole number').positive('must be at least 1');

const ceilings = z
  .strictObject({
    per10Seconds: ceiling.exactOptional().describe('Most calls in any 10 seconds.'),
    perDay: ceiling.exactOptional().describe('Most calls in a day.'),
    backgroundPercent: z
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(100, 'must be at most 100')
      .exactOptional()
      .describe(
        'What backfills, nightly walks and audits may use of every limit, percent; 70 unless said. The rest is for changes.',
      ),
  })
  .default({})
  .describe(
    'How many calls the hub may make. Takes the place of what it assumes for the account, since editions differ.',
  );

const accountId = z
  .string('must be text: put it in quotes')
  .min(1, 'must not be empty')
  .exactOptional()
  .describe('Portal id or organisation id. If another account answers, the connection is paused.');

/** One way to connect to a system: which credentials it takes and which objects can be kept the same. */
function connection<const S extends System, const A extends string, const B extends z.ZodType>(way: {
  readonly system: S;
  readonly auth: A;
  readonly baseUrl: B;
  readonly objects: readonly [string, ...string[]];
  readonly credentials: Readonly<Record<string, string>>;
  readonly optionalCredentials?: Readonly<Record<string, string>>;
}) {
  const env: Record<string, z.ZodType<string>> = {};
  for (const [name, note] of Object.entries(way.credentials)) env[name] = environmentName.describe(note);
  for (const [name, note] of Object.entries(way.optionalCredentials ?? {})) {
    env[name] = environmentName.exactOptional().describe(note);
  }
  return z.strictObject({
    id,
    system: z.literal(way.system),
    baseUrl: way.baseUrl,
    auth: z.literal(way.auth),
    credentials: z
      .strictObject({
        env: z
          .strictObject(env)
          .exactOptional()
          .describe('Environment variables that hold the credentials when the hub runs on one machine.'),
        secret: z
          .string()
          .regex(/^(arn:[\w:/+=.@-]+|[\w/+=.@-]{1,512})$/, 'must be the name or ARN of a secret')
          .exactOptional()
          .describe('Name or ARN of an existing AWS secret. Without it the stack makes tributary/{stage}/{id}.'),
      })
      .refine((credentials) => credentials.env !== undefined || credentials.secret !== undefined, {
        error: 'name the environment variables under env, an existing secret under secret, or both',
      }),
    objects: z
      .array(z.enum(way.objects, `must be one of ${way.objects.join(', ')}`))
      .min(1, 'name at least one object')
      .refine((objects) => new Set(objects).size === objects.length, { error: 'names an object twice' })
      .describe('The objects to keep the same.'),
    direction: z
      .enum(['in', 'out', 'both'], 'must be in, out or both')
      .default('both')
      .describe('in: the hub only reads; out: what is edited there counts for nothing; both.'),
    ceilings,
    accountId,
  });
}

const SALESFORCE_OBJECTS = ['Account', 'Opportunity', 'Contact', 'Lead'] as const;
const HUBSPOT_OBJECTS = ['company', 'deal', 'contact', 'lead'] as const;

const outboundMessageKey = {
  webhookKey:
    'A long random text of your own; outbound messages are sent to /webhooks/{id}?key= with it. Without it all of them are refused.',
};

const salesforce = z.discriminatedUnion(
  'auth',
  [
    connection({
      system: 'salesforce',
      auth: 'client-credentials',
      // Salesforce serves this flow at an organisation's My Domain address only, not at login.salesforce.com:
      // https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm
      baseUrl,
      objects: SALESFORCE_OBJECTS,
      credentials: {
        clientId: 'Consumer key of the connected app.',
        clientSecret: 'Consumer secret of the connected app.',
      },
      optionalCredentials: outboundMessageKey,
    }),
    connection({
      system: 'salesforce',
      auth: 'jwt-bearer',
      baseUrl: baseUrl.exactOptional(),
      objects: SALESFORCE_OBJECTS,
      credentials: {
        clientId: 'Consumer key of the connected app.',
        username: 'The user the hub acts as.',
        privateKey: 'Private key, PEM, of the certificate uploaded to the connected app.',
      },
      optionalCredentials: outboundMessageKey,
    }),
  ],
  { error: unknownChoice('must be client-credentials or jwt-bearer for salesforce') },
);

const webhookSecret = {
  clientSecret: "The app's client secret, by which webhooks are verified; without it every webhook is refused.",
};

const hubspot = z.discriminatedUnion(
  'auth',
  [
    connection({
      system: 'hubspot',
      auth: 'static-token',
      baseUrl: baseUrl.exactOptional(),
      objects: HUBSPOT_OBJECTS,
      credentials: { accessToken: 'Access token of the app.' },
      optionalCredentials: webhookSecret,
    }),
    connection({
      system: 'hubspot',
      auth: 'refresh-token',
      baseUrl: baseUrl.exactOptional(),
      objects: HUBSPOT_OBJECTS,
      credentials: {
        clientId: 'Client id of the app.',
        clientSecret: "The app's client secret; webhooks are verified by it too.",
        refreshToken: 'Refresh token of the account.',
      },
    }),
  ],
  { error: unknownChoice('must be static-token or refresh-token for hubspot') },
);

const connectionsSchema: z.ZodType<readonly Connection[]> = z
  .array(
    z.discriminatedUnion('system', [salesforce, hubspot], {
      error: unknownChoice(`must be one of ${SYSTEMS.join(', ')}`),
    }),
    'must be a list of connections, each beginning with "- id:"',
  )
  .max(20, 'has more than 20 connections');

/** What to say when the key that decides the rest is not one of those known, or there is nothing to look it up in. */
function unknownChoice(choices: string): z.core.$ZodErrorMap {
  return (issue) =>
    issue.code === 'invalid_union' ? choices : 'must be a connection: id, system, auth, credentials, objects';
}

/** What is wrong with a base address, or nothing. */
function flawOfBaseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return 'must be an address such as https://api.example.com';
  if (url.username !== '' || url.password !== '')
    return 'must not hold a user or password: credentials go under credentials';
  if (url.search !== '' || url.hash !== '' || text.endsWith('/'))
    return 'must end with the host, port or path, without ?, # or /';
  if (url.protocol === 'http:' && !isPrivateHost(url.hostname)) {
    return 'must begin with https: credentials would cross the network in the open (http is for this machine or a private network)';
  }
  return undefined;
}

/** Loopback and private addresses (RFC 1918, RFC 4193), and names that no public resolver knows: one label, or a reserved ending (RFC 6761, RFC 6762, RFC 9476). */
function isPrivateHost(host: string): boolean {
  return (
    /^(127|10)\.\d+\.\d+\.\d+$/.test(host) ||
    /^192\.168\.\d+\.\d+$/.test(host) ||
    /^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(host) ||
    /^\[(::1|f[cd][0-9a-f]{2}:.*)\]$/.test(host) ||
    /^[^.[]+$/.test(host) ||
    /\.(localhost|test|internal|local)$/.test(host)
  );
}

/** An id, or an account of one system, that stands twice in the list. */
function repeatedIn(yaml: YamlFile, connections: readonly Connection[]): readonly FileProblem[] {
  const firstAt = new Map<string, number>();
  const problems: FileProblem[] = [];
  connections.forEach((connection, index) => {
    const unique = [
      { key: 'id', text: `id ${connection.id}`, what: 'this id' },
      ...(connection.accountId === undefined
        ? []
        : [{ key: 'accountId', text: `account ${connection.system} ${connection.accountId}`, what: 'this account' }]),
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
