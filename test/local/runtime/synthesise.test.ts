import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type SynthesisRequest, synthesise } from '../../../local/runtime/synthesise.ts';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** An app that writes down what it was told, and that it ran. */
const APP = `
import { appendFileSync, writeFileSync } from 'node:fs';
const { CDK_OUTDIR, TRIBUTARY_STAGE, TRIBUTARY_CONNECTIONS } = process.env;
writeFileSync(CDK_OUTDIR + '/told.json', JSON.stringify([TRIBUTARY_STAGE, TRIBUTARY_CONNECTIONS ?? null]));
appendFileSync('runs', 'x');
`;

/** A repository whose app writes down what it was told, and how often it ran. */
function repository(app = APP): SynthesisRequest {
  const root = mkdtempSync(join(tmpdir(), 'synthesise-'));
  roots.push(root);
  for (const folder of ['infra', 'functions/f', 'mappings/hubspot']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'infra/app.ts'), app);
  writeFileSync(join(root, 'functions/f/handler.ts'), '1');
  return { root, dataDirectory: join(root, '.data'), stage: 'local', connectionsFile: undefined };
}
const runs = ({ root }: SynthesisRequest): number => readFileSync(join(root, 'runs'), 'utf8').length;

describe('synthesis', () => {
  it('runs the app for the stage and connections asked for', async () => {
    const request = repository();
    writeFileSync(join(request.root, 'mine.yaml'), '[]');
    const { directory, isReused } = await synthesise({ ...request, stage: 'sandbox', connectionsFile: 'mine.yaml' });
    expect(isReused).toBe(false);
    expect(JSON.parse(readFileSync(join(directory, 'told.json'), 'utf8'))).toEqual(['sandbox', 'mine.yaml']);
  });

  it('is left out while the sources are the same', async () => {
    const request = repository();
    await synthesise(request);
    expect((await synthesise(request)).isReused).toBe(true);
    expect(runs(request)).toBe(1);
  });

  it.each(['functions/f/handler.ts', 'mappings/hubspot/deal.yaml', 'connections.yaml', 'package-lock.json'])(
    'is done again when %s changes',
    async (file) => {
      const request = repository();
      await synthesise(request);
      writeFileSync(join(request.root, file), 'changed');
      expect((await synthesise(request)).isReused).toBe(false);
      expect(runs(request)).toBe(2);
    },
  );

  it('is done again when a connections file elsewhere changes', async () => {
    const request = repository();
    const connectionsFile = join(mkdtempSync(join(request.root, 'elsewhere-')), 'connections.yaml');
    writeFileSync(connectionsFile, '[]');
    await synthesise({ ...request, connectionsFile });
    expect((await synthesise({ ...request, connectionsFile })).isReused).toBe(true);
    writeFileSync(connectionsFile, '[1]');
    expect((await synthesise({ ...request, connectionsFile })).isReused).toBe(false);
  });

  it('says so when the app takes too long', async () => {
    const request = repository('setInterval(() => undefined, 1_000);');

    await expect(synthesise({ ...request, timeMaxMs: 300 })).rejects.toThrow('not synthesised within 0.3 s');
  });

  it('tells what the app said when it fails, and keeps the assembly before it', async () => {
    const request = repository();
    const { directory } = await synthesise(request);
    writeFileSync(
      join(request.root, 'infra/app.ts'),
      "console.error('mappings/deal.yaml:3: no such field'); process.exitCode = 1;",
    );
    await expect(synthesise(request)).rejects.toThrow('mappings/deal.yaml:3: no such field');
    expect(existsSync(join(directory, 'told.json'))).toBe(true);
  });
});
