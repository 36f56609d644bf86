import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { hubRuntime } from '../runtime/composition.ts';
import { webhookHandler } from './webhook-handler.ts';

/** `POST /webhooks/{connection}`. */
export const handler: (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2> =
  webhookHandler(hubRuntime);
