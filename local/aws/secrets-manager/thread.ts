import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCallCounter } from '../call-counter.ts';
import type { SecretsManagerOptions } from '../secrets-manager.ts';
import { hostService } from '../service-thread.ts';
import { createJsonService } from '../wire/json-service.ts';
import { secretsManagerOperations } from './operations.ts';
import { openSecretStore } from './secret-store.ts';

const BODY_BYTES_MAX = 1024 * 1024;

await hostService<SecretsManagerOptions>(({ directory }) => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const calls = createCallCounter();
  const store = openSecretStore(join(directory, 'secrets.json'), Date.now);
  const server = createJsonService({
    targetPrefix: 'secretsmanager',
    version: '1.1',
    operations: secretsManagerOperations(store),
    bodyBytesMax: BODY_BYTES_MAX,
    onCall: (operation) => calls.count(operation),
  });
  return { server, methods: { stats: () => ({ calls: calls.counts() }) }, close: () => undefined };
});
