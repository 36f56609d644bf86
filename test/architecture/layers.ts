import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { type ImportSite, scanImports } from './scan-code.ts';
import type { SourceFile } from './source-tree.ts';

/** What a part of the project may import from others of its parts. */
export interface Permission {
  /** A file, or a folder with all in it. `{own}` stands for the first two folders of the importing file. */
  readonly to: string;
  /** Only as types, or only by a dynamic import. */
  readonly only?: 'type' | 'dynamic';
  /** Only from this file. */
  readonly from?: string;
}

/** One part of the project, and all that it may import. What is not here is forbidden. */
export interface Layer {
  /** The folder; `*` stands for one folder's name. The first layer whose folder fits counts. */
  readonly folder: string;
  readonly own: readonly Permission[];
  /** Packages, or folders of packages where only a narrow entry may be taken; `all` for any. */
  readonly packages: readonly string[] | 'all';
  /** Node's own modules, each with the names that may be taken (`*`: all); `all` for any. */
  readonly builtins: Readonly<Record<string, readonly string[]>> | 'all';
}

const MODEL: Permission = { to: 'domain/model' };
const PORTS: Permission = { to: 'domain/pipeline/ports.ts', only: 'type' };

/** Who may import what. */
export const LAYERS: readonly Layer[] = [
  {
    folder: 'domain',
    own: [{ to: 'domain' }],
    packages: ['any-ascii', 'big.js', 'fastest-levenshtein', 'libphonenumber-js/min', 'tldts', 'yaml', 'zod'],
    builtins: { 'node:crypto': ['hash'] },
  },
  {
    // What the connectors of AWS systems share.
    folder: 'connectors/kit/aws',
    own: [{ to: 'connectors/kit' }, MODEL],
    packages: ['@aws-sdk/client-sts', '@aws-sdk/credential-provider-node', 'zod'],
    builtins: {},
  },
  {
    folder: 'connectors/kit',
    own: [
      { to: 'connectors/kit' },
      MODEL,
      PORTS,
      // A connector is loaded when its system is served, and not before.
      { to: 'connectors', only: 'dynamic', from: 'connectors/kit/connector-registry.ts' },
    ],
    packages: ['yaml', 'zod'],
    builtins: { 'node:crypto': ['createHash', 'timingSafeEqual'] },
  },
  {
    folder: 'connectors/salesforce',
    own: [{ to: '{own}' }, { to: 'connectors/kit' }, MODEL, PORTS],
    packages: ['fast-xml-parser', 'jsforce/lib'],
    builtins: { 'node:crypto': ['sign'], 'node:stream': ['PassThrough'] },
  },
  {
    folder: 'connectors/hubspot',
    own: [{ to: '{own}' }, { to: 'connectors/kit' }, MODEL, PORTS],
    packages: ['@hubspot/api-client/lib/codegen', 'zod'],
    builtins: { 'node:crypto': ['createHmac', 'timingSafeEqual'] },
  },
  {
    folder: 'connectors/aws-marketplace',
    own: [{ to: '{own}' }, { to: 'connectors/kit' }, MODEL, PORTS],
    packages: ['@aws-sdk/client-marketplace-agreement', '@aws-sdk/client-marketplace-catalog', 'big.js', 'zod'],
    builtins: {},
  },
  {
    folder: 'connectors/aws-partner-central',
    own: [{ to: '{own}' }, { to: 'connectors/kit' }, MODEL, PORTS],
    packages: ['@aws-sdk/client-partnercentral-selling', 'zod'],
    builtins: {},
  },
  {
    folder: 'functions/runtime',
    own: [{ to: '{own}' }, { to: 'connectors/kit' }, { to: 'domain' }],
    packages: [
      '@aws-lambda-powertools/logger',
      '@aws-lambda-powertools/metrics',
      '@aws-sdk/client-dynamodb',
      '@aws-sdk/client-eventbridge',
      '@aws-sdk/client-secrets-manager',
      '@aws-sdk/client-sqs',
      'aws-lambda',
      'zod',
    ],
    builtins: 'all',
  },
  {
    // Counts and redrives messages; beside this, only the runtime speaks to AWS.
    folder: 'functions/serve-api',
    own: [{ to: '{own}' }, { to: 'functions/runtime' }, { to: 'domain' }],
    packages: ['@aws-sdk/client-sqs', 'hono', 'zod'],
    builtins: {},
  },
  {
    folder: 'functions/*',
    own: [{ to: '{own}' }, { to: 'functions/runtime' }, { to: 'connectors/kit' }, { to: 'domain' }],
    packages: ['aws-lambda'],
    builtins: {},
  },
  {
    folder: 'infra',
    // Functions are bundled, never imported.
    own: [
      { to: 'infra' },
      { to: 'connectors/kit' },
      { to: 'domain/mapping' },
      // Policies are made from what the connectors say they do.
      { to: 'connectors/aws-marketplace/operations.ts', from: 'infra/grant-aws.ts' },
      { to: 'connectors/aws-partner-central/operations.ts', from: 'infra/grant-aws.ts' },
    ],
    packages: ['aws-cdk-lib', 'constructs', 'esbuild', 'zod'],
    builtins: 'all',
  },
  {
    folder: 'local',
    // Runs the template and the bundles it names, so it reaches for neither infra nor functions.
    own: [{ to: 'local' }, { to: 'domain' }, { to: 'connectors/kit' }],
    packages: 'all',
    builtins: 'all',
  },
  { folder: 'console', own: [{ to: 'console' }], packages: [], builtins: {} },
  {
    folder: 'bench',
    own: ['bench', 'connectors', 'domain', 'functions', 'infra', 'local', 'test/support'].map((to) => ({ to })),
    packages: 'all',
    builtins: 'all',
  },
  {
    folder: 'test',
    own: ['bench', 'connectors', 'domain', 'functions', 'infra', 'local', 'test'].map((to) => ({ to })),
    packages: 'all',
    builtins: 'all',
  },
];

/** The layer a file belongs to. */
export function layerOf(path: string): Layer | undefined {
  const folders = path.split('/');
  return LAYERS.find(({ folder }) =>
    folder.split('/').every((name, depth) => depth < folders.length - 1 && (name === '*' || name === folders[depth])),
  );
}

/** What is wrong with the imports of one file, each as `file:line: what`; nothing when all are as they should be. */
export function importFlaws({ path, text }: SourceFile): readonly string[] {
  const layer = layerOf(path);
  if (layer === undefined) return [`${path}: lies in no folder that the import rule knows`];
  return scanImports(text).flatMap((site) => {
    const flaw = flawOf(path, site, layer);
    return flaw === undefined ? [] : [`${path}:${site.line}: ${flaw}`];
  });
}

function flawOf(path: string, site: ImportSite, layer: Layer): string | undefined {
  const { specifier } = site;
  if (specifier === undefined) {
    return layer.packages === 'all' ? undefined : 'imports what is only known at run time';
  }
  if (specifier.startsWith('.')) return flawOfOwn(path, site, specifier, layer);
  const builtin = specifier.replace(/^node:/, '');
  if (builtinModules.includes(builtin)) return flawOfBuiltin(site, specifier, builtin, layer);
  const isAllowed = layer.packages === 'all' || layer.packages.some((name) => isIn(specifier, name));
  return isAllowed ? undefined : `${layer.folder} does not import ${specifier}`;
}

function flawOfOwn(path: string, { how }: ImportSite, specifier: string, layer: Layer): string | undefined {
  if (!/\.(?:ts|json|cjs)$/.test(specifier)) return `${specifier} does not end in .ts`;
  const target = posix.join(posix.dirname(path), specifier);
  const own = path.split('/').slice(0, 2).join('/');
  const isAllowed = layer.own.some(
    ({ to, only, from }) =>
      isIn(target, to.replace('{own}', own)) &&
      (only === undefined || only === how) &&
      (from === undefined || from === path),
  );
  return isAllowed ? undefined : `${layer.folder} does not import ${target}${how === 'type' ? '' : ` (${how})`}`;
}

function flawOfBuiltin(
  { names }: ImportSite,
  specifier: string,
  builtin: string,
  { folder, builtins }: Layer,
): string | undefined {
  if (!specifier.startsWith('node:')) return `${specifier} is Node's own: say node:${builtin}`;
  if (builtins === 'all') return undefined;
  const allowed = builtins[specifier] ?? [];
  const others = names.filter((name) => !allowed.includes(name));
  return names.length > 0 && others.length === 0
    ? undefined
    : `${folder} does not import ${others.join(', ') || 'all'} of ${specifier}`;
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
