import { dynamoStore } from '../functions/runtime/dynamo-store.ts';
import { checkMappings, MAPPINGS_FOLDER } from '../local/cli/check-mappings.ts';
import { startTestTable } from '../test/support/hub-table.ts';
import { atMost, readFlags, report } from './bench-report.ts';
import { type CapacityLedger, keepLedger } from './capacity-ledger.ts';
import { type CoreHub, startCoreHub } from './core-hub.ts';
import { each, rounded } from './figures.ts';
import { startInProcessSystems } from './in-process-systems.ts';
import { type Edit, type Editor, editorOf, seedPairs } from './partner-edits.ts';

const PAIRS = 300;
const ALONE = 20;
const TOGETHER = 200;
const JOURNAL_DAYS = 90;

/**
 * What one change of a twenty-field partner record with one target costs in capacity units of the table, by step and item: of
 * changes that come alone, and of changes that come a hundred at a time. Exact and the same on every machine.
 */
export async function benchCapacity() {
  const loaded = checkMappings(MAPPINGS_FOLDER);
  if (!loaded.ok) throw new Error('the shipped mappings are not in order; run local/cli/check-mappings.ts');
  const systems = await startInProcessSystems();
  const table = await startTestTable();
  try {
    const ledger = keepLedger(table.client);
    const core = await startCoreHub(
      dynamoStore(table.table, loaded.value.vocabularies, JOURNAL_DAYS, table.table),
      systems,
    );
    const pairs = await seedPairs(systems, PAIRS);
    await core.notice(
      systems.salesforce,
      pairs.map(({ salesforce }) => salesforce),
    );
    await core.notice(
      systems.hubspot,
      pairs.map(({ hubspot }) => hubspot),
    );
    while ((await core.absorb()) + (await core.deliver()) > 0);
    const editor = editorOf(systems, pairs);
    // Budgets, directories and connection states are known then, as they are in a function that has run before.
    await changes(core, ledger, editor, 2, 2);
    const alone = await changes(core, ledger, editor, ALONE, 1);
    const together = await changes(core, ledger, editor, TOGETHER, 100);
    return {
      alone,
      together,
      aims: [
        atMost('write units a change, the index of recent changes included', 8, together.writeUnits),
        atMost('read units a change', 6, together.readUnits),
      ],
    };
  } finally {
    await systems.stop();
    await table.close();
  }
}

/** What each change cost, by step, and in all. */
interface ChangeCost {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly steps: Readonly<Record<'absorb' | 'deliver' | 'echo', Readonly<Record<string, number>>>>;
}

async function changes(
  core: CoreHub,
  ledger: CapacityLedger,
  editor: Editor,
  count: number,
  atATime: number,
): Promise<ChangeCost> {
  const spent = { absorb: {}, deliver: {}, echo: {} };
  for (let made = 0; made < count; made += atATime) {
    const edits = editor.next(atATime);
    for (const [side, own] of Map.groupBy(edits, (edit) => edit.side)) {
      await side.editMany(new Map(own.map(({ id, mark }) => [id, mark])));
    }
    await notice(core, edits, 'side', 'id');
    ledger.take();
    await core.absorb();
    addTo(spent.absorb, ledger.take());
    await core.deliver();
    addTo(spent.deliver, ledger.take());
    await notice(core, edits, 'seenAt', 'seenId');
    await core.absorb();
    addTo(spent.echo, ledger.take());
  }
  const steps = {
    absorb: each(spent.absorb, count, 3),
    deliver: each(spent.deliver, count, 3),
    echo: each(spent.echo, count, 3),
  };
  const units = (kind: 'read' | 'write'): number =>
    rounded(
      Object.values(steps)
        .flatMap((step) => Object.entries(step))
        .reduce((sum, [name, count]) => sum + (name.startsWith(kind) ? count : 0), 0),
      2,
    );
  return { writeUnits: units('write'), readUnits: units('read'), steps };
}

async function notice(
  core: CoreHub,
  edits: readonly Edit[],
  where: 'side' | 'seenAt',
  what: 'id' | 'seenId',
): Promise<void> {
  for (const [side, own] of Map.groupBy(edits, (edit) => edit[where])) {
    await core.notice(
      side,
      own.map((edit) => edit[what]),
    );
  }
}

function addTo(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
}

if (import.meta.main) report('capacity', readFlags(), await benchCapacity());
