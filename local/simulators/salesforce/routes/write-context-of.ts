import type { WriteContext } from '../records/write-context.ts';
import type { ApiCall } from './api-route.ts';

/** The context of the writes a call makes: its user, and what its headers allow. */
export function writeContextOf(call: ApiCall): WriteContext {
  const duplicateRule = String(call.headers['sforce-duplicate-rule-header'] ?? '');
  return {
    org: call.state.org,
    userId: call.userId,
    savesDuplicates: /(?:^|[;,\s])allowSave\s*=\s*true\b/i.test(duplicateRule),
    seesAll: false,
    dataPath: call.dataPath,
  };
}
