import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { connectionsJsonSchema } from '../connectors/kit/connections-file.ts';
import { stagesJsonSchema } from './stages-file.ts';

// Writes the JSON Schemas by which editors complete and check the configuration files. Tests fail when they are out of date.
const root = resolve(import.meta.dirname, '..');
const schemas = {
  'connectors/kit/connections.schema.json': connectionsJsonSchema(),
  'infra/stages.schema.json': stagesJsonSchema(),
};
for (const [file, schema] of Object.entries(schemas)) {
  writeFileSync(resolve(root, file), `${JSON.stringify(schema, null, 2)}\n`);
}
