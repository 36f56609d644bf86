import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Connection, readConnectionsFile } from '../connectors/kit/connections-file.ts';
import { type FileProblem, type FileResult, problemAt, readYaml } from '../connectors/kit/yaml-file.ts';
import type { Mappings } from '../domain/mapping/compiled-mapping.ts';
import { type LoadedMappings, loadMappings } from '../domain/mapping/load-mappings.ts';
import { type HubStage, problemInStage, QUEUE_NAMES, QUEUE_READERS, readStage } from './stages-file.ts';

const STAGES_FILE = 'infra/stages.yaml';

/** Everything a hub is made from: its stage, its connections and its mappings. */
export interface HubConfig {
  readonly stage: HubStage;
  /** In the order of the file, by which ties are broken. */
  readonly connections: readonly Connection[];
  /** The file they came from, as a problem or a message should name it. */
  readonly connectionsFile: string;
  /** What each mapping file says, by its path under `mappings/` with `/` between: `hubspot/company.partner.yaml`. */
  readonly mappings: Readonly<Record<string, unknown>>;
}

/** Where to look for it. */
export interface HubConfigSource {
  /** The root of the repository. */
  readonly root: string;
  readonly stage: string;
  /** Another connections file than `connections.yaml`; a path from the root. */
  readonly connectionsFile?: string | undefined;
  /** Another folder of mappings than `mappings`; a path from the root. */
  readonly mappings?: string | undefined;
}

/**
 * Reads the configuration of a hub from the repository. Looks at files only, never at credentials or the network.
 *
 * *Faults*: all mistakes of all files at once.
 */
export function readHubConfig(source: HubConfigSource): FileResult<HubConfig> {
  const stage = readFile(source.root, STAGES_FILE, (file, text) => readStage(file, text, source.stage));
  const connections = readConnections(source, stage.ok ? stage.value.whenNoConnections : undefined);
  const mappings = readMappings(source.root, source.mappings ?? 'mappings');
  const unmapped =
    connections.ok && mappings.ok ? objectsWithoutMapping(source.root, connections.value, mappings.value.mappings) : [];
  const starved = stage.ok && connections.ok ? starvedFunctions(source.root, stage.value, connections.value) : [];
  if (!stage.ok || !connections.ok || !mappings.ok || unmapped.length > 0 || starved.length > 0) {
    const problems = [stage, connections, mappings].flatMap((part) => (part.ok ? [] : part.problems));
    return { ok: false, problems: [...problems, ...unmapped, ...starved] };
  }
  return { ok: true, value: { stage: stage.value, mappings: mappings.value.documents, ...connections.value } };
}

function readConnections(
  source: HubConfigSource,
  whenNone: string | undefined,
): FileResult<Pick<HubConfig, 'connections' | 'connectionsFile'>> {
  const file = source.connectionsFile ?? 'connections.yaml';
  const own = readFile(source.root, file, readConnectionsFile);
  if (!own.ok) return own;
  if (own.value.length > 0 || whenNone === undefined) {
    return { ok: true, value: { connections: own.value, connectionsFile: file } };
  }
  const simulated = readFile(source.root, whenNone, readConnectionsFile);
  return simulated.ok ? { ok: true, value: { connections: simulated.value, connectionsFile: whenNone } } : simulated;
}

type LoadedSet = Extract<LoadedMappings, { readonly ok: true }>['value'];

/** Reads the mapping files, compiles them and runs their examples, so that a mistake in one stops the build. */
function readMappings(root: string, folder: string): FileResult<LoadedSet> {
  if (!existsSync(resolve(root, folder))) return missing(folder, 'this folder does not exist');
  const files = readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.yaml'))
    .sort()
    .map((path) => ({ path, text: readFileSync(resolve(root, folder, path), 'utf8') }));
  const loaded = loadMappings(files);
  if (loaded.ok) return loaded;
  return { ok: false, problems: loaded.problems.map((problem) => ({ ...problem, file: `${folder}/${problem.file}` })) };
}

/** An object without a mapping would be swept by nobody and nobody would be told. */
function objectsWithoutMapping(
  root: string,
  { connections, connectionsFile }: Pick<HubConfig, 'connections' | 'connectionsFile'>,
  mappings: Mappings,
): readonly FileProblem[] {
  const yaml = readFile(root, connectionsFile, readYaml);
  if (!yaml.ok) return yaml.problems;
  return connections.flatMap(({ system, objects }, index) =>
    objects.flatMap((object, place) =>
      mappings.of(system, object) === undefined
        ? [problemAt(yaml.value, [index, 'objects', place], `there is no mapping ${system}/${object}.<kind>.yaml`)]
        : [],
    ),
  );
}

/**
 * A function that may run less often at a time than its queues would call it is throttled, and each time that counts as if it had
 * crashed over the message: waiting would make dead letters.
 */
function starvedFunctions(
  root: string,
  stage: HubStage,
  { connections }: Pick<HubConfig, 'connections'>,
): readonly FileProblem[] {
  return QUEUE_NAMES.flatMap((queue) => {
    const reader = QUEUE_READERS[queue];
    const reserved = stage.functions[reader].reservedConcurrency;
    const called = stage.queues[queue].maxConcurrency * (queue === 'outbound' ? connections.length : 1);
    if (reserved === undefined || reserved >= called) return [];
    const path = ['functions', reader, 'reservedConcurrency'];
    const reason = `must be at least ${called}, by maxConcurrency of the queues it reads`;
    const text = readFileSync(resolve(root, STAGES_FILE), 'utf8');
    return problemInStage(STAGES_FILE, text, { name: stage.name, path, reason });
  });
}

function readFile<T>(root: string, file: string, read: (file: string, text: string) => FileResult<T>): FileResult<T> {
  const path = resolve(root, file);
  return existsSync(path) ? read(file, readFileSync(path, 'utf8')) : missing(file, 'this file does not exist');
}

function missing(file: string, reason: string): FileResult<never> {
  return { ok: false, problems: [{ file, line: 1, path: '', reason }] };
}
