import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { StartFault } from './start-fault.ts';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
});

const templateSchema = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
});

/** A CloudFormation template, as far as the local runtime reads it. */
export type Template = z.output<typeof templateSchema>;

/** A resource of a template. */
export type TemplateResource = z.output<typeof resourceSchema>;

/** A stack as the CDK has written it. */
export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /** Directory of a code asset by the key under which the template names it. */
  readonly assetDirectories: ReadonlyMap<string, string>;
}

const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      properties: z
        .looseObject({
          templateFile: z.string().optional(),
          file: z.string().optional(),
          stackName: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const assetsSchema = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string().optional(), packaging: z.string().optional() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

/** Reads a cloud assembly, which must hold exactly one stack. */
export function readAssembly(directory: string): Assembly {
  const { artifacts } = manifestSchema.parse(readJson(directory, 'manifest.json'));
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1)
    throw new StartFault(`The local runtime runs one stack; the assembly holds ${stacks.length}.`);
  const [artifactId, { properties }] = stack;

  const assetDirectories = new Map<string, string>();
  for (const { type, properties: manifest } of Object.values(artifacts)) {
    if (type !== 'cdk:asset-manifest' || manifest?.file === undefined) continue;
    for (const { source, destinations } of Object.values(
      assetsSchema.parse(readJson(directory, manifest.file)).files,
    )) {
      if (source.packaging !== 'zip' || source.path === undefined) continue;
      for (const { objectKey } of Object.values(destinations))
        assetDirectories.set(objectKey, join(directory, source.path));
    }
  }
  const template = templateSchema.parse(readJson(directory, properties?.templateFile ?? `${artifactId}.template.json`));
  return { stackName: properties?.stackName ?? artifactId, template, assetDirectories };
}

function readJson(directory: string, file: string): unknown {
  const path = join(directory, file);
  if (!existsSync(path)) throw new StartFault(`${path} is missing: the directory is not a cloud assembly.`);
  return JSON.parse(readFileSync(path, 'utf8'));
}
