import type { SourceField, SourceRecord } from '../model/source-record.ts';
import type { OwnField } from '../model/unified-record.ts';
import { isEmptyValue } from '../model/value.ts';
import type { Vocabulary, VocabularyField } from '../model/vocabulary.ts';

/**
 * The fields that whoever merged two records in a system has decided with it: those in which the record that lives on there says something.
 * They saw both and kept this one's value; where it says nothing, the other's is all there is. A group is decided as one. Sets of which
 * every element counts, and what the hub itself sets, are no choice between two.
 */
export function chosenByMerge({ fields }: Vocabulary, survivor: SourceRecord): ReadonlySet<string> {
  const isSaid = ({ name }: VocabularyField): boolean => !isEmptyValue(survivor.fields[name]?.value);
  const all = [...fields.values()].filter(({ survivorship: { by } }) => by !== 'union' && by !== 'hub');
  const groups = new Set(all.filter((field) => field.group !== undefined && isSaid(field)).map(({ group }) => group));
  return new Set(
    all
      .filter((field) => (field.group === undefined ? isSaid(field) : groups.has(field.group)))
      .map(({ name }) => name),
  );
}

/** The hub's own values without those that were decided otherwise. */
export function withoutChosen(
  own: Readonly<Record<string, OwnField>>,
  chosen: ReadonlySet<string>,
): Readonly<Record<string, OwnField>> {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !chosen.has(name)));
}

/** A source whose values of the chosen fields compete no more: what it holds there is behind, as if the hub had written it. */
export function giveWay(source: SourceRecord, chosen: ReadonlySet<string>): SourceRecord {
  const given = Object.entries(source.fields).map(([name, field]): [string, SourceField] => [
    name,
    chosen.has(name) ? { ...field, origin: 'hub' } : field,
  ]);
  return { ...source, fields: Object.fromEntries(given) };
}
