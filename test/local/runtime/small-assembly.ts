import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a small stack for tests holds beside the usual. */
export interface SmallAssembly {
  readonly directory: string;
  /** Code of the functions by logical id; each becomes a bundle with an `index.mjs`. */
  readonly bundles: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<string, unknown>>;
  /** Written as `config.json` beside every bundle. */
  readonly config?: object;
}

/** Writes a cloud assembly as the CDK lays it out: manifest, asset manifest, template and one directory a bundle. */
export function writeSmallAssembly({ directory, bundles, resources, config = {} }: SmallAssembly): string {
  mkdirSync(directory, { recursive: true });
  const json = (file: string, content: object): void => writeFileSync(join(directory, file), JSON.stringify(content));
  for (const [id, code] of Object.entries(bundles)) {
    mkdirSync(join(directory, `asset.${id}`), { recursive: true });
    writeFileSync(join(directory, `asset.${id}`, 'index.mjs'), code);
    json(join(`asset.${id}`, 'config.json'), config);
  }
  json('manifest.json', {
    artifacts: {
      'Small.assets': { type: 'cdk:asset-manifest', properties: { file: 'Small.assets.json' } },
      Small: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'Small.template.json', stackName: 'Small' },
      },
    },
  });
  json('Small.assets.json', {
    files: Object.fromEntries(
      Object.keys(bundles).map((id) => [
        id,
        { source: { path: `asset.${id}`, packaging: 'zip' }, destinations: { here: { objectKey: `${id}.zip` } } },
      ]),
    ),
  });
  json('Small.template.json', {
    Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/version' } },
    Resources: resources,
  });
  return directory;
}

/** A function resource whose bundle is the one of the same id. */
export function functionResource(
  id: string,
  more: { readonly environment?: object; readonly timeoutSeconds?: number; readonly properties?: object } = {},
): object {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: id,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are CloudFormation's.
      Code: { S3Bucket: { 'Fn::Sub': 'cdk-assets-${AWS::AccountId}-${AWS::Region}' }, S3Key: `${id}.zip` },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: more.timeoutSeconds ?? 5,
      Environment: { Variables: more.environment ?? {} },
      ...more.properties,
    },
  };
}
