import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mappingJsonSchemas } from '../../domain/mapping/json-schemas.ts';
import { MAPPINGS_FOLDER } from './check-mappings.ts';

// Run after a change of domain/mapping/documents.ts or of a codec; a test says when it was forgotten.
for (const [name, schema] of Object.entries(mappingJsonSchemas())) {
  writeFileSync(join(MAPPINGS_FOLDER, name), `${JSON.stringify(schema, null, 2)}\n`);
}
