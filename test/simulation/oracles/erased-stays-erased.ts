import { HOMES } from '../people/fields.ts';
import type { Change } from '../world/chronicle.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

const INVARIANT = 'erased stays erased';

/**
 * Invariant 8: of a thing that somebody had erased, nothing it said is in the hub, and the hub has left no record of it in any
 * system and made none anew. Records that were not part of it when it was erased (entered afterwards, or never linked) are another
 * matter, and so is what people took out of a recycle bin; whether anything else suffered, the other oracles tell.
 */
export async function erasedStaysErased(end: EndOfRun): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const tell = (what: string): void => void violations.push({ invariant: INVARIANT, what });
  const kept = end.store.everything();
  for (const { entity, kind, id, at } of end.erased) {
    const erasure = await end.store.readErasure(kind, id);
    if (erasure?.doneAt === undefined) tell(`${entity}: the erasure of ${id} has not come to its end`);
    const refs = new Set(erasure?.refs ?? []);
    for (const each of erasure?.ids ?? []) {
      const { unified, sources } = await end.store.readBundle(kind, each);
      const left = [
        ...Object.keys(unified?.fields ?? {}),
        ...Object.keys(unified?.own ?? {}),
        ...sources.map(({ connection, object }) => `${connection} ${object}`),
        ...(await end.store.readJournal(kind, each, 10)).map(({ step }) => `journal: ${step}`),
        ...(await end.store.readNotedKeys(kind, each)),
        ...(await end.store.readMergesOf(kind, each)),
      ];
      if (unified?.state !== 'erased') tell(`${entity}: ${each} is ${unified?.state ?? 'not there'}`);
      if (left.length > 0) tell(`${entity}: ${each} still holds ${left.slice(0, 4).join(', ')}`);
    }
    const changes = end.changes.filter((change) => change.entity === entity);
    const isPart = ({ system, id: externalId }: Pick<Change, 'system' | 'id'>): boolean =>
      refs.has(`${system}#${objectOf(system, kind)}#${externalId}`);
    const isBroughtBack = ({ system, id: externalId }: Pick<Change, 'system' | 'id'>): boolean =>
      changes.findLast((each) => each.system === system && each.id === externalId && each.event === 'back')?.by ===
      'person';
    const others = changes.filter((change) => change.event === 'made' && change.by === 'person' && !isPart(change));
    for (const { by, event, at: madeAt, system, id: externalId } of changes) {
      if (by !== 'hub' || event !== 'made' || madeAt < at || others.length > 0) continue;
      const isLive = end.records.get(system)?.some((record) => record.id === externalId && record.isLive);
      if (isLive === true && !isBroughtBack({ system, id: externalId }))
        tell(`${entity}: the hub made ${externalId} in ${system} after it was erased`);
    }
    for (const [system, records] of end.records) {
      for (const record of records) {
        if (!record.isLive || record.kind !== kind || !isPart({ system, id: record.id })) continue;
        if (!isBroughtBack({ system, id: record.id })) tell(`${entity}: ${record.id} is still in ${system}`);
      }
    }
    // The thing's own name stands in a field that nobody edits.
    if (others.length === 0 && kept.includes(JSON.stringify(entity))) tell(`${entity}: the hub still knows its name`);
  }
  return violations;
}

function objectOf(system: string, kind: keyof typeof HOMES): string {
  return system === 'portal' ? HOMES[kind].object : HOMES[kind].salesforce;
}
