import { type Answers, AwsRefusal, type Input } from './fake-marketplace.ts';

interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly request: string;
  readonly changes: readonly { readonly ChangeType: string; readonly EntityTags?: readonly Tag[] }[];
  status: string;
  failureCode?: string;
  /** Not to be seen in the list yet. */
  isHidden: boolean;
  offerId?: string;
  errors: Readonly<Record<string, { readonly ErrorCode: string; readonly ErrorMessage: string }>>;
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Change sets, offers and tags as AWS keeps them: one change set for a token, all or nothing, and lists that may lag behind. */
export class SmallCatalog {
  readonly changeSets: ChangeSet[] = [];
  readonly offers: { readonly id: string; readonly details: Input }[] = [];
  readonly tags = new Map<string, Map<string, string>>();
  /** A new change set stays out of the list until {@link catchUp}. */
  isLagging = false;
  /** What AWS does with a token that stands for another request; nobody has written it down. */
  onOtherRequest: 'refuse' | 'answer-first' = 'refuse';
  /** When all change sets were started, which is within one second as far as AWS tells. */
  startedAt = '2026-03-02T10:15:00Z';
  dimensions: readonly object[] = [{ Key: 'seats', Name: 'Seats', Types: ['Entitled'] }];

  readonly answers: Answers = {
    ListChangeSets: (input) => ({ ChangeSetSummaryList: this.#list(input) }),
    StartChangeSet: (input) => this.#start(input),
    DescribeChangeSet: ({ changeSetId }) => this.#describe(String(changeSetId)),
    ListTagsForResource: ({ ResourceArn }) => ({
      ResourceArn,
      Tags: [...(this.tags.get(String(ResourceArn)) ?? [])].map(([Key, Value]) => ({ Key, Value })),
    }),
    TagResource: ({ ResourceArn, Tags }) => {
      for (const { Key, Value } of Tags as readonly Tag[]) this.#tag(String(ResourceArn), Key, Value);
      return {};
    },
    ListEntities: () => ({
      EntitySummaryList: this.offers.map(({ id }) => ({ EntityId: id, EntityArn: arnOf('Offer', id) })),
    }),
    DescribeEntity: ({ entityId }) => this.#entity(String(entityId)),
  };

  /** Ends the newest change set that runs. */
  end(status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED', failureCode?: string, errors: ChangeSet['errors'] = {}): void {
    const running = this.changeSets.findLast((each) => each.status === 'PREPARING');
    if (running === undefined) throw new Error('No change set runs.');
    running.status = status;
    running.errors = errors;
    if (failureCode !== undefined) running.failureCode = failureCode;
    if (status !== 'SUCCEEDED') return;
    const creation = running.changes.find(({ ChangeType }) => ChangeType === 'CreateOffer');
    if (creation === undefined) return;
    running.offerId = `offer-${this.offers.length + 1}`;
    this.offers.push({ id: running.offerId, details: { State: 'Released' } });
    for (const { Key, Value } of creation.EntityTags ?? []) this.#tag(arnOf('Offer', running.offerId), Key, Value);
  }

  catchUp(): void {
    for (const changeSet of this.changeSets) changeSet.isHidden = false;
  }

  /** AWS forgets change sets after sixty days. */
  forget(): void {
    this.changeSets.length = 0;
  }

  #list({ FilterList }: Input): readonly object[] {
    const [filter] = FilterList as readonly { readonly ValueList: readonly string[] }[];
    const found = this.changeSets.filter(
      ({ name, isHidden }) => !isHidden && filter?.ValueList.includes(name) === true,
    );
    return found.toReversed().map(({ id, name, status, failureCode }) => ({
      ChangeSetId: id,
      ChangeSetArn: arnOf('ChangeSet', id),
      ChangeSetName: name,
      StartTime: this.startedAt,
      Status: status,
      FailureCode: failureCode ?? null,
    }));
  }

  #start(input: Input): object {
    const request = JSON.stringify(input);
    const former = this.changeSets.find(({ token }) => token === input.ClientRequestToken);
    if (former !== undefined) {
      if (former.request === request || this.onOtherRequest === 'answer-first') return { ChangeSetId: former.id };
      throw new AwsRefusal('ValidationException', 'The ClientRequestToken was used for another request.');
    }
    const id = `cs${String(this.changeSets.length + 1).padStart(3, '0')}`;
    this.changeSets.push({
      id,
      name: String(input.ChangeSetName),
      token: String(input.ClientRequestToken),
      request,
      changes: input.ChangeSet as ChangeSet['changes'],
      status: 'PREPARING',
      isHidden: this.isLagging,
      errors: {},
    });
    for (const { Key, Value } of input.ChangeSetTags as readonly Tag[]) this.#tag(arnOf('ChangeSet', id), Key, Value);
    return { ChangeSetId: id, ChangeSetArn: arnOf('ChangeSet', id) };
  }

  #describe(id: string): object {
    const changeSet = this.changeSets.find((each) => each.id === id);
    if (changeSet === undefined) throw new AwsRefusal('ResourceNotFoundException', 'none', 404);
    const { status, failureCode, errors, changes, offerId } = changeSet;
    return {
      ChangeSetId: id,
      Status: status,
      FailureCode: failureCode ?? null,
      ChangeSet: changes.map(({ ChangeType }) => ({
        ChangeType,
        Entity: { Type: 'Offer@1.0', ...(offerId === undefined ? {} : { Identifier: `${offerId}@1` }) },
        ErrorDetailList: errors[ChangeType] === undefined ? [] : [errors[ChangeType]],
      })),
    };
  }

  #entity(id: string): object {
    if (id.startsWith('prod-')) {
      return entityOf('SaaSProduct', id, { Dimensions: this.dimensions });
    }
    const offer = this.offers.find((each) => each.id === id);
    if (offer === undefined) throw new AwsRefusal('ResourceNotFoundException', 'none', 404);
    return entityOf('Offer', id, offer.details);
  }

  #tag(arn: string, key: string, value: string): void {
    const known = this.tags.get(arn) ?? new Map<string, string>();
    this.tags.set(arn, known.set(key, value));
  }
}

export function entityOf(type: string, id: string, details: object, lastModified = '2026-03-01T09:00:00Z'): object {
  return {
    EntityType: `${type}@1.0`,
    EntityIdentifier: `${id}@3`,
    EntityArn: arnOf(type, id),
    LastModifiedDate: lastModified,
    DetailsDocument: details,
  };
}

export function arnOf(type: string, id: string): string {
  return `arn:aws:aws-marketplace:us-east-1:111122223333:AWSMarketplace/${type}/${id}`;
}
