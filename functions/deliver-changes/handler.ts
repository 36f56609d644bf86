import { hubRuntime } from '../runtime/composition.ts';
import { queueHandler } from '../runtime/queue-handler.ts';
import { deliverChanges } from './deliver-changes.ts';

/** The Lambda handler of the step. */
export const handler = queueHandler(deliverChanges, hubRuntime);
