import type * as z from 'zod';
import { type AwsFault, type AwsResult, answered, refused } from '../../aws/aws-result.ts';
import type { Marketplace } from '../marketplace.ts';
import type { ChangeSet, RequestedChange } from '../records.ts';
import { catalogFault, notFound } from './catalog-faults.ts';
import type { changeSchema, startChangeSetSchema } from './catalog-requests.ts';
import { watchChangeSet } from './change-set-run.ts';
import { changeTypeOf } from './change-types.ts';
import { plainId, referenceOf } from './entity-identifier.ts';

type StartRequest = z.infer<typeof startChangeSetSchema>;

/**
 * Takes a change set, if it can be taken at all; what becomes of it is found out later, in `change-set-run.ts`.
 *
 * A repeated call with the same token and content answers with the change set it started. The same token with other
 * content is refused: no document says so, but doing the wrong one of two things would be worse.
 */
export function startChangeSet(market: Marketplace, request: StartRequest): AwsResult {
  const { ClientRequestToken: token } = request;
  const text = JSON.stringify(request);
  const former = token === undefined ? undefined : byToken(market, token);
  if (former !== undefined) {
    if (former.request === text) return started(market, former);
    return refused(catalogFault('ValidationException', 'The ClientRequestToken was used for another request.'));
  }

  const read = readChanges(market, request.ChangeSet);
  if ('fault' in read) return refused(read.fault);
  const lockedIds = [...new Set(read.changes.flatMap(({ identifier }) => entityIdsOf(identifier)))];
  const locked = lockedIds.filter((id) => isLocked(market, id));
  if (locked.length > 0)
    return refused(catalogFault('ResourceInUseException', `Another change set is running on ${locked.join(', ')}.`));

  const now = market.now();
  const changeSet: ChangeSet = {
    id: market.ids.changeSet(),
    name: request.ChangeSetName ?? `Submitted by ${market.accountId}`,
    clientRequestToken: token,
    request: text,
    intent: request.Intent,
    startedAt: now,
    applyAt: now + market.delays.preparingMs,
    finishAt: now + market.delays.preparingMs + market.delays.applyingMs,
    status: 'PREPARING',
    changes: read.changes,
    lockedIds,
  };
  market.changeSets.put(changeSet);
  const { ChangeSetTags: tags } = request;
  if (tags !== undefined) market.tag(market.entityArn('ChangeSet', changeSet.id), tags);
  watchChangeSet(market, changeSet);
  return started(market, changeSet);
}

/** Stops a change set that has not begun to change anything. */
export function cancelChangeSet(market: Marketplace, changeSet: ChangeSet, end: (ended: ChangeSet) => void): AwsResult {
  if (changeSet.status !== 'PREPARING')
    return refused(
      catalogFault('ResourceInUseException', `The change set is ${changeSet.status} and cannot be cancelled any more.`),
    );
  end({ ...changeSet, status: 'CANCELLED' });
  return started(market, changeSet);
}

/** Whether a change set is running on an entity. */
function isLocked(market: Marketplace, entityId: string): boolean {
  return market.changeSets
    .all()
    .some(({ status, lockedIds }) => (status === 'PREPARING' || status === 'APPLYING') && lockedIds.includes(entityId));
}

function started(market: Marketplace, { id }: ChangeSet): AwsResult {
  return answered({ ChangeSetId: id, ChangeSetArn: market.entityArn('ChangeSet', id) });
}

function byToken(market: Marketplace, token: string): ChangeSet | undefined {
  return market.keptChangeSets().find(({ clientRequestToken }) => clientRequestToken === token);
}

function entityIdsOf(identifier: string | undefined): readonly string[] {
  return identifier === undefined || referenceOf(identifier) !== undefined ? [] : [plainId(identifier)];
}

function readChanges(
  market: Marketplace,
  changes: readonly z.infer<typeof changeSchema>[],
): { readonly changes: readonly RequestedChange[] } | { readonly fault: AwsFault } {
  const names = new Set<string>();
  const targets = new Set<string>();
  const read: RequestedChange[] = [];
  for (const [index, change] of changes.entries()) {
    const { ChangeType, ChangeName, Entity } = change;
    const where = `ChangeSet[${index}] (${ChangeType})`;
    const checked = checkChange(market, change, names, where);
    if ('fault' in checked) return checked;
    const target = `${ChangeType} ${Entity.Identifier ?? `new ${index}`}`;
    if (targets.has(target)) return invalid(`${where}: the same change of the same entity is asked for twice.`);
    targets.add(target);
    if (ChangeName !== undefined) {
      if (names.has(ChangeName)) return invalid(`${where}: ChangeName ${ChangeName} is used twice.`);
      names.add(ChangeName);
    }
    read.push({
      changeType: ChangeType,
      changeName: ChangeName,
      entityType: Entity.Type,
      identifier: Entity.Identifier,
      details: checked.details,
      tags: change.EntityTags,
      errors: [],
    });
  }
  return { changes: read };
}

/** Checks one change by itself, and what it refers to; its details as JSON. */
function checkChange(
  market: Marketplace,
  { ChangeType, Entity, Details, DetailsDocument }: z.infer<typeof changeSchema>,
  names: ReadonlySet<string>,
  where: string,
): { readonly details: unknown } | { readonly fault: AwsFault } {
  const type = changeTypeOf(Entity.Type, ChangeType);
  if (type === undefined) return invalid(`${where}: the change type is not supported for ${Entity.Type}.`);
  if ((Details === undefined) === (DetailsDocument === undefined))
    return invalid(`${where}: either Details or DetailsDocument must be given.`);
  const details = Details === undefined ? DetailsDocument : parse(Details);
  if (details === undefined) return invalid(`${where}: Details is not JSON.`);
  const fit = type.schema.safeParse(details);
  if (!fit.success) {
    const flaws = fit.error.issues.map(({ path, message }) => `${['Details', ...path].join('.')} ${message}`);
    return invalid(`${where}: ${flaws.join('; ')}`);
  }
  const unknown = unknownEntity(market, Entity.Identifier, type.kind, names, details);
  return unknown === undefined ? { details } : { fault: unknown };
}

function unknownEntity(
  market: Marketplace,
  identifier: string | undefined,
  kind: string,
  names: ReadonlySet<string>,
  details: unknown,
): AwsFault | undefined {
  if (kind === 'create-offer') {
    // The schemas of both creations name what the offer is for.
    const { ProductId, AgreementId } = details as { readonly ProductId?: string; readonly AgreementId?: string };
    if (ProductId !== undefined && market.products.get(ProductId) === undefined)
      return notFound(`Product ${ProductId}`);
    const isOurs = AgreementId === undefined || market.agreements.get(AgreementId)?.proposerId === market.accountId;
    return isOurs ? undefined : catalogFault('AccessDeniedException', `Agreement ${AgreementId} is not the caller's.`);
  }
  if (identifier === undefined) return catalogFault('ValidationException', 'Entity.Identifier is missing.');
  const reference = referenceOf(identifier);
  if (reference !== undefined)
    return names.has(reference)
      ? undefined
      : catalogFault('ValidationException', `No change before is named ${reference}.`);
  const table = kind === 'change-offer' ? market.offers : market.products;
  return table.get(plainId(identifier)) === undefined ? notFound(`Entity ${identifier}`) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // JSON.parse has no other way to say that it is none; the caller is told.
    return undefined;
  }
}

function invalid(message: string): { readonly fault: AwsFault } {
  return { fault: catalogFault('ValidationException', message) };
}
