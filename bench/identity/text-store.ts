import type { Kind } from '../../domain/model/kind.ts';
import type { UnifiedRecord } from '../../domain/model/unified-record.ts';
import type { HubStore } from '../../domain/pipeline/ports.ts';

/**
 * A store that keeps unified records as text and decodes them at each read, as those of a table are decoded. A hundred thousand
 * records kept as objects would be dearer to reach and to collect garbage around the more there are, which is the process's matter and
 * not the hub's.
 */
export function textStore(store: HubStore): HubStore {
  const texts = new Map<string, string>();
  const read = (kind: Kind, id: string): UnifiedRecord | undefined => {
    const text = texts.get(`${kind}#${id}`);
    return text === undefined ? undefined : (JSON.parse(text) as UnifiedRecord);
  };
  return {
    ...store,
    async readUnified(kind, ids) {
      const found = ids.map((id) => read(kind, id)).filter((record) => record !== undefined);
      return new Map(found.map((record) => [record.id, record]));
    },
    async readBundle(kind, id) {
      const unified = read(kind, id);
      return { kind, id, ...(unified === undefined ? {} : { unified }), sources: [] };
    },
    async putUnified(record, expected) {
      const { kind, id } = record;
      if ((read(kind, id)?.counter ?? null) !== expected) return false;
      texts.set(`${kind}#${id}`, JSON.stringify(record));
      return true;
    },
  };
}
