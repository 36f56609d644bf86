import { Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { removalPolicyOf } from './hub-table.ts';
import type { HubStage } from './stages-file.ts';

/** What answers at the HTTP API. */
export interface HubHttpApiProps {
  readonly stage: HubStage;
  readonly receiveWebhook: IFunction;
  readonly serveApi: IFunction;
}

/** The hub's door: webhooks of vendors, open to all and checked by signature, and the API, for those IAM lets in. */
export class HubHttpApi extends Construct {
  readonly api: HttpApi;
  readonly httpStage: HttpStage;

  constructor(scope: Construct, id: string, { stage, receiveWebhook, serveApi }: HubHttpApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', { apiName: `Tributary-${stage.name}`, createDefaultStage: false });
    const webhookRoutes = this.api.addRoutes({
      path: WEBHOOK_PATH,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('ReceiveWebhook', receiveWebhook),
    });
    for (const route of webhookRoutes) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'Vendors cannot sign requests for IAM. The function verifies the vendor signature on the raw bytes and refuses all else; what it takes is a hint and no data.',
      });
    }
    this.api.addRoutes({
      path: '/api/{proxy+}',
      methods: [HttpMethod.GET, HttpMethod.POST],
      integration: new HttpLambdaIntegration('ServeApi', serveApi),
      authorizer: new HttpIamAuthorizer(),
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: stage.logs.retentionDays,
      removalPolicy: removalPolicyOf(stage),
    });
    this.httpStage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: stage.http.ratePerSecond, burstLimit: stage.http.burst },
      // Metrics for each route: a rise of refused webhooks must not hide in the API's own traffic.
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(ACCESS_LOG_LINE),
      },
    });
  }

  /** A metric of the webhook route: `Count`, `4xx` or `5xx` as a sum, in five minutes. */
  webhookMetric(metricName: 'Count' | '4xx' | '5xx'): Metric {
    return new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      statistic: 'Sum',
      dimensionsMap: {
        ApiId: this.api.apiId,
        Stage: this.httpStage.stageName,
        Method: 'POST',
        Resource: WEBHOOK_PATH,
      },
    });
  }
}

const WEBHOOK_PATH = '/webhooks/{connection}';

/** No query text, addresses or user agents: some of it may be personal, and some vendors put a shared secret into the query. */
const ACCESS_LOG_LINE = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  protocol: '$context.protocol',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationStatus: '$context.integrationStatus',
  error: '$context.error.message',
});
