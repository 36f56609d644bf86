import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Capacity units spent, by what was read or written: `read bundle`, `write source record`. */
export interface CapacityLedger {
  /** What was spent since the last time. */
  take(): Readonly<Record<string, number>>;
}

/** Answers a table's key for one of its items' words; anything else is called by the first part of its partition key. */
const ITEM_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^source#/, 'source record'],
  [/^record$/, 'unified record'],
  [/^journal#/, 'journal entry'],
  [/^blob#/, 'long value'],
  [/^ref$/, 'crosswalk'],
  [/^key$/, 'match key'],
];

/**
 * Notes what every call through a client costs and for which item. Writes that would also be in an index are charged for it, by
 * one unit, which the embedded database does not count. A failed condition costs a unit.
 */
export function keepLedger(client: DynamoDBClient): CapacityLedger {
  let spent: Record<string, number> = {};
  const note = (name: string, units: number): void => {
    if (units > 0) spent[name] = (spent[name] ?? 0) + units;
  };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      // The input is that of the command named in the context; only parts all of them may have are looked at.
      const input = args.input as CallInput;
      const operation = String(context.commandName).replace('Command', '');
      try {
        const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
        note(nameOf(operation, input), unitsIn(answer.output as CallOutput));
        note('write index entry', indexEntriesOf(input));
        return answer;
      } catch (error) {
        // Counted, not handled: the caller knows what a failed condition means.
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') {
          note(`${nameOf(operation, input)} in vain`, 1);
        }
        throw error;
      }
    },
    { step: 'initialize', name: 'keepLedger' },
  );
  return {
    take() {
      const taken = spent;
      spent = {};
      return taken;
    },
  };
}

type Attributes = Readonly<Record<string, AttributeValue>>;
interface CallInput {
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  /** By table: of a read the keys, of a write the requests. */
  readonly RequestItems?: Readonly<Record<string, KeysOfTable | readonly WriteRequest[]>>;
}
interface KeysOfTable {
  readonly Keys: readonly Attributes[];
}
interface WriteRequest {
  readonly PutRequest?: { readonly Item: Attributes };
}
interface CallOutput {
  readonly ConsumedCapacity?: Consumed | readonly Consumed[];
}
interface Consumed {
  readonly CapacityUnits?: number;
}

const INDEX_KEYS = ['listPk', 'recentPk'];

function nameOf(operation: string, input: CallInput): string {
  if (operation === 'Query') return 'read bundle';
  const isRead = operation === 'GetItem' || operation === 'BatchGetItem';
  const [first] = itemsOf(input);
  const sortKey = first?.sk?.S ?? '';
  const word = ITEM_WORDS.find(([pattern]) => pattern.test(sortKey))?.[1] ?? first?.pk?.S?.split('#')[0] ?? 'item';
  return `${isRead ? 'read' : 'write'} ${word}`;
}

/** The items or keys a call is about; the hub's batches are of one sort each. */
function itemsOf({ Item, Key, RequestItems }: CallInput): readonly Attributes[] {
  const single: Attributes | undefined = Item ?? Key;
  if (single !== undefined) return [single];
  return Object.values(RequestItems ?? {}).flatMap((requests) =>
    'Keys' in requests
      ? requests.Keys
      : requests.flatMap(({ PutRequest }) => (PutRequest === undefined ? [] : [PutRequest.Item])),
  );
}

function indexEntriesOf(input: CallInput): number {
  return itemsOf(input).reduce((sum, item) => sum + INDEX_KEYS.filter((name) => name in item).length, 0);
}

function unitsIn({ ConsumedCapacity: consumed = [] }: CallOutput): number {
  const answers = 'length' in consumed ? consumed : [consumed];
  return answers.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
