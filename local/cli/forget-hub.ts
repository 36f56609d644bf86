import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holdDirectory } from '../runtime/lock-file.ts';
import { CliFault } from './cli-fault.ts';

/** What a hub keeps in its data directory. */
const HUB_DATA = new Set([
  'cdk.out',
  'cdk.out.new',
  'dynamodb',
  'eventbridge',
  'lock',
  'logs',
  'secrets',
  'secrets-manager',
  'simulators',
  'sqs',
]);
/** Where a demo keeps itself, in the usual directory. */
const DEMO_DATA = /^demo-\d+$/;

/** Removes a hub's data, and nothing that is not one; what demos keep beside it stays. *Faults*: throws while a hub runs on it. */
export function forgetHub(dataDirectory: string): void {
  if (!existsSync(dataDirectory)) return;
  const names = readdirSync(dataDirectory).filter((name) => !DEMO_DATA.test(name));
  const others = names.filter((name) => !HUB_DATA.has(name));
  if (others.length > 0) {
    const shown = others.slice(0, 3).join(', ');
    throw new CliFault(
      `${dataDirectory} holds other things than a hub's data (${shown}), so --fresh leaves it alone. Move them away, or choose another directory with --data.`,
    );
  }
  const held = holdDirectory(dataDirectory);
  for (const name of names) if (name !== 'lock') rmSync(join(dataDirectory, name), { recursive: true, force: true });
  held.release();
}
