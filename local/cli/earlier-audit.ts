import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { AuditWindow } from '../../domain/audit/window.ts';
import { CliFault } from './cli-fault.ts';

/** What came of comparing this audit's windows with an earlier one's. */
export interface WindowChanges {
  readonly asBefore: number;
  /** Changed in the system, in what the hub expects there, or new altogether. */
  readonly changed: readonly { readonly window: AuditWindow; readonly where: 'system' | 'hub' | 'both' | 'new' }[];
  /** The earlier audit's total, if it came to its end. */
  readonly total: { readonly same: number; readonly of: number } | undefined;
}

/** An earlier audit, read from what `--json` printed. */
export interface EarlierAudit {
  compare(window: AuditWindow): void;
  changes(): WindowChanges;
}

const side = z.object({ count: z.number(), hash: z.string() });
const windowLine = z.object({
  type: z.literal('window'),
  connection: z.string(),
  object: z.string(),
  first: z.string(),
  last: z.string(),
  mappingVersion: z.number(),
  there: side,
  known: side,
});
const totalLine = z.object({ type: z.literal('total'), same: z.number(), of: z.number() });

/** Reads an earlier audit. *Faults*: a file that cannot be read, or that holds no windows, is a {@link CliFault}. */
export async function readEarlierAudit(file: string): Promise<EarlierAudit> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CliFault(`${file} cannot be read.`);
  });
  const windows = new Map<string, z.output<typeof windowLine>>();
  let total: WindowChanges['total'];
  for (const line of text.split('\n')) {
    const content = parsed(line);
    const window = windowLine.safeParse(content);
    if (window.success) windows.set(keyOf(window.data), window.data);
    const sum = totalLine.safeParse(content);
    if (sum.success) total = { same: sum.data.same, of: sum.data.of };
  }
  if (windows.size === 0) throw new CliFault(`${file} is not the output of an audit with --json.`);
  let asBefore = 0;
  const changed: WindowChanges['changed'][number][] = [];
  return {
    compare(window) {
      const before = windows.get(keyOf(window));
      if (before === undefined || before.last !== window.last) changed.push({ window, where: 'new' });
      else {
        const isThere = before.there.hash !== window.there.hash;
        const isKnown = before.known.hash !== window.known.hash;
        if (!isThere && !isKnown) asBefore += 1;
        else changed.push({ window, where: isThere && isKnown ? 'both' : isThere ? 'system' : 'hub' });
      }
    },
    changes: () => ({ asBefore, changed, total }),
  };
}

function keyOf(window: Pick<AuditWindow, 'connection' | 'object' | 'first' | 'mappingVersion'>): string {
  return `${window.connection}#${window.object}#${window.first}#${window.mappingVersion}`;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The last line of an audit that was stopped; it fits no shape.
    return undefined;
  }
}
