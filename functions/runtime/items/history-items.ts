import { hash } from 'node:crypto';
import { isKind } from '../../../domain/model/kind.ts';
import { inParallel } from '../../../domain/pipeline/in-parallel.ts';
import type { Borrower, HubStore } from '../../../domain/pipeline/ports.ts';
import type { Expression, HubTable } from '../hub-table.ts';
import { type Item, numberOf, textAttribute, textOf } from './attribute.ts';
import {
  BORROWER_PREFIX,
  JOURNAL_PREFIX,
  keyAttributes,
  NOTED_KEYS_PREFIX,
  RECORD_SK,
  recordPartition,
} from './item-keys.ts';
import { rowAttributes, rowsOf } from './packed-fields.ts';

/**
 * What lies beside a record in its partition and is forgotten with it: journal, long values, names of merges, and the keys it was
 * entered under, `keys#<hash of them>` with one key a row in `k`, and the records told with values of it, `borrower#<kind>#<id>`.
 * All of it sorts before `record`.
 *
 * *Units*: noting keys or a borrower costs 1 write unit, reading them 1 read unit per 4 KB (some 50 borrowers); forgetting 1 read unit per 4 KB and 1 write unit per KB of
 * each item forgotten.
 */
export function historyItems(
  table: HubTable,
): Pick<HubStore, 'noteKeys' | 'readNotedKeys' | 'noteBorrower' | 'readBorrowers' | 'forgetJournal' | 'forgetHistory'> {
  /** Deletes the items of a range that are meant, 200 a turn. */
  async function forget(key: Expression, isMeant: (item: Item) => boolean): Promise<void> {
    let after: string | undefined;
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const from = after;
      const { items, hasMore } = await table.query({
        key: from === undefined ? key : { ...key, values: { ...key.values, ':first': textAttribute(`${from}\u0000`) } },
        isConsistent: true,
        limit: TURN,
      });
      await inParallel(items.filter(isMeant), (item) =>
        table.delete({ pk: textOf(item, 'pk'), sk: textOf(item, 'sk') }),
      );
      const last = items.at(-1);
      if (!hasMore || last === undefined) return;
      after = textOf(last, 'sk');
    }
    throw new Error(`A record has more than ${TURN * TURNS_MAX} entries to forget.`);
  }

  return {
    async noteKeys(kind, id, keys) {
      if (keys.length === 0) return;
      const sorted = keys.toSorted();
      const sk = NOTED_KEYS_PREFIX + hash('sha256', JSON.stringify(sorted), 'base64url').slice(0, 16);
      await table.put({
        ...keyAttributes({ pk: recordPartition(kind, id), sk }),
        ...rowAttributes({ k: sorted.map((key) => [key]) }),
      });
    },
    async readNotedKeys(kind, id) {
      const { items } = await table.query({
        key: {
          text: 'pk = :pk AND begins_with(sk, :keys)',
          values: { ':pk': textAttribute(recordPartition(kind, id)), ':keys': textAttribute(NOTED_KEYS_PREFIX) },
        },
        isConsistent: true,
      });
      return [...new Set(items.flatMap((item) => rowsOf(item.k).map(([key = '']) => key)))].sort();
    },
    async noteBorrower(kind, id, borrower) {
      const sk = `${BORROWER_PREFIX}${borrower.kind}#${borrower.id}`;
      await table.put(keyAttributes({ pk: recordPartition(kind, id), sk }));
    },
    async readBorrowers(kind, id, limit) {
      const { items } = await table.query({
        key: {
          text: 'pk = :pk AND begins_with(sk, :borrowers)',
          values: { ':pk': textAttribute(recordPartition(kind, id)), ':borrowers': textAttribute(BORROWER_PREFIX) },
        },
        isConsistent: true,
        limit,
      });
      return items.flatMap((item) => borrowerOf(textOf(item, 'sk')));
    },
    forgetJournal: (kind, id, from, until) =>
      forget(between(recordPartition(kind, id), JOURNAL_PREFIX, `${JOURNAL_PREFIX}\u{10ffff}`), (item) => {
        const at = numberOf(item, 'a');
        return at >= from && at <= until;
      }),
    forgetHistory: (kind, id) => forget(between(recordPartition(kind, id), ' ', BEFORE_RECORD), () => true),
  };
}

/** Of a kind that this version does not know: none. */
function borrowerOf(sk: string): Borrower[] {
  const [, kind = '', id = ''] = sk.split('#');
  return isKind(kind) ? [{ kind, id }] : [];
}

const TURN = 200;
const TURNS_MAX = 1_000;

/** Sorts after everything beside the record and before the record itself. */
const BEFORE_RECORD = `${RECORD_SK.slice(0, -1)}c`;

function between(pk: string, first: string, last: string): Expression {
  return {
    text: 'pk = :pk AND sk BETWEEN :first AND :last',
    values: { ':pk': textAttribute(pk), ':first': textAttribute(first), ':last': textAttribute(last) },
  };
}
