import { hubRuntime } from '../runtime/composition.ts';
import { queueHandler } from '../runtime/queue-handler.ts';
import { sweepChanges } from './sweep-changes.ts';

/** The Lambda handler of the step. */
export const handler = queueHandler(sweepChanges, hubRuntime);
