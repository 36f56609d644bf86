import { startHub } from '../../../local/runtime/hub.ts';

// A process for `killed.test.ts`: it runs the hub it is told, says where it is, and lives until it is killed.
const [root = '', assembly = '', dataDirectory = ''] = process.argv.slice(2);
const hub = await startHub({ root, assembly, dataDirectory, httpPort: 0, show: () => undefined });
process.send?.(hub.httpUrl);
