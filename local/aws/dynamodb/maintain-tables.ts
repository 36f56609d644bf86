import { isDeepStrictEqual } from 'node:util';
import type { Dynalite, LevelDatabase, LevelRange } from './dynalite.ts';
import type { IndexDefinition, TableDefinition } from './table-definition.ts';

const BATCH = 500;

/**
 * Brings the tables on disk in order before dynalite opens them, and does what dynalite cannot:
 *
 * - add and drop indexes of a table that exists (its UpdateTable changes throughput only);
 * - rebuild indexes after the process was killed: dynalite writes an item and its index entries one after another, so a
 *   kill in between leaves an entry without its item, or the other way round.
 *
 * A table whose keys have changed cannot be brought over and stops the start with its name.
 */
export async function maintainTables(
  dynalite: Dynalite,
  path: string,
  tables: readonly TableDefinition[],
  wasKilled: boolean,
): Promise<void> {
  const database = dynalite.openDatabase(path);
  await database.open();
  try {
    for (const table of tables) await maintainTable(dynalite, database, table, wasKilled);
  } finally {
    await database.close();
  }
}

async function maintainTable(
  dynalite: Dynalite,
  database: LevelDatabase,
  wanted: TableDefinition,
  wasKilled: boolean,
): Promise<void> {
  const key = `table~${wanted.TableName}`;
  // dynalite keeps tables in the form that CreateTable was given, with more fields.
  const stored = (await database.get(key)) as (TableDefinition & { readonly TableArn: string }) | undefined;
  if (stored === undefined) return;
  if (!isDeepStrictEqual(typedKeys(stored), typedKeys(wanted))) {
    throw new Error(
      `Table ${wanted.TableName} on disk has other keys than in the template. Move the data directory away to start anew.`,
    );
  }

  const changed = !isDeepStrictEqual(
    (stored.GlobalSecondaryIndexes ?? []).map(shapeOf),
    (wanted.GlobalSecondaryIndexes ?? []).map(shapeOf),
  );
  if (!changed && !wasKilled) return;
  const indexes = (wanted.GlobalSecondaryIndexes ?? []).map((index) => describe(index, stored.TableArn));
  const { GlobalSecondaryIndexes: _former, ...rest } = stored;
  const table = {
    ...rest,
    // A kill while dynalite made the table would leave it in the making for ever.
    TableStatus: 'ACTIVE',
    AttributeDefinitions: wanted.AttributeDefinitions,
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
  for (const index of stored.GlobalSecondaryIndexes ?? [])
    await database.clear(indexRange(wanted.TableName, index.IndexName));
  await fillIndexes(dynalite, database, table, indexes);
  await database.put(key, table);
}

async function fillIndexes(
  dynalite: Dynalite,
  database: LevelDatabase,
  table: TableDefinition,
  indexes: readonly IndexDefinition[],
): Promise<void> {
  if (indexes.length === 0) return;
  let batch: { type: 'put'; key: string; value: unknown }[] = [];
  const flush = async (): Promise<void> => {
    await database.batch(batch);
    batch = [];
  };
  for await (const item of database.values(rangeOf(`item-${table.TableName}~`))) {
    for (const put of dynalite.indexActions(indexes, item, table).puts) {
      batch.push({ type: 'put', key: `${indexRange(table.TableName, put.index).gte}${put.key}`, value: put.item });
    }
    if (batch.length >= BATCH) await flush();
  }
  await flush();
}

/** The table's key attributes with their types; an index may change types of other attributes. */
function typedKeys(table: TableDefinition): unknown {
  return table.KeySchema.map(({ AttributeName, KeyType }) => ({
    AttributeName,
    KeyType,
    type: table.AttributeDefinitions.find((attribute) => attribute.AttributeName === AttributeName)?.AttributeType,
  }));
}

function shapeOf({ IndexName, KeySchema, Projection }: IndexDefinition): unknown {
  return {
    IndexName,
    keys: KeySchema.map(({ AttributeName, KeyType }) => [AttributeName, KeyType]),
    projection: [Projection.ProjectionType, ...(Projection.NonKeyAttributes ?? [])],
  };
}

/** The fields that dynalite keeps of an index it has made itself. */
function describe(index: IndexDefinition, tableArn: string): IndexDefinition {
  const described = {
    ...index,
    IndexArn: `${tableArn}/index/${index.IndexName}`,
    IndexStatus: 'ACTIVE',
    IndexSizeBytes: 0,
    ItemCount: 0,
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
  };
  return described;
}

function indexRange(table: string, index: string): LevelRange {
  return rangeOf(`index-global~${table}~${index}~`);
}

/** All keys that begin so; dynalite's keys hold no character at or beyond the one that ends the range. */
function rangeOf(prefix: string): LevelRange {
  return { gte: prefix, lt: `${prefix}\u00FF` };
}
