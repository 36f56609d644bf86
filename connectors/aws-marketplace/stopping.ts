import type { FaultKind } from '../../domain/model/fault.ts';

/** Faults that the next record of a batch would only meet as well, so that the batch ends there. */
export const stopping: ReadonlySet<FaultKind> = new Set(['throttled', 'transient', 'uncertain', 'credential']);
