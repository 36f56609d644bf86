import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { describeProblem } from '../../connectors/kit/yaml-file.ts';
import { type SynthesisedHub, type SynthesisOptions, synthesiseHub } from '../../infra/synthesise-hub.ts';

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Three connections: one secret to be made, one that exists by name, one by ARN. */
export const THREE_CONNECTIONS = 'test/infra/fixtures/three-connections.yaml';

/** A resource of a template, as far as the tests look. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A hub synthesised from the real infrastructure and small functions made for the tests. */
export interface SynthesisedFixture {
  readonly hub: SynthesisedHub;
  readonly template: Template;
  readonly text: string;
  /** Resources of a type, by logical id. */
  resources(type: string): Readonly<Record<string, Resource>>;
}

/** Synthesises a stage into a new folder; by default with {@link THREE_CONNECTIONS}. */
export async function synthesiseFixture(options: Partial<SynthesisOptions> = {}): Promise<SynthesisedFixture> {
  const result = await synthesiseHub({
    root: ROOT,
    outdir: mkdtempSync(join(tmpdir(), 'tributary-synth-')),
    stage: 'dev',
    connectionsFile: THREE_CONNECTIONS,
    functions: 'test/infra/fixtures/functions',
    ...options,
  });
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join('\n'));
  const text = readFileSync(result.value.templateFile, 'utf8');
  const template = Template.fromString(text);
  return {
    hub: result.value,
    template,
    text,
    // The library types what it found loosely; every template has these members.
    resources: (type) => template.findResources(type) as Readonly<Record<string, Resource>>,
  };
}
