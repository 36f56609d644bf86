import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { FileResult } from '../connectors/kit/yaml-file.ts';
import { AwsEventsStack, eventSourcesByAccount, hubAccountOf } from './aws-events-stack.ts';
import { bundleConfigOf } from './bundle-config.ts';
import { bundleFunctions, type FunctionBundle } from './bundle-functions.ts';
import { type HubConfig, readHubConfig } from './hub-config.ts';
import { TributaryStack } from './tributary-stack.ts';

/** What to synthesise, and where to. */
export interface SynthesisOptions {
  /** The root of the repository. */
  readonly root: string;
  /** The cloud assembly is written here; absolute. */
  readonly outdir: string;
  /** The stage, unless the CDK command line names one (`-c stage=`). */
  readonly stage: string;
  /** Another connections file, unless the CDK command line names one (`-c connections=`); a path from the root. */
  readonly connectionsFile?: string | undefined;
  /** The folder of the functions, a path from the root; by default `functions`. */
  readonly functions?: string | undefined;
  /** The folder of the mappings, a path from the root; by default `mappings`. */
  readonly mappings?: string | undefined;
  /** Called with the app when it is complete, before it is written; tests add their checks to it here. */
  readonly inspect?: (app: App, stack: TributaryStack) => void;
}

/** A hub as it is deployed, or run on one machine. */
export interface SynthesisedHub {
  readonly config: HubConfig;
  readonly stackName: string;
  /** The CloudFormation template, a JSON file. */
  readonly templateFile: string;
  /** Says which directory a function's code asset is: `files.<hash>.source.path`, from the assembly's directory. */
  readonly assetsFile: string;
  readonly bundles: readonly FunctionBundle[];
}

/**
 * Makes the cloud assembly of one stage: reads the configuration, bundles the functions, writes template and assets. Needs no
 * credentials and no network, and gives the same bytes for the same sources.
 *
 * *Faults*: mistakes in the configuration, all at once. What does not compile is thrown.
 */
export async function synthesiseHub(options: SynthesisOptions): Promise<FileResult<SynthesisedHub>> {
  const app = new App({ outdir: options.outdir, analyticsReporting: false, autoSynth: false });
  const config = readHubConfig({
    root: options.root,
    stage: textOf(app.node.tryGetContext('stage')) ?? options.stage,
    connectionsFile: textOf(app.node.tryGetContext('connections')) ?? options.connectionsFile,
    mappings: options.mappings,
  });
  if (!config.ok) return config;
  const bundles = await bundleFunctions({
    root: options.root,
    functions: options.functions ?? 'functions',
    outdir: app.outdir,
    config: bundleConfigOf(config.value),
  });
  const stack = new TributaryStack(app, { config: config.value, bundles });
  // A hub on one machine gets the events of its simulated systems directly.
  if (config.value.stage.whenNoConnections === undefined) {
    const { stage, connections } = config.value;
    const hubAccount = hubAccountOf(stage, connections);
    for (const [account, sources] of eventSourcesByAccount(connections)) {
      new AwsEventsStack(app, { stage, account, hubAccount, sources });
    }
  }
  options.inspect?.(app, stack);
  app.synth();
  return {
    ok: true,
    value: {
      config: config.value,
      stackName: stack.stackName,
      templateFile: join(app.outdir, stack.templateFile),
      assetsFile: join(app.outdir, `${stack.artifactId}.assets.json`),
      bundles: Object.values(bundles),
    },
  };
}

function textOf(context: unknown): string | undefined {
  return typeof context === 'string' && context !== '' ? context : undefined;
}
