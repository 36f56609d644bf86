import * as z from 'zod';
import type { FunctionPlan, RoutePlan } from './hub-plan.ts';
import { functionNameOf } from './plan-functions.ts';
import { type ResolvedResource, readProperties } from './resolved-resource.ts';
import { StartFault } from './start-fault.ts';

/** An HTTP API gives an integration 30 seconds at most (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). */
const INTEGRATION_MS_MAX = 30_000;

const apiSchema = z.looseObject({ ProtocolType: z.literal('HTTP', 'only HTTP APIs are served here') });
const stageSchema = z.looseObject({ StageName: z.literal('$default', 'only the stage $default is served here') });
const authorizerSchema = z.looseObject({
  AuthorizerType: z.undefined('only IAM authorizers are accepted here').optional(),
});
const integrationSchema = z.looseObject({
  IntegrationType: z.literal('AWS_PROXY', 'only Lambda integrations are served here'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0', 'only payload format 2.0 is served here'),
  TimeoutInMillis: z.number().max(INTEGRATION_MS_MAX).default(INTEGRATION_MS_MAX),
});
const routeSchema = z.looseObject({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'AWS_IAM'], 'only AWS_IAM authorization is accepted here').default('NONE'),
});

/** Plans the routes of the template's HTTP API, of which there is at most one. */
export function planRoutes(
  resources: readonly ResolvedResource[],
  functions: readonly FunctionPlan[],
): readonly RoutePlan[] {
  const ofType = (type: string): readonly ResolvedResource[] =>
    resources.filter((resource) => resource.type === `AWS::ApiGatewayV2::${type}`);
  if (ofType('Api').length > 1) throw new StartFault('The local runtime serves one HTTP API; the template holds more.');
  for (const api of ofType('Api')) readProperties(api, apiSchema);
  for (const stage of ofType('Stage')) readProperties(stage, stageSchema);
  for (const authorizer of ofType('Authorizer')) readProperties(authorizer, authorizerSchema);
  const integrations = new Map(
    ofType('Integration').map((resource) => [resource.name, readProperties(resource, integrationSchema)]),
  );

  return ofType('Route').map((resource) => {
    const { RouteKey, Target, AuthorizationType } = readProperties(resource, routeSchema);
    const integration = integrations.get(Target.replace(/^integrations\//, ''));
    const target = functions.find(
      ({ name }) => name === functionNameOf(functionArnIn(integration?.IntegrationUri ?? '')),
    );
    if (integration === undefined || target === undefined)
      throw new StartFault(`${resource.type} ${resource.logicalId}: it leads to no function of the template.`);
    return {
      key: RouteKey,
      functionName: target.name,
      needsIam: AuthorizationType === 'AWS_IAM',
      timeoutMs: integration.TimeoutInMillis,
    };
  });
}

/** An integration names a function by its ARN, alone or inside the address API Gateway invokes it by. */
function functionArnIn(uri: string): string {
  return /arn:[^:]+:lambda:[^/]+:function:[^/]+/.exec(uri)?.[0] ?? uri;
}
