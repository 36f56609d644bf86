import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, vi } from 'vitest';
import { describeProblem } from '../../connectors/kit/yaml-file.ts';
import { type SynthesisedHub, type SynthesisOptions, synthesiseHub } from '../../infra/synthesise-hub.ts';

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Three connections: one secret to be made, one that exists by name, one by ARN. */
export const THREE_CONNECTIONS = 'test/infra/fixtures/three-connections.yaml';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A new folder that is gone when the tests of the file are over. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-test-'));
  folders.push(folder);
  return folder;
}

/** How long a synthesis may take where everything else runs beside it. */
export const SYNTHESIS_MS = 120_000;

vi.setConfig({ testTimeout: SYNTHESIS_MS, hookTimeout: SYNTHESIS_MS });

/** The ids in {@link THREE_CONNECTIONS}. */
export const CONNECTIONS = ['salesforce', 'salesforce-emea', 'hubspot'];

/** The queues of a hub with these connections, without their dead letters. */
export const QUEUES = ['inbound', 'sweep', ...CONNECTIONS.map((id) => `outbound-${id}`)];

/** A resource of a template, as far as the tests look. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A hub synthesised from the real infrastructure and small functions and mappings made for the tests. */
export interface SynthesisedFixture {
  readonly hub: SynthesisedHub;
  readonly template: Template;
  readonly text: string;
  /** Resources of a type, by logical id. */
  resources(type: string): Readonly<Record<string, Resource>>;
  /** The queue `Tributary-<stage>-<name>`. */
  queue(name: string): Resource & { readonly id: string };
}

/** Synthesises a stage into a new folder; by default with {@link THREE_CONNECTIONS}. */
export async function synthesiseFixture(options: Partial<SynthesisOptions> = {}): Promise<SynthesisedFixture> {
  const result = await synthesiseHub({
    root: ROOT,
    outdir: makeFolder(),
    stage: 'dev',
    connectionsFile: THREE_CONNECTIONS,
    functions: 'test/infra/fixtures/functions',
    mappings: 'test/infra/fixtures/mappings',
    ...options,
  });
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join('\n'));
  const text = readFileSync(result.value.templateFile, 'utf8');
  const template = Template.fromString(text);
  // The library types what it found loosely; every template has these members.
  const resources = (type: string) => template.findResources(type) as Readonly<Record<string, Resource>>;
  return {
    hub: result.value,
    template,
    text,
    resources,
    queue: (name) => {
      const queueName = `Tributary-${result.value.config.stage.name}-${name}`;
      const found = Object.entries(resources('AWS::SQS::Queue')).find(
        ([, { Properties }]) => Properties.QueueName === queueName,
      );
      if (found === undefined) throw new Error(`there is no queue ${queueName}`);
      return { id: found[0], ...found[1] };
    },
  };
}

/** What lies deep in a resource; fails where the way ends early. */
export function pick(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !(step in inner))
      throw new Error(`nothing at ${path.join('.')}`);
    return (inner as Readonly<Record<string | number, unknown>>)[step];
  }, value);
}
