import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { describeRecordStore } from './record-store-conformance.ts';
import { describeUpkeepStore } from './upkeep-store-conformance.ts';

/**
 * What every store must do. `store` answers the store under test; it may be one for all tests, because each test uses ids of its
 * own.
 */
export function describeStore(title: string, store: () => HubStore): void {
  describeRecordStore(title, store);
  describeUpkeepStore(title, store);
}
