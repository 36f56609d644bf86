import type { CompiledMapping, Directory } from '../domain/mapping/compiled-mapping.ts';
import { readRecord } from '../domain/mapping/read-record.ts';
import type { SystemValues } from '../domain/model/value.ts';
import { checkMappings, MAPPINGS_FOLDER } from '../local/cli/check-mappings.ts';
import { readFlags, report } from './bench-report.ts';
import { account, company } from './sample-partners.ts';

/** How fast one mapping carries whole records over, on one core. */
interface MappingSpeed {
  readonly mapping: string;
  /** Fields of the hub that each record fills. */
  readonly fields: number;
  /** Records a second, read inwards, out of a working set whose phones and domains are remembered. */
  readonly readPerSecond: number;
  /** The same when no record was seen before. */
  readonly readFirstSeenPerSecond: number;
  /** Records a second, written outwards. */
  readonly writePerSecond: number;
}

const WORKING_SET = 2_000;
const FIRST_SEEN = 100_000;
const ROUNDS = 5;
const MEASURE_MS = 1_000;

/** Measures the shipped partner mappings, which are the widest. Takes about half a minute; JSON out. */
export function benchMapping(): { readonly speeds: readonly MappingSpeed[]; readonly compileMs: number } {
  const started = cpuMs();
  const loaded = checkMappings(MAPPINGS_FOLDER);
  const compileMs = round(cpuMs() - started);
  if (!loaded.ok) throw new Error('the shipped mappings are not in order; run local/cli/check-mappings.ts');
  const speeds = [
    { system: 'salesforce', object: 'Account', make: (index: number) => account(index, '005Hr00000AAAAAIAX') },
    { system: 'hubspot', object: 'company', make: (index: number) => company(index, '71200431') },
  ].flatMap(({ system, object, make }) => {
    const mapping = loaded.value.mappings.of(system, object);
    return mapping === undefined ? [] : [measure(mapping, make)];
  });
  return { speeds, compileMs };
}

function measure(mapping: CompiledMapping, make: (index: number) => SystemValues): MappingSpeed {
  const records = asRead(WORKING_SET, make, 0);
  const firstSeen = asRead(FIRST_SEEN, make, WORKING_SET);
  const read = (record: SystemValues) => readRecord(mapping, record, directory);
  const canonical = records.map((record) => read(record).values);
  const outward = mapping.fields.filter(({ flow }) => flow !== 'in');
  const write = (values: (typeof canonical)[number]) => {
    const written: Record<string, unknown> = {};
    for (const line of outward) {
      const value = values[line.field];
      if (value === undefined) continue;
      const carried = line.writeOut(value, directory);
      if (carried.ok) written[line.theirs] = carried.value;
    }
    return written;
  };
  const firstStarted = cpuMs();
  for (const record of firstSeen) read(record);
  const firstSeconds = (cpuMs() - firstStarted) / 1_000;
  return {
    mapping: mapping.id,
    fields: Object.keys(canonical[0] ?? {}).length,
    readPerSecond: perSecond(records, read),
    readFirstSeenPerSecond: Math.round(FIRST_SEEN / firstSeconds),
    writePerSecond: perSecond(canonical, write),
  };
}

/** The best of several rounds: what the code can do when the machine lets it. A second of one core is a second of CPU time. */
function perSecond<T>(items: readonly T[], work: (item: T) => unknown): number {
  let best = 0;
  for (let roundIndex = 0; roundIndex < ROUNDS; roundIndex += 1) {
    const started = cpuMs();
    let count = 0;
    while (cpuMs() - started < MEASURE_MS) {
      for (const item of items) work(item);
      count += items.length;
    }
    best = Math.max(best, (count / (cpuMs() - started)) * 1_000);
  }
  return Math.round(best);
}

/** CPU time of this process, ms: unlike the clock on the wall it does not count what other processes took. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Records as they come from an API: parsed from JSON, so that no text is shared between them. */
function asRead(count: number, make: (index: number) => SystemValues, offset: number): readonly SystemValues[] {
  return JSON.parse(JSON.stringify(Array.from({ length: count }, (_, index) => make(index + offset))));
}

const directory: Directory = {
  emailOf: (id) => (id === '' ? undefined : 'ann@example.com'),
  ownerIdOf: () => '005Hr00000AAAAAIAX',
};

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

if (import.meta.main) report('mapping', readFlags(), benchMapping());
