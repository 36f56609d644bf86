import type { Org } from '../org.ts';

/** Who writes, and what the request's headers allow. */
export interface WriteContext {
  readonly org: Org;
  /** The user of the session: the owner of what it creates, and the one who is named as having modified it. */
  readonly userId: string;
  /** `Sforce-Duplicate-Rule-Header: allowSave=true`: duplicates are saved where the rule leaves the choice. */
  readonly savesDuplicates: boolean;
  /** A person in the org's own screens, from whom sharing keeps nothing. */
  readonly seesAll: boolean;
  /** `/services/data/vNN.0` of the request, for the addresses in answers. */
  readonly dataPath: string;
}

/** Whether sharing keeps the record, by 18-character id, from whoever writes. */
export function isHiddenFrom({ org, seesAll }: WriteContext, id: string): boolean {
  return !seesAll && org.store.isHidden(id);
}
