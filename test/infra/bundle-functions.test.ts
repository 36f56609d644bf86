import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions, type FunctionBundle } from '../../infra/bundle-functions.ts';
import type { PerFunction } from '../../infra/function-names.ts';
import { makeFolder, ROOT } from './synthesise-fixture.ts';

const CONFIG = { stage: 'test', connections: [] };

async function bundle(): Promise<{ outdir: string; bundles: PerFunction<FunctionBundle> }> {
  const outdir = makeFolder();
  const bundles = await bundleFunctions({
    root: ROOT,
    functions: 'test/infra/fixtures/functions',
    outdir,
    config: CONFIG,
  });
  return { outdir, bundles };
}

/** Runs a bundle as Lambda would. */
async function run({ directory }: FunctionBundle): Promise<unknown> {
  const { handler } = await import(pathToFileURL(join(directory, 'index.mjs')).href);
  return handler();
}

/** All files of a function by name. */
function filesOf({ directory }: FunctionBundle): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

describe('bundling the functions', () => {
  let outdir: string;
  let bundles: PerFunction<FunctionBundle>;

  beforeAll(async () => {
    ({ outdir, bundles } = await bundle());
  });

  it('gives each function a folder that runs by itself, with the configuration beside it', async () => {
    expect(await run(bundles['serve-api'])).toEqual(CONFIG);
  });

  it('lets libraries in CommonJS require the modules of Node', async () => {
    expect(await run(bundles['receive-webhook'])).toMatchObject({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('makes a chunk of what is imported on demand, so that a cold start does not load it', async () => {
    const { startBytes, totalBytes } = bundles['absorb-changes'];
    const files = filesOf(bundles['absorb-changes']);
    const holders = Object.keys(files).filter((name) => files[name]?.includes('a system that is loaded on demand'));

    expect(holders).toEqual([expect.stringMatching(/^large-system-.+\.mjs$/)]);
    expect(totalBytes - startBytes).toBe(Buffer.byteLength(files[holders[0] ?? ''] ?? ''));
    expect(await run(bundles['absorb-changes'])).toMatchObject({ systemName: 'a system that is loaded on demand' });
  });

  it('gives a function no chunk that it cannot reach', () => {
    const files = Object.values(filesOf(bundles['receive-webhook'])).join('\n');

    expect(files).not.toContain('a system that is loaded on demand');
  });

  it('deploys code and configuration only; what helps to understand them stays with the build', () => {
    for (const made of Object.values(bundles)) {
      expect(Object.keys(filesOf(made)).filter((name) => !/^(index|.+-[A-Z0-9]{8})\.mjs$/.test(name))).toEqual([
        'config.json',
      ]);
    }
    const kept = readdirSync(join(outdir, 'build'));
    expect(kept).toEqual(expect.arrayContaining(['meta.json', 'sizes.json', 'absorb-changes.mjs.map']));
  });

  it('gives the same bytes again for the same sources, wherever it writes them', async () => {
    const again = await bundle();

    for (const made of Object.values(bundles)) {
      expect(filesOf(again.bundles[made.name])).toEqual(filesOf(made));
    }
  });
});
