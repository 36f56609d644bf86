import type { CompiledMapping } from '../../domain/mapping/compiled-mapping.ts';
import type { SystemValues } from '../../domain/model/value.ts';
import type { Vocabulary } from '../../domain/model/vocabulary.ts';
import { memoryStore } from '../../local/memory/memory-store.ts';
import { bundleOf, type SmallHub, smallHub } from './small-hub.ts';
import { tinyVocabulary } from './tiny-mapping.ts';

/** Buyer and product are street and city, the offer is the note, `tier` says how far it is. */
export function marketVocabulary(): Vocabulary {
  const plain = tinyVocabulary();
  const fields = new Map(
    [...plain.fields].map(([name, field]) => [name, { ...field, survivorship: { by: 'newest' } as const }]),
  );
  const tier = fields.get('tier');
  if (tier !== undefined) fields.set('tier', { ...tier, ends: ['won', 'lost'] });
  return {
    ...plain,
    fields,
    identity: {
      keys: [{ recipe: 'offer-id', fields: ['note'] }],
      sole: [
        {
          recipe: 'buyer-product',
          fields: ['street', 'city'],
          spokenFor: ['note'],
          seekers: new Map([['market/thing', ({ tier: state }) => state !== 'lost']]),
        },
      ],
    },
  };
}

/** Offers are read from the market and never made there. */
function onlyRead(connection: string, mapping: CompiledMapping): CompiledMapping {
  return connection === 'market' ? { ...mapping, isSent: () => false } : mapping;
}

/** Two CRMs and a market whose offers may belong to the only open deal of their buyer and product. */
export async function market(store: ReturnType<typeof memoryStore> = memoryStore()): Promise<SmallHub> {
  return smallHub(['crm', 'other', 'market'], {
    systemNames: { market: 'market' },
    vocabulary: marketVocabulary(),
    mapping: onlyRead,
    store,
  });
}

/** A buyer and a product. */
export const BOTH = { STREET: '123456789013', CITY: 'prod-example' };

/** Enters records into a system, and lets the hub take them in. */
export async function meet(
  small: SmallHub,
  connection: string,
  ...records: readonly SystemValues[]
): Promise<string[]> {
  small.clock.now += 5_000;
  const ids = records.map((values) => small.systems[connection]?.create(values) ?? '');
  await small.notice(connection, ids);
  await small.settle();
  return ids;
}

/** The unified id of a record. */
export async function idOf(small: SmallHub, connection: string, externalId: string): Promise<string> {
  return (await bundleOf(small, connection, externalId)).id;
}
