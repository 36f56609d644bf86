import { handle } from 'hono/aws-lambda';
import { hubRuntime } from '../runtime/composition.ts';
import { hubApi } from './hub-api.ts';

/** Answers questions about records, problems and the state of the hub, and starts what a person asks for. */
export const handler = handle(hubApi(hubRuntime));
