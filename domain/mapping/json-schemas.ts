import * as z from 'zod';
import { lookupDocument, mappingDocument, ownersDocument, productsDocument, vocabularyDocument } from './documents.ts';

/**
 * The JSON Schemas by which editors complete and check mapping files, by file name under `mappings/`. The files name
 * theirs in their first line; the schemas are written by local/cli/write-mapping-schemas.ts from what the compiler checks by.
 */
export function mappingJsonSchemas(): Readonly<Record<string, unknown>> {
  return {
    'vocabulary.schema.json': z.toJSONSchema(vocabularyDocument, { io: 'input' }),
    'mapping.schema.json': z.toJSONSchema(mappingDocument, { io: 'input' }),
    'lookup.schema.json': z.toJSONSchema(lookupDocument, { io: 'input' }),
    'products.schema.json': z.toJSONSchema(productsDocument, { io: 'input' }),
    'owners.schema.json': z.toJSONSchema(ownersDocument, { io: 'input' }),
  };
}
