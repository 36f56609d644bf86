import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { describeEdges } from './edge-store-conformance.ts';
import { describeErasureStore } from './erasure-store-conformance.ts';
import { describeProblemStore } from './problem-store-conformance.ts';
import { describeRaces } from './race-store-conformance.ts';
import { describeRecordStore } from './record-store-conformance.ts';
import { describeUpkeepStore } from './upkeep-store-conformance.ts';

/**
 * What every store must do. `store` answers the store under test; it may be one for all tests, because each test uses ids of its
 * own. `stores` answers several ways to it, such as clients with connections of their own, for the races.
 */
export function describeStore(
  title: string,
  store: () => HubStore,
  stores: () => readonly HubStore[] = () => [store()],
): void {
  describeRecordStore(title, store);
  describeProblemStore(title, store);
  describeUpkeepStore(title, store);
  describeErasureStore(title, store);
  describeEdges(title, store);
  describeRaces(title, stores);
}
