import type { CompiledMapping, Directory } from '../../domain/mapping/compiled-mapping.ts';
import { describeMappingProblem, type LoadedMappings } from '../../domain/mapping/load-mappings.ts';
import type { Kind } from '../../domain/model/kind.ts';
import type { Vocabulary } from '../../domain/model/vocabulary.ts';
import { checkMappings, MAPPINGS_FOLDER } from '../../local/cli/check-mappings.ts';

type Shipped = Extract<LoadedMappings, { ok: true }>['value'];

let loadedOnce: Shipped | undefined;

/** The mappings of the repository, loaded once; a test that needs them fails with the mistakes if there are any. */
export function shipped(): Shipped {
  if (loadedOnce !== undefined) return loadedOnce;
  const loaded = checkMappings(MAPPINGS_FOLDER);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeMappingProblem).join('\n'));
  loadedOnce = loaded.value;
  return loadedOnce;
}

/** A shipped mapping that must be there. */
export function shippedMapping(system: string, object: string): CompiledMapping {
  const mapping = shipped().mappings.of(system, object);
  if (mapping === undefined) throw new Error(`no mapping of ${system}/${object}`);
  return mapping;
}

/** A shipped vocabulary that must be there. */
export function shippedVocabulary(kind: Kind): Vocabulary {
  const vocabulary = shipped().vocabularies.get(kind);
  if (vocabulary === undefined) throw new Error(`no vocabulary of ${kind}`);
  return vocabulary;
}

/** Three users that every simulated system has, under the same ids. */
export const USERS: Readonly<Record<string, string>> = {
  'user-1': 'ann@example.com',
  'user-2': 'bo@example.com',
  'user-3': 'cy@example.com',
};

/** The directory of {@link USERS}. */
export const directory: Directory = {
  emailOf: (id) => USERS[id],
  ownerIdOf: (email) => Object.keys(USERS).find((id) => USERS[id] === email),
};
