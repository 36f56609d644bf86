import { describe, expect, it } from 'vitest';
import { importFlaws, LAYERS, layerOf } from './layers.ts';
import { scanImports } from './scan-code.ts';
import { projectFiles } from './source-tree.ts';

const files = projectFiles('.ts').filter(({ path }) => path.includes('/'));

describe('the import rule', () => {
  it('holds in every file', () => {
    expect(files.flatMap(importFlaws)).toEqual([]);
  });

  it('sees the files it is about', () => {
    const seen = new Set(files.map(({ path }) => layerOf(path)?.folder));

    expect([...seen].sort()).toEqual(expect.arrayContaining(['domain', 'functions/*', 'infra', 'local', 'test']));
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap(({ text }) => scanImports(text)).length).toBeGreaterThan(1_000);
  });

  it.each([
    [
      'domain/model/kind.ts',
      "import { readFileSync } from 'node:fs';",
      'domain does not import readFileSync of node:fs',
    ],
    [
      'domain/model/kind.ts',
      "import { randomUUID } from 'node:crypto';",
      'domain does not import randomUUID of node:crypto',
    ],
    ['domain/model/kind.ts', "import * as crypto from 'node:crypto';", 'domain does not import * of node:crypto'],
    ['domain/model/kind.ts', "import 'node:crypto';", 'domain does not import all of node:crypto'],
    ['domain/model/kind.ts', "import { hash } from 'crypto';", "crypto is Node's own: say node:crypto"],
    [
      'domain/model/kind.ts',
      "import type { SQSClient } from '@aws-sdk/client-sqs';",
      'domain does not import @aws-sdk/client-sqs',
    ],
    ['domain/model/kind.ts', "import parse from 'libphonenumber-js';", 'domain does not import libphonenumber-js'],
    [
      'domain/model/kind.ts',
      "import type { Call } from '../../connectors/kit/connector.ts';",
      'domain does not import connectors/kit/connector.ts',
    ],
    ['domain/model/kind.ts', 'const more = await import(name);', 'imports what is only known at run time'],
    [
      'connectors/hubspot/api.ts',
      "import { Client } from '@hubspot/api-client';",
      'connectors/hubspot does not import @hubspot/api-client',
    ],
    [
      'connectors/hubspot/api.ts',
      "import { a } from '../salesforce/api.ts';",
      'connectors/hubspot does not import connectors/salesforce/api.ts (value)',
    ],
    [
      'connectors/hubspot/api.ts',
      "import { type Hub } from '../../domain/pipeline/ports.ts';",
      'connectors/hubspot does not import domain/pipeline/ports.ts (value)',
    ],
    [
      'connectors/kit/call.ts',
      "import { salesforce } from '../salesforce/connector.ts';",
      'connectors/kit does not import connectors/salesforce/connector.ts (value)',
    ],
    [
      'connectors/kit/call.ts',
      "await import('../salesforce/connector.ts');",
      'connectors/kit does not import connectors/salesforce/connector.ts (dynamic)',
    ],
    [
      'functions/serve-api/handler.ts',
      "import { a } from '../absorb-changes/handler.ts';",
      'functions/serve-api does not import functions/absorb-changes/handler.ts (value)',
    ],
    [
      'functions/absorb-changes/handler.ts',
      "import { a } from '@aws-sdk/client-sqs';",
      'functions/* does not import @aws-sdk/client-sqs',
    ],
    [
      'functions/runtime/log.ts',
      "import { a } from '../../local/memory/memory-store.ts';",
      'functions/runtime does not import local/memory/memory-store.ts (value)',
    ],
    [
      'infra/app.ts',
      "import { handler } from '../functions/serve-api/handler.ts';",
      'infra does not import functions/serve-api/handler.ts (value)',
    ],
    [
      'local/cli/hub.ts',
      "import { handler } from '../../functions/serve-api/handler.ts';",
      'local does not import functions/serve-api/handler.ts (value)',
    ],
    ['local/cli/hub.ts', "import { start } from './start';", './start does not end in .ts'],
    [
      'bench/run.ts',
      "import { a } from '../test/domain/a.test.ts';",
      'bench does not import test/domain/a.test.ts (value)',
    ],
  ])('refuses in %s: %s', (path, text, flaw) => {
    expect(importFlaws({ path, text })).toEqual([`${path}:1: ${flaw}`]);
  });

  it('refuses a folder nobody made a rule for', () => {
    expect(importFlaws({ path: 'tools/a.ts', text: '' })).toEqual([
      'tools/a.ts: lies in no folder that the import rule knows',
    ]);
  });

  it.each([
    ['domain/model/kind.ts', "import { hash } from 'node:crypto';"],
    ['connectors/hubspot/api.ts', "import type { ChangesPage } from '../../domain/pipeline/ports.ts';"],
    ['connectors/kit/connector-registry.ts', "await import('../salesforce/connector.ts');"],
    ['functions/serve-api/handler.ts', "import { hubRuntime } from '../runtime/composition.ts';"],
  ])('allows in %s: %s', (path, text) => {
    expect(importFlaws({ path, text })).toEqual([]);
  });

  it('allows no package and no module of Node that nobody uses', () => {
    const idle = LAYERS.flatMap((layer) => {
      const used = files
        .filter(({ path }) => layerOf(path) === layer)
        .flatMap(({ text }) => scanImports(text))
        .map(({ specifier = '', names }) => ({ specifier, names }));
      const packages = layer.packages === 'all' ? [] : layer.packages;
      const builtins = layer.builtins === 'all' ? [] : Object.entries(layer.builtins);
      return [
        ...packages.filter((name) => !used.some(({ specifier }) => `${specifier}/`.startsWith(`${name}/`))),
        ...builtins.flatMap(([module, names]) =>
          names
            .filter((name) => !used.some((site) => site.specifier === module && site.names.includes(name)))
            .map((name) => `${name} of ${module}`),
        ),
      ].map((what) => `${layer.folder}: ${what}`);
    });

    expect(idle).toEqual([]);
  });

  it('lets nobody take a module for its side effects alone', () => {
    const sites = files.flatMap(({ path, text }) =>
      scanImports(text)
        .filter(({ how }) => how === 'side-effect')
        .map(({ specifier, line }) => `${path}:${line}: ${specifier}`),
    );

    expect(sites).toEqual([]);
  });
});
