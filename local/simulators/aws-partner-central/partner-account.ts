import type { Agenda } from '../aws/agenda.ts';
import { wholeSeconds } from '../aws/aws-event.ts';
import type { AwsResult } from '../aws/aws-result.ts';
import type { EventPublisher } from '../aws/event-publisher.ts';
import { ItemStore, type ItemTable } from '../aws/item-store.ts';
import { accountEvents, type EventContent, envelope } from './account-events.ts';
import { normalForm } from './changed-paths.ts';
import { idOf, opportunityIdOf, uuidOf } from './record-ids.ts';
import type {
  Catalog,
  Engagement,
  EngagementTask,
  Invitation,
  Member,
  Opportunity,
  Sequence,
  Solution,
  UsedToken,
} from './records.ts';
import { conflict } from './service-faults.ts';
import { type PartnerCentralOptions, partnerCentralDefaults } from './simulator-options.ts';
import { nextStamp, type StampDigits } from './stamps.ts';

/**
 * One partner's account in Partner Central: its records in both catalogs, and the few things that all operations need.
 * *Bounds*: state is held in memory; the service's daily limit of writes bounds how fast it grows.
 */
export class PartnerAccount {
  readonly id: string;
  readonly companyName: string;
  readonly taskMs: number;
  readonly isOpenAfterTheEnd: boolean;
  readonly refusesItsOwnNeed: boolean;
  readonly now: () => number;
  readonly agenda: Agenda;
  readonly store: ItemStore;
  readonly opportunities: ItemTable<Opportunity>;
  readonly engagements: ItemTable<Engagement>;
  readonly invitations: ItemTable<Invitation>;
  readonly tasks: ItemTable<EngagementTask>;
  readonly solutions: ItemTable<Solution>;
  readonly #tokens: ItemTable<UsedToken>;
  readonly #sequence: ItemTable<Sequence>;
  readonly #events: EventPublisher;
  readonly #digits: StampDigits;
  readonly #solutionOptions: NonNullable<PartnerCentralOptions['solutions']>;

  constructor(
    options: PartnerCentralOptions,
    parts: { readonly now: () => number; readonly agenda: Agenda; readonly events: EventPublisher },
  ) {
    this.id = options.accountId ?? partnerCentralDefaults.accountId;
    this.companyName = options.companyName ?? partnerCentralDefaults.companyName;
    this.taskMs = options.taskMs ?? partnerCentralDefaults.taskMs;
    this.isOpenAfterTheEnd = options.isOpenAfterTheEnd ?? false;
    this.refusesItsOwnNeed = options.refusesItsOwnNeed ?? false;
    this.now = parts.now;
    this.agenda = parts.agenda;
    this.#events = parts.events;
    this.#digits = options.stampDigits ?? partnerCentralDefaults.stampDigits;
    this.#solutionOptions = options.solutions ?? partnerCentralDefaults.solutions;
    this.store = new ItemStore(options.file);
    this.opportunities = this.store.table('opportunities');
    this.engagements = this.store.table('engagements');
    this.invitations = this.store.table('invitations');
    this.tasks = this.store.table('tasks');
    this.solutions = this.store.table('solutions');
    this.#tokens = this.store.table('tokens');
    this.#sequence = this.store.table('sequence');
    this.store.open();
    this.#registerSolutions();
  }

  /** The account as a member of engagements. */
  get member(): Member {
    return { accountId: this.id, companyName: this.companyName, websiteUrl: 'https://partner.example' };
  }

  /** The opportunity of that id the partner may see. */
  opportunity(catalog: Catalog, id: string): Opportunity | undefined {
    const found = this.opportunities.get(id);
    return found?.catalog === catalog && found.isVisible ? found : undefined;
  }

  newId(kind: 'opportunity' | 'eng' | 'engi' | 'task' | 'job'): string {
    const number = this.#next();
    return kind === 'opportunity' ? opportunityIdOf(number) : idOf(kind, this.id, number);
  }

  /** A stamp of the finest kind, which the service uses for all but opportunities. */
  stamp(previous?: string): string {
    return nextStamp(this.now(), this.#next(), 9, previous);
  }

  /** The stamp of a new or changed opportunity: its next lock. */
  lock(previous?: string): string {
    return nextStamp(this.now(), this.#digits === 3 ? 0 : this.#next(), this.#digits, previous);
  }

  /** Keeps a changed opportunity under a new lock and tells of it; an engagement it belongs to gets a new snapshot. */
  changeOpportunity(changed: Opportunity): Opportunity {
    const { engagementId } = changed;
    const kept: Opportunity = {
      ...changed,
      lastModifiedDate: this.lock(changed.lastModifiedDate),
      snapshots: changed.snapshots + (engagementId === null ? 0 : 1),
    };
    this.opportunities.put(kept);
    if (!kept.isVisible) return kept;
    this.tell(accountEvents.opportunity('Opportunity Updated', kept));
    if (engagementId !== null) this.tell(accountEvents.snapshot(kept, engagementId, this.id));
    return kept;
  }

  tell(content: EventContent): void {
    this.#events.emit(envelope(content, this.id, uuidOf('event', this.id, this.#next()), this.now()));
  }

  /**
   * Does a creation once for each client token: a call that repeats token and request gets the first answer again; one with
   * another request is refused. Refused creations do not use up their token.
   */
  once(
    operation: string,
    request: { readonly Catalog: Catalog; readonly ClientToken: string },
    create: () => AwsResult,
  ) {
    const id = `${operation}/${request.Catalog}/${request.ClientToken}`;
    const text = normalForm(request);
    const used = this.#tokens.get(id);
    if (used !== undefined) {
      return used.request === text
        ? ({ ok: true, body: used.answer } as const)
        : conflict('Conflicting client token submitted for a new request body.');
    }
    const result = create();
    if (result.ok) this.#tokens.put({ id, request: text, answer: result.body });
    return result;
  }

  /** Forgets all records; the registered solutions are there again. Ids go on, so that none comes twice. */
  reset(): void {
    const last = this.#sequence.get('sequence')?.last ?? 0;
    this.store.clear();
    this.#sequence.put({ id: 'sequence', last });
    this.#registerSolutions();
    this.store.commit();
  }

  #registerSolutions(): void {
    for (const { status = 'Active', category = 'Software Product', ...solution } of this.#solutionOptions) {
      if (this.solutions.get(solution.id) !== undefined) continue;
      this.solutions.put({ ...solution, status, category, createdDate: wholeSeconds(this.now()) });
    }
    this.store.commit();
  }

  #next(): number {
    const last = (this.#sequence.get('sequence')?.last ?? 0) + 1;
    this.#sequence.put({ id: 'sequence', last });
    return last;
  }
}
