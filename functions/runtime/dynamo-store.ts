import type { Kind } from '../../domain/model/kind.ts';
import type { Vocabulary } from '../../domain/model/vocabulary.ts';
import type { HubStore } from '../../domain/pipeline/ports.ts';
import type { HubTable } from './hub-table.ts';
import { connectionItems } from './items/connection-items.ts';
import { counterItems } from './items/counter-items.ts';
import { crosswalkItems } from './items/crosswalk-items.ts';
import { erasureItems } from './items/erasure-items.ts';
import { eventItems } from './items/event-items.ts';
import { historyItems } from './items/history-items.ts';
import { journalItems } from './items/journal-items.ts';
import { mergeItems } from './items/merge-items.ts';
import { problemItems } from './items/problem-items.ts';
import { rateItems } from './items/rate-items.ts';
import { recordItems } from './items/record-items.ts';

/**
 * The hub's memory in DynamoDB. Each file of `items/` says how its items look and what they cost.
 *
 * `erasures` is the table that keeps the list of erasures, which must outlive a restore of the other.
 *
 * *Units*: `retentionDays` is how long the journal and closed problems are kept.
 */
export function dynamoStore(
  table: HubTable,
  vocabularies: ReadonlyMap<Kind, Vocabulary>,
  retentionDays: number,
  erasures: HubTable,
): HubStore {
  return {
    ...crosswalkItems(table),
    ...recordItems(table, vocabularies),
    ...journalItems(table, vocabularies, retentionDays),
    ...problemItems(table, retentionDays),
    ...mergeItems(table),
    ...connectionItems(table),
    ...counterItems(table),
    ...rateItems(table),
    ...historyItems(table),
    ...eventItems(table, retentionDays),
    ...erasureItems(erasures),
  };
}
