import { describe, expect, it } from 'vitest';
import { lineAt, maskCode, scanImports } from './scan-code.ts';

describe('scanning imports', () => {
  it.each([
    ["import { a } from './a.ts';", 'value', ['a']],
    ["import type { A } from './a.ts';", 'type', ['A']],
    ["import type A from './a.ts';", 'type', ['default']],
    ["import type * as a from './a.ts';", 'type', ['*']],
    ["import type from './a.ts';", 'value', ['default']],
    ["import { type A, type B } from './a.ts';", 'value', ['A', 'B']],
    ["import a from './a.ts';", 'value', ['default']],
    ["import a, { b as c, type D } from './a.ts';", 'value', ['default', 'b', 'D']],
    ["import * as a from './a.ts';", 'value', ['*']],
    ["import a, * as b from './a.ts';", 'value', ['default', '*']],
    ["import { type as type } from './a.ts';", 'value', ['type']],
    ["import{a}from'./a.ts'", 'value', ['a']],
    ['import {\n  a, // not b\n  /* nor c, */ d,\n} from "./a.ts"', 'value', ['a', 'd']],
    ["import a from './a.ts' with { type: 'json' };", 'value', ['default']],
    ["import './a.ts';", 'side-effect', []],
    ["export * from './a.ts';", 'value', ['*']],
    ["export * as a from './a.ts';", 'value', ['*']],
    ["export { a, b as c } from './a.ts';", 'value', ['a', 'b']],
    ["export type { A } from './a.ts';", 'type', ['A']],
    ["export { 'a b' as c } from './a.ts';", 'value', ['a b']],
    ["const a = await import('./a.ts');", 'dynamic', []],
    ['const a = await import(`./a.ts`);', 'dynamic', []],
    ["type A = import('./a.ts').A;", 'dynamic', []],
    ["const a = import(/* why */ './a.ts', { with: {} });", 'dynamic', []],
    ["const a = require('./a.ts');", 'require', []],
  ])('finds %s', (text, how, names) => {
    const sites = scanImports(text);

    expect(sites).toEqual([{ specifier: './a.ts', how, names, line: 1 }]);
  });

  it.each([
    ["// import { a } from './a.ts';"],
    ["/* import './a.ts'; */"],
    ['const text = "import a from \'./a.ts\'";'],
    ["const text = 'it\\'s import(\"./a.ts\")';"],
    ["const text = `import a from './a.ts'`;"],
    ["const found = /import a from '.\\/a.ts'/.test(text);"],
    ["export const from = './a.ts';"],
    ["loader.import('./a.ts');"],
    ["const important = reimport('./a.ts');"],
    ["const url = new URL('./a.ts', import.meta.url);"],
  ])('does not take for an import: %s', (text) => {
    expect(scanImports(text)).toEqual([]);
  });

  it('finds what is imported by code inside a template', () => {
    const sites = scanImports(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text that is scanned holds a template.
      "const text = `before ${ await import('./a.ts') } import('./b.ts') ${`${import('./c.ts')}`}`;",
    );

    expect(sites.map(({ specifier }) => specifier)).toEqual(['./a.ts', './c.ts']);
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text that is scanned holds a template.
  it.each([['import(path)'], ["import('./a/' + name)"], ['import(`./${name}.ts`)'], ['require(name)']])(
    'says that the name is not known before run time: %s',
    (text) => {
      expect(scanImports(text)).toMatchObject([{ specifier: undefined }]);
    },
  );

  it('keeps the order and the lines of several, with and without semicolons', () => {
    const text = "#!/usr/bin/env node\nexport { x }\nimport a from 'a'\nimport type { B } from 'b'\n\n\nimport('c')\n";

    const sites = scanImports(text);

    expect(sites.map(({ specifier, how, line }) => [specifier, how, line])).toEqual([
      ['a', 'value', 3],
      ['b', 'type', 4],
      ['c', 'dynamic', 7],
    ]);
  });

  it('is not confused by divisions, regular expressions with slashes and quotes, or an apostrophe in a comment', () => {
    const text = [
      "const half = width / 2; const more = (a) / b; const x = list[0] / 2 / '1';",
      "const quote = /[/\"'`]/g; // it's a quote",
      "return /'/.test(text) ? 1 : 2;",
      "import { last } from 'last';",
    ].join('\n');

    expect(scanImports(text)).toMatchObject([{ specifier: 'last', line: 4 }]);
  });
});

describe('masking code', () => {
  it('keeps every character in its place', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text that is scanned holds a template.
    const text = "const a = 'Date.now()'; // Date.now()\nconst b = `x ${Date.now()} y`; /* a\nb */ const c = /Date/;\n";

    const masked = maskCode(text);

    expect(masked).toHaveLength(text.length);
    expect(masked).toBe(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text that is scanned holds a template.
      "const a = '          ';              \nconst b = `  ${Date.now()}  `;     \n     const c = /    /;\n",
    );
  });

  it('finds the line of an offset', () => {
    expect([lineAt('a\nb\nc', 0), lineAt('a\nb\nc', 2), lineAt('a\nb\nc', 4)]).toEqual([1, 2, 3]);
  });
});
