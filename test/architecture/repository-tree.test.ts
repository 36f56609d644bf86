import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/function-names.ts';
import { ignoreRules, projectFiles, projectPaths, ROOT } from './source-tree.ts';

const paths = projectPaths();

describe('the repository', () => {
  it('has at its top what the design names, and the configuration of tools', () => {
    const top = new Set(paths.map((path) => path.split('/')[0] ?? ''));

    expect([...top].filter((name) => !TOP.includes(name))).toEqual([]);
  });

  it('has one folder for each function, with a handler', () => {
    const folders = foldersIn('functions').filter((name) => name !== 'runtime');

    expect(folders.toSorted()).toEqual([...FUNCTION_NAMES].toSorted());
    expect(folders.filter((name) => !paths.includes(`functions/${name}/handler.ts`))).toEqual([]);
  });

  it('has one folder for each connector, with the connector and how its system behaves', () => {
    const folders = foldersIn('connectors').filter((name) => name !== 'kit');

    expect(folders).not.toEqual([]);
    const missing = folders.flatMap((name) =>
      ['connector.ts', 'BEHAVIOR.md']
        .map((file) => `connectors/${name}/${file}`)
        .filter((path) => !paths.includes(path)),
    );
    expect(missing).toEqual([]);
  });

  it('has mappings for each connector, and for no other system', () => {
    const systems = foldersIn('mappings').filter((name) => name !== 'vocabulary' && name !== 'lookups');

    expect(systems.toSorted()).toEqual(
      foldersIn('connectors')
        .filter((name) => name !== 'kit')
        .toSorted(),
    );
  });

  it('has every file that its pages link to', () => {
    const dead = projectFiles('.md').flatMap(({ path, text }) =>
      linksIn(text)
        .filter((link) => !existsSync(join(ROOT, posix.dirname(path), link)))
        .map((link) => `${path}: ${link}`),
    );

    expect(dead).toEqual([]);
  });

  it('has every file that its pages and comments name', () => {
    const pages = projectFiles('.md').map(({ path, text }) => ({ path, names: text.matchAll(NAMED_IN_PAGE) }));
    const comments = projectFiles('.ts', '.yaml').map(({ path, text }) => ({
      path,
      names: commentsOf(text).matchAll(NAMED_IN_COMMENT),
    }));
    const dead = [...pages, ...comments].flatMap(({ path, names }) =>
      [...names]
        .map(([, name = '']) => name)
        .filter((name) => !existsSync(join(ROOT, name)))
        .map((name) => `${path}: ${name}`),
    );

    expect(dead).toEqual([]);
  });

  it('depends on what it uses, and on nothing else', () => {
    const { dependencies, devDependencies, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const packages = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !TOOLS.includes(name));
    const code = projectFiles('.ts').map(({ text }) => text);
    const idle = packages.filter((name) => {
      const quoted = new RegExp(`['"\`]${name.replace('@types/', '')}(?:/[^'"\`]*)?['"\`]`);
      return !code.some((text) => quoted.test(text)) && !JSON.stringify(scripts).includes(name);
    });

    expect(idle).toEqual([]);
  });
});

describe('ignored files', () => {
  it('are those of the forms that .gitignore uses here', () => {
    const isIgnored = ignoreRules('# made\nnode_modules/\n*.log\n.DS_Store\n');

    expect(isIgnored('node_modules', true)).toBe(true);
    expect(isIgnored('node_modules', false)).toBe(false);
    expect(isIgnored('npm.log', false)).toBe(true);
    expect(isIgnored('catalog', false)).toBe(false);
    expect(isIgnored('.DS_Store', false)).toBe(true);
  });

  it('are not guessed from a form nobody foresaw', () => {
    expect(() => ignoreRules('docs/**/made-*')).toThrow('a form the tests do not know');
  });
});

/** What lies at the top of the repository. */
const TOP: readonly string[] = [
  ...['bench', 'connectors', 'console', 'docs', 'domain', 'functions', 'infra', 'local', 'mappings', 'test'],
  ...['README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'connections.yaml'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'biome.json', 'cdk.json', 'vitest.config.ts'],
  ...['.ci', '.gitattributes', '.gitignore'],
];

/** Packages that are run and not imported. */
const TOOLS = ['@biomejs/biome', '@types/node', 'aws-cdk', 'node', 'typescript', 'vitest'];

const FOLDERS = String.raw`(?:bench|connectors|console|docs|domain|functions|infra|local|mappings|test|\.ci)`;
/** A path in code style that begins with a folder of the project: `domain/pipeline/ports.ts`. */
const NAMED_IN_PAGE = new RegExp(String.raw`\`(${FOLDERS}/[\w./-]*[\w/])(?::\d+)?\``, 'g');
/** A file whose path begins with a folder of the project. */
const NAMED_IN_COMMENT = new RegExp(String.raw`(?<![\w./-])(${FOLDERS}/[\w./-]+\.(?:ts|md|yaml|json))\b`, 'g');

/** The lines that are nothing but comment. */
function commentsOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^\s*(?:\/\/|\/?\*|#)/.test(line))
    .join('\n');
}

/** Relative targets of Markdown links and images, without their anchors. */
function linksIn(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** Names of the folders in a folder. */
function foldersIn(folder: string): readonly string[] {
  const names = paths
    .filter((path) => path.startsWith(`${folder}/`))
    .map((path) => path.slice(folder.length + 1).split('/'));
  return [...new Set(names.filter(({ length }) => length > 1).map(([name = '']) => name))];
}
