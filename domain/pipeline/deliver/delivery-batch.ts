import type { DeliveryPlan } from '../../deliver/plan-delivery.ts';
import type { CompiledMapping, Directory, MappedField } from '../../mapping/compiled-mapping.ts';
import type { Kind } from '../../model/kind.ts';
import type { DeliveryDue, Work } from '../../model/notice.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Claim, Intent, SourceRecord } from '../../model/source-record.ts';
import type { Effects } from '../effects.ts';
import type { Bundle, ConnectionState, Hub, SystemPort } from '../ports.ts';

/** One record on its way to one connection. */
export interface Delivery {
  readonly due: DeliveryDue;
  readonly kind: Kind;
  readonly bundle: Bundle;
  /** The seat's source record; absent for a creation. */
  readonly source: SourceRecord | undefined;
  readonly plan: DeliveryPlan;
  /** Present once claimed. */
  readonly claim?: Claim;
  /** Intents that an earlier holder of the claim left open: its writes may have arrived. */
  readonly unanswered?: Readonly<Record<string, Intent>>;
  /** What the system held when it was read just before the write. */
  readonly seen?: Snapshot;
}

/** What the deliveries of one batch share. */
export interface DeliveryBatch {
  readonly hub: Hub;
  readonly connection: string;
  readonly object: string;
  readonly mapping: CompiledMapping;
  readonly directory: Directory;
  readonly state: ConnectionState;
  readonly system: SystemPort;
  readonly effects: Effects;
  readonly isRepeated: boolean;
  readonly work: Work;
}

/** What planning needs of a batch. */
export type PlanScope = Pick<DeliveryBatch, 'hub' | 'connection' | 'object' | 'mapping' | 'directory' | 'state'>;

/** Looks up what the target calls other records. */
export type ReferenceLookup = (unifiedId: string, line: MappedField) => { readonly id: string } | 'pending' | 'never';
