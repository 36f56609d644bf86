import * as z from 'zod';
import type { System } from './connector-registry.ts';

/** The name of a connection. */
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

/** One way to connect to a system with credentials: which it takes and which objects can be kept the same. */
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
  const { id: name, system, baseUrl: address, auth, ...rest } = common(way);
  return z.strictObject({
    id: name,
    system,
    baseUrl: address,
    auth,
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
    ...rest,
    accountId,
  });
}

/** What every connection says. */
function common<const S extends System, const A extends string, const B extends z.ZodType>(way: {
  readonly system: S;
  readonly auth: A;
  readonly baseUrl: B;
  readonly objects: readonly [string, ...string[]];
}) {
  return {
    id,
    system: z.literal(way.system),
    baseUrl: way.baseUrl,
    auth: z.literal(way.auth),
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
  };
}

const SALESFORCE_OBJECTS = ['Account', 'Opportunity', 'Contact', 'Lead'] as const;
const HUBSPOT_OBJECTS = ['company', 'deal', 'contact', 'lead'] as const;

const outboundMessageKey = {
  webhookKey:
    'A long random text of your own; outbound messages are sent to /webhooks/{id}?key= with it. Without it all of them are refused.',
};

/** The ways to connect to Salesforce. */
export const salesforce = z.discriminatedUnion(
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

/** The ways to connect to HubSpot. */
export const hubspot = z.discriminatedUnion(
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

const awsAccount = z
  .string('must be text: put it in quotes')
  .regex(/^\d{12}$/, 'must be an AWS account id: twelve digits, in quotes')
  .describe(
    'The AWS account that sells. Events of other accounts are ignored; if another account answers, the connection is paused.',
  );

const role = {
  roleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'must be the ARN of a role')
    .describe('The role to assume in the selling account.'),
  externalId: z.string().min(2).exactOptional().describe('The external id that the trust policy of the role asks for.'),
};

/** The ways to connect to a system of AWS; `options` are those of the system itself. */
function awsWays<const S extends System, const O extends z.ZodRawShape>(
  system: S,
  objects: readonly [string, ...string[]],
  options: O,
) {
  const way = { system, objects, baseUrl: baseUrl.exactOptional() };
  const own = z.strictObject(options).exactOptional().describe('What else the system wants to know.');
  return z.discriminatedUnion(
    'auth',
    [
      z.strictObject({ ...common({ ...way, auth: 'own-account' }), accountId: awsAccount, options: own }),
      z.strictObject({
        ...common({ ...way, auth: 'assume-role' }),
        accountId: awsAccount,
        options: z.strictObject({ ...role, ...options }).describe('The role, and what else the system wants to know.'),
      }),
      connection({
        ...way,
        auth: 'access-key',
        credentials: { accessKeyId: 'Id of the access key.', secretAccessKey: 'The secret of the access key.' },
      }).extend({ accountId: awsAccount, options: own }),
    ],
    { error: unknownChoice(`must be own-account, assume-role or access-key for ${system}`) },
  );
}

/** The ways to connect to AWS Marketplace as a seller. */
export const awsMarketplace = awsWays('aws-marketplace', ['Offer', 'Agreement'], {
  eulaUrl: z
    .string()
    .regex(/^https:\/\/\S{4,1000}$/, 'must be an address that begins with https://')
    .exactOptional()
    .describe("The address of your own end user agreement, a PDF; without it offers carry AWS's standard contract."),
  eulaVersion: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a version of the standard contract, like 2022-07-14')
    .exactOptional()
    .describe("The version of AWS's standard contract that offers carry; 2022-07-14 when left out."),
});

/** The ways to connect to AWS Partner Central. */
export const awsPartnerCentral = awsWays('aws-partner-central', ['Opportunity', 'EngagementInvitation'], {
  catalog: z
    .enum(['AWS', 'Sandbox'], 'must be AWS or Sandbox')
    .exactOptional()
    .describe('AWS (the default) is the real one; Sandbox is for trying things out.'),
});

/** What to say when the key that decides the rest is not one of those known, or there is nothing to look it up in. */
export function unknownChoice(choices: string): z.core.$ZodErrorMap {
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
