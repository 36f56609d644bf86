import { hubRuntime } from '../runtime/composition.ts';
import { queueHandler } from '../runtime/queue-handler.ts';
import { absorbChanges } from './absorb-changes.ts';

/** The Lambda handler of the step. */
export const handler = queueHandler(absorbChanges, hubRuntime);
