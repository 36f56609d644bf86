import { describe, expect, it } from 'vitest';
import { lineAt, maskCode } from './scan-code.ts';
import { projectFiles, projectPaths, type SourceFile } from './source-tree.ts';

const LINES_MAX = 400;

const code = projectFiles('.ts', '.cts', '.js', '.mjs', '.cjs');
const shipped = code.filter(({ path }) => !path.startsWith('test/'));
const texts = projectFiles(
  '.ts',
  '.cts',
  '.cjs',
  '.js',
  '.mjs',
  '.json',
  '.yaml',
  '.yml',
  '.md',
  '.sh',
  '.html',
  '.css',
  '/run',
);

describe('house rules', () => {
  it(`no file of code is longer than ${LINES_MAX} lines`, () => {
    const long = code
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > LINES_MAX);

    expect(long).toEqual([]);
  });

  it('nothing shipped is of type any', () => {
    expect(shipped.flatMap((file) => find(file, ANY, 'code'))).toEqual([]);
  });

  it('nothing is exported by default but by configuration files, whose tools want it', () => {
    const others = code.filter(({ path }) => !path.endsWith('.config.ts'));

    expect(others.flatMap((file) => find(file, DEFAULT_EXPORT, 'code'))).toEqual([]);
  });

  it('nothing is left to do, and nothing is switched off', () => {
    expect(texts.flatMap((file) => find(file, LEFT_OVER, 'text'))).toEqual([]);
    expect(code.flatMap((file) => find(file, SWITCHED_OFF, 'code'))).toEqual([]);
  });

  it('no lint rule is switched off without a reason', () => {
    expect(code.flatMap((file) => find(file, UNREASONED, 'text'))).toEqual([]);
  });

  it('files and folders are in kebab-case and named after what they hold', () => {
    expect(projectPaths().flatMap(flawsOfName)).toEqual([]);
  });

  it('no secret is in the repository', () => {
    const others = texts.filter(({ path }) => !(path in MADE_UP));

    expect(others.flatMap((file) => Object.values(SECRETS).flatMap((secret) => find(file, secret, 'text')))).toEqual(
      [],
    );
  });
});

describe('the rules themselves', () => {
  it.each([
    ['let a: any;', ANY],
    ['const a = b as any;', ANY],
    ['const a: any[] = [];', ANY],
    ['function f<T = any>() {}', ANY],
    ['const a: Record<string, any> = {};', ANY],
    ['type A = string | any;', ANY],
    ['export default 1;', DEFAULT_EXPORT],
    ['export { a as default };', DEFAULT_EXPORT],
    ["it.only('a', () => {});", SWITCHED_OFF],
    ["describe.skip('a', () => {});", SWITCHED_OFF],
    [`const a = 1; // @ts-${'ignore'}`, UNREASONED],
    [`// ${LATER}: more`, LEFT_OVER],
  ])('notice %s', (text, pattern) => {
    expect(find({ path: 'a.ts', text }, pattern, 'text')).toHaveLength(1);
  });

  it.each([
    ['return Promise.any([]);', ANY],
    ['const any = 1;', ANY],
    ["describe.skipIf(!isPresent)('a', () => {});", SWITCHED_OFF],
    ['hub.problems.todo = 1;', LEFT_OVER],
    ['// biome-ignore lint/a/b: the body is whatever came.', UNREASONED],
  ])('let pass %s', (text, pattern) => {
    expect(find({ path: 'a.ts', text }, pattern, 'text')).toEqual([]);
  });

  it.each([
    ['private-key', `-----BEGIN RSA PRIVATE ${'KEY'}-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF0\n`],
    ['aws-key', `AKIA${'IOSFODNN7EXAMPLQ'}`],
    ['hubspot-token', `pat-${'eu1'}-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9`],
    ['salesforce-session', `00D5g00000${'AbCdE'}!AQEAQPx8sYp1n4Jm2c9LrT6uVwXyZ012345`],
    ['github-token', `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`],
    ['slack-token', `xoxb-${'1234567890'}-abcdefghijkl`],
  ])('notice a secret: %s', (name, text) => {
    expect(find({ path: 'a.ts', text }, SECRETS[name] ?? /never/g, 'text')).toHaveLength(1);
  });

  it.each([
    ['domain/model/Kind.ts'],
    ['domain/utils/a.ts'],
    ['domain/model/string-helpers.ts'],
    ['domain/model/record-v2.ts'],
    ['domain/model/some_thing.ts'],
    ['connectors/hubspot/lead-manager.ts'],
    ['mappings/salesforce/account.yaml'],
  ])('notice the name %s', (path) => {
    expect(flawsOfName(path)).toHaveLength(1);
  });

  it.each([
    ['domain/model/kind.ts'],
    ['connectors/hubspot/BEHAVIOR.md'],
    ['mappings/salesforce/Account.partner.yaml'],
    ['mappings/lookups/deal-stage.yaml'],
    ['docs/adr/0001-type-stripping.md'],
    ['local/aws/secrets-manager.ts'],
    ['.ci/run'],
    ['test/domain/model/kind.test.ts'],
  ])('let pass the name %s', (path) => {
    expect(flawsOfName(path)).toEqual([]);
  });
});

/** Spelled so that this file does not find itself. */
const LATER = ['TO', 'DO'].join('');

const ANY = /(?<=[:|&<,=(]\s*|\bas\s+)\bany\b(?=\s*(?:[[\]>,;)|&={]|$))/gm;
const DEFAULT_EXPORT = /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g;
const SWITCHED_OFF = /\b(?:it|test|describe)\s*\.\s*(?:only|skip|fails)\s*\(|\b(?:it|test|describe)\s*\.\s*todo\b/g;
const UNREASONED =
  /@ts-(?:ignore|nocheck|expect-error)(?!: \w)|biome-ignore(?:-all|-start)? [\w/]+(?!:? *[\w/]*: \w)(?![\w/])/g;
const LEFT_OVER = new RegExp(String.raw`\b(?:${LATER}|${['FIX', 'ME'].join('')}|${['HA', 'CK'].join('')})\b`, 'g');

const SECRETS: Readonly<Record<string, RegExp>> = {
  'private-key': /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*(?:\\n)?[A-Za-z0-9+/=]{20,}/g,
  'aws-key': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  'hubspot-token': /\bpat-[a-z]{2}\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
  'salesforce-session': /\b00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?![\w.]{20,}/g,
  'github-token': /\bgh[pousr]_[A-Za-z0-9]{36}\b/g,
  'slack-token': /\bxox[abprs]-[A-Za-z0-9-]{20,}/g,
};

/** Files with what looks like a secret and is none. */
const MADE_UP: Readonly<Record<string, string>> = {
  'test/connectors/kit/redact.test.ts': 'Invented secrets of every form, to see them redacted.',
};

/** Where a pattern occurs, as `file:line: text`; `code` leaves out comments and what is quoted. */
function find({ path, text }: SourceFile, pattern: RegExp, where: 'code' | 'text'): readonly string[] {
  const searched = where === 'code' ? maskCode(text) : text;
  return [...searched.matchAll(pattern)].map(
    (match) => `${path}:${lineAt(text, match.index)}: ${match[0].slice(0, 12)}`,
  );
}

/** Names that tools or custom prescribe. */
const GIVEN_NAMES = new Set(['README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'BEHAVIOR.md']);
const KEBAB = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*$/;
/** The system's own name of the object, then the kind. */
const MAPPING_FILE = /^mappings\/[a-z0-9-]+\/[A-Za-z][A-Za-z0-9_]*\.[a-z-]+\.yaml$/;
/** Words that say nothing about what is inside; the second is the name of an AWS service. */
const EMPTY_WORD = /(?:^|-)(?:utils?|helpers?|misc|stuff|v\d+)(?:-|$)|(?<!secrets)-managers?$|^managers?$/;

/** Names with a version that is the vendor's. */
const VENDOR_NAMES: Readonly<Record<string, string>> = {
  'signature-v3.ts': 'HubSpot calls its way of signing so.',
};

function flawsOfName(path: string): readonly string[] {
  const folders = path.split('/');
  const isMapping =
    /^(?:test\/.*fixtures\/)?mappings\/(?:salesforce|hubspot|aws-marketplace|aws-partner-central)\//.test(path);
  if (isMapping && !MAPPING_FILE.test(path.slice(path.indexOf('mappings/'))))
    return [`${path}: is no <Object>.<kind>.yaml`];
  return folders.flatMap((name, depth) => {
    if (GIVEN_NAMES.has(name) || (isMapping && depth === folders.length - 1)) return [];
    if (!KEBAB.test(name)) return [`${path}: ${name} is not in kebab-case`];
    if (name in VENDOR_NAMES) return [];
    const word = name.split('.').find((part) => EMPTY_WORD.test(part));
    return word === undefined ? [] : [`${path}: ${word} says nothing about what is inside`];
  });
}
