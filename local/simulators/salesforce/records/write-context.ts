import type { Org } from '../org.ts';

/** Who writes, and what the request's headers allow. */
export interface WriteContext {
  readonly org: Org;
  /** The user of the session: the owner of what it creates, and the one who is named as having modified it. */
  readonly userId: string;
  /** `Sforce-Duplicate-Rule-Header: allowSave=true`: duplicates are saved where the rule leaves the choice. */
  readonly savesDuplicates: boolean;
  /** `/services/data/vNN.0` of the request, for the addresses in answers. */
  readonly dataPath: string;
}
