import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SystemValue, Value } from '../../../domain/model/value.ts';
import { attributeBytes, contentHash, type Item, systemValueOf, valueAttribute } from './attribute.ts';
import type { FieldTags } from './field-tags.ts';

/** Values longer than this are kept beside their item, bytes: an item's every write is charged by its whole size. */
export const LONG_VALUE_BYTES = 256;

/** Long values by the hash of their content. */
export type LongValues = ReadonlyMap<string, AttributeValue>;

/** A map of values by tag; a long one is replaced by its hash (16 bytes, the only binary there is) and put into `long`. */
export function packValues(
  values: Readonly<Record<string, Value | SystemValue>>,
  tags: FieldTags,
  long: Map<string, AttributeValue>,
): AttributeValue.MMember {
  const packed: Item = {};
  for (const [field, value] of Object.entries(values)) {
    const attribute = valueAttribute(value);
    if (attributeBytes(attribute) > LONG_VALUE_BYTES) {
      const hash = contentHash(attribute);
      long.set(hash, attribute);
      packed[tags.tagOf(field)] = { B: Buffer.from(hash, 'base64url') };
    } else {
      packed[tags.tagOf(field)] = attribute;
    }
  }
  return { M: packed };
}

/** The value under a tag. *Faults*: throws a defect when a long value is not in `long`; it was written before its item. */
export function unpackValue(values: AttributeValue | undefined, tag: string, long: LongValues): SystemValue {
  const attribute = values?.M?.[tag];
  if (attribute === undefined) throw new Error(`An item's field metadata names the tag ${tag}, which has no value.`);
  if (attribute.B === undefined) return systemValueOf(attribute);
  const stored = long.get(hashText(attribute.B));
  if (stored === undefined) throw new Error(`The long value under the tag ${tag} of an item is not in the table.`);
  return systemValueOf(stored);
}

/** The hashes of the long values that an item refers to in these attributes. */
export function longValueHashes(item: Item, attributes: readonly string[]): readonly string[] {
  return attributes.flatMap((name) =>
    Object.values(item[name]?.M ?? {}).flatMap((attribute) =>
      attribute.B === undefined ? [] : [hashText(attribute.B)],
    ),
  );
}

function hashText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
