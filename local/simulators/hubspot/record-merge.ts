import { type Outcome, refuse, succeed, validationError } from './api-error.ts';
import type { ObjectType } from './object-types.ts';
import { type ChangeOrigin, nextVersion, type RecordVersion } from './record-version.ts';

/**
 * A record can take up this many others.
 * *Source*: https://developers.hubspot.com/docs/api-reference/crm-companies-v3/guide (checked November 2026).
 */
const mergesMax = 250;

/**
 * What two records become: the primary's values, and the loser's where the primary has none. The survivor lists the
 * ids it stands for, and a contact keeps the loser's address as an additional one.
 */
export function mergeRecords(
  type: ObjectType,
  primary: RecordVersion,
  loser: RecordVersion,
  survivorId: string,
  at: number,
  by: ChangeOrigin,
): Outcome<{ version: RecordVersion; propertiesMoved: number }> {
  const mergedIds = [...mergedIdsOf(primary), ...mergedIdsOf(loser), loser.id];
  if (survivorId !== primary.id) mergedIds.push(primary.id);
  if (mergedIds.length > mergesMax)
    return refuse(validationError(`A record cannot take part in more than ${mergesMax} merges`));
  const changed: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(loser.values)) {
    if (primary.values[name] === undefined) changed[name] = value;
  }
  const propertiesMoved = Object.keys(changed).length;
  changed.hs_merged_object_ids = mergedIds.join(';');
  if (type === 'contacts') {
    const addresses = [...addressesOf(primary), ...addressesOf(loser)].filter(
      (address) => address !== (primary.values.email ?? loser.values.email),
    );
    if (addresses.length > 0) changed.hs_additional_emails = [...new Set(addresses)].join(';');
  }
  return succeed({ version: { ...nextVersion(primary, changed, at, by), id: survivorId }, propertiesMoved });
}

function mergedIdsOf({ values }: RecordVersion): string[] {
  return values.hs_merged_object_ids?.split(';') ?? [];
}

function addressesOf({ values }: RecordVersion): string[] {
  const additional = values.hs_additional_emails?.split(';') ?? [];
  return values.email === undefined ? additional : [values.email, ...additional];
}
