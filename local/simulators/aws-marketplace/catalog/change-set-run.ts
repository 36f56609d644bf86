import type { Marketplace } from '../marketplace.ts';
import { changeSetEnded, offerReleased } from '../marketplace-events.ts';
import type { ChangeError, ChangeSet, Offer, Product, RequestedChange } from '../records.ts';
import { type ChangeContext, changeTypeOf, failed } from './change-types.ts';
import { plainId, referenceOf } from './entity-identifier.ts';

/** Lets the marketplace work on a change set when its time has come. To be called once for each that is running. */
export function watchChangeSet(market: Marketplace, { id, applyAt, finishAt }: ChangeSet): void {
  market.agenda.add(applyAt, () => {
    const changeSet = market.changeSets.get(id);
    if (changeSet?.status === 'PREPARING') market.changeSets.put({ ...changeSet, status: 'APPLYING' });
  });
  market.agenda.add(finishAt, () => {
    const changeSet = market.changeSets.get(id);
    if (changeSet?.status === 'APPLYING') finish(market, changeSet);
  });
}

/** Stores a change set that came to its end, and tells of it. */
export function endChangeSet(market: Marketplace, changeSet: ChangeSet): void {
  const ended = { ...changeSet, endedAt: market.now() };
  market.changeSets.put(ended);
  changeSetEnded(market, ended);
}

/** Does all changes or, when one cannot be done, none. */
function finish(market: Marketplace, changeSet: ChangeSet): void {
  if (changeSet.isToFail === true) {
    endChangeSet(market, {
      ...changeSet,
      status: 'FAILED',
      failureCode: 'SERVER_FAULT',
      failureDescription: 'An internal fault; start the change set again.',
    });
    return;
  }
  const draft = new Draft(market);
  const changes = changeSet.changes.map((change) => draft.apply(change));
  if (changes.some(({ errors }) => errors.length > 0)) {
    endChangeSet(market, {
      ...changeSet,
      changes,
      status: 'FAILED',
      failureCode: 'CLIENT_ERROR',
      failureDescription: 'The changes could not be prepared; ErrorDetailList says why.',
    });
    return;
  }
  const released = changeSet.intent === 'APPLY' ? draft.keep(changes) : [];
  endChangeSet(market, { ...changeSet, changes, status: 'SUCCEEDED' });
  for (const offer of released) offerReleased(market, offer);
}

/** The entities of one change set as it goes along, beside those of the marketplace, until they are kept. */
class Draft {
  readonly #market: Marketplace;
  readonly #offers = new Map<string, Offer>();
  readonly #products = new Map<string, Product>();
  /** Change name → id of its entity; none when the change failed. */
  readonly #named = new Map<string, string | undefined>();
  readonly #context: ChangeContext;

  constructor(market: Marketplace) {
    this.#market = market;
    this.#context = {
      market,
      now: market.now(),
      product: (id) => this.#products.get(id) ?? market.products.get(id),
      offers: () => [...market.offers.all().filter(({ id }) => !this.#offers.has(id)), ...this.#offers.values()],
    };
  }

  apply(change: RequestedChange): RequestedChange {
    const done = this.#do(change);
    if (change.changeName !== undefined) this.#named.set(change.changeName, 'id' in done ? done.id : undefined);
    if ('errors' in done) return { ...change, errors: done.errors };
    return { ...change, entityIdentifier: `${done.id}@${done.revision}` };
  }

  /** Puts what the changes made of it in the marketplace; answers the offers that were released. */
  keep(changes: readonly RequestedChange[]): readonly Offer[] {
    const now = this.#market.now();
    for (const { entityIdentifier, entityType, tags } of changes) {
      if (entityIdentifier === undefined || tags === undefined) continue;
      this.#market.tag(this.#market.entityArn(entityType.replace(/@.*$/, ''), plainId(entityIdentifier)), tags);
    }
    for (const product of this.#products.values()) this.#market.products.put({ ...product, modifiedAt: now });
    const released: Offer[] = [];
    for (const offer of this.#offers.values()) {
      const wasReleased = this.#market.offers.get(offer.id)?.state === 'Released';
      this.#market.offers.put({ ...offer, modifiedAt: now });
      if (offer.state === 'Released' && !wasReleased) released.push(offer);
    }
    return released;
  }

  #do(
    change: RequestedChange,
  ): { readonly id: string; readonly revision: number } | { readonly errors: readonly ChangeError[] } {
    const type = changeTypeOf(change.entityType, change.changeType);
    if (type === undefined) return failed('INVALID_UPDATE_REQUEST', 'The change type is not supported.');
    if (type.kind === 'create-offer') return this.#put(this.#offers, type.create(change.details, this.#context));
    const id = this.#entityId(change.identifier);
    if (id === undefined) return failed('INVALID_UPDATE_REQUEST', 'The change it refers to could not be made.');
    if (type.kind === 'change-offer') {
      const offer = this.#offers.get(id) ?? this.#market.offers.get(id);
      if (offer === undefined) return failed('INVALID_UPDATE_REQUEST', 'There is no such offer.');
      return this.#put(this.#offers, type.apply(offer, change.details, this.#context));
    }
    const product = this.#context.product(id);
    if (product === undefined) return failed('INVALID_UPDATE_REQUEST', 'There is no such product.');
    return this.#put(this.#products, type.apply(product, change.details, this.#context));
  }

  #entityId(identifier: string | undefined): string | undefined {
    const reference = referenceOf(identifier);
    if (reference !== undefined) return this.#named.get(reference);
    return identifier === undefined ? undefined : plainId(identifier);
  }

  /** One revision more for each entity that a change set touches, however many changes it holds. */
  #put<Entity extends { readonly id: string; readonly revision: number }>(
    entities: Map<string, Entity>,
    outcome: Entity | { readonly errors: readonly ChangeError[] },
  ): Entity | { readonly errors: readonly ChangeError[] } {
    if ('errors' in outcome) return outcome;
    const isFirst = !entities.has(outcome.id);
    const isNew =
      this.#market.offers.get(outcome.id) === undefined && this.#market.products.get(outcome.id) === undefined;
    const entity = isFirst && !isNew ? { ...outcome, revision: outcome.revision + 1 } : outcome;
    entities.set(entity.id, entity);
    return entity;
  }
}
