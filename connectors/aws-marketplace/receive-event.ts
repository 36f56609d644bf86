import * as z from 'zod';
import type { ConnectionSettings, EventReceipt, KeptEvent, VendorEvent, WebhookHint } from '../kit/connector.ts';
import { CATALOG } from './catalog.ts';
import { EVENT_TYPES, type EventUse, ROLES } from './event-types.ts';

/** The sources of the events this connector knows. */
export const eventSources: readonly string[] = Object.keys(EVENT_TYPES);

/** Any member may be missing or of another type than AWS says; that is found out where it is wanted. */
const loose = <T extends z.ZodType>(shape: T) => shape.optional().catch(undefined);
const agreementId = loose(z.string().regex(/^[\w/-]{1,64}$/));
const offerId = loose(z.string().regex(/^offer-[\w-]{1,249}$/));
const account = loose(z.object({ accountId: loose(z.string()) }));
const detailShape = z.object({
  catalog: z.unknown().optional(),
  Catalog: z.unknown().optional(),
  schemaVersion: z.unknown().optional(),
  agreement: loose(z.object({ id: agreementId, previousAgreementId: agreementId })),
  offer: loose(z.object({ id: offerId })),
  associatedOffers: loose(z.array(z.object({ offer: loose(z.object({ id: offerId })) }))),
  proposer: account,
  sellerOfRecord: account,
});
type Detail = z.infer<typeof detailShape>;

/** Versions of the events' shape that this connector knows: AWS gives these events none. */
const KNOWN_VERSIONS: ReadonlySet<unknown> = new Set([undefined, 1, '1', '1.0']);

/**
 * What an event says to a connection: which agreements and offers to read. Nothing in it is believed but ids. Pure, never throws.
 *
 * - Another account's, another catalog's, what we bought, what another seller offers: ignored, with the reason.
 * - A detail-type or version nobody knows is kept, and if it names an agreement or an offer, that is read as well.
 * - What has no record that could be read is kept: payments paused, security reports, agreements between a channel partner and its
 *   customer.
 */
export function receiveEvent(event: VendorEvent, settings: ConnectionSettings): EventReceipt {
  const { source, detailType } = event;
  if (settings.accountId !== undefined && event.account !== settings.accountId) return ignored('other-account');
  const parsed = detailShape.safeParse(event.detail);
  if (!parsed.success)
    return kept(event, 'malformed', { message: `AWS sent “${shown(detailType)}” in a shape nobody knows.` });
  const detail = parsed.data;
  const catalog = detail.catalog ?? detail.Catalog;
  if (typeof catalog === 'string' && catalog !== CATALOG) return ignored('other-catalog');

  const { type, role } = splitRole(detailType);
  if (role === 'Acceptor') return ignored('bought-by-us');
  const hints = hintsOf(detail);
  const known = knownType(source, type, role);
  if (known === undefined) {
    const message = `AWS sent an event “${shown(detailType)}”, which this version of the hub does not know.`;
    return { ...kept(event, 'unknown-type', { message, nextStep: upgrade }), hints: ours(hints, settings) };
  }
  if (!KNOWN_VERSIONS.has(detail.schemaVersion)) {
    const message = `AWS sent “${type}” in a version that this version of the hub does not know.`;
    return { ...kept(event, 'unknown-schema', { message, nextStep: upgrade }), hints: ours(hints, settings) };
  }
  const foreign = foreignRecord(event, detail, known.use, settings);
  if (foreign !== undefined) return foreign;
  return receiptOf(event, known, hints, settings);
}

const upgrade = 'Look whether a newer version of the hub knows it; until then, look it up at AWS.';

interface KnownType {
  readonly use: EventUse;
  readonly message?: string;
  readonly nextStep?: string;
}

function receiptOf(
  event: VendorEvent,
  { use, message, nextStep }: KnownType,
  hints: readonly WebhookHint[],
  settings: ConnectionSettings,
): EventReceipt {
  const told = { message: message ?? event.detailType, ...(nextStep === undefined ? {} : { nextStep }) };
  if (use === 'kept') return kept(event, 'no-record', told);
  if (use === 'change-set') return ignored('change-set');
  const object = use === 'offer' || use === 'offer-set' ? 'Offer' : 'Agreement';
  const wanted = hints.filter((hint) => hint.object === object);
  if (wanted.length === 0) {
    const nameless = `AWS sent “${event.detailType}” without the id of the ${object.toLowerCase()} it is about.`;
    return kept(event, 'malformed', {
      message: nameless,
      nextStep: 'The nightly look at all records finds what it was about.',
    });
  }
  const mapped = ours(wanted, settings);
  if (use === 'agreement-and-kept') return { ...kept(event, 'no-record', told), hints: mapped };
  return mapped.length === 0 ? ignored('object-not-synced') : { hints: mapped, ignored: {} };
}

/**
 * What AWS tells us although the record is another seller's: a channel partner's sale of our product, which only the partner can read,
 * and its offers.
 */
function foreignRecord(
  event: VendorEvent,
  { proposer, sellerOfRecord }: Detail,
  use: EventUse,
  { accountId }: ConnectionSettings,
): EventReceipt | undefined {
  if (accountId === undefined) return undefined;
  if (use === 'offer' && isOther(sellerOfRecord?.accountId, accountId)) return ignored('offer-of-another-seller');
  if (!isOther(proposer?.accountId, accountId)) return undefined;
  if (use !== 'agreement' && use !== 'agreement-and-kept') return undefined;
  return kept(event, 'no-record', {
    message: `A channel partner’s agreement on one of your products moved: ${splitRole(event.detailType).type}. Only the partner can read it.`,
    nextStep:
      'Look it up among the channel partner sales in the AWS Marketplace Management Portal, if you follow them.',
  });
}

function isOther(told: string | undefined, accountId: string): boolean {
  return told !== undefined && told !== accountId;
}

function splitRole(detailType: string): { readonly type: string; readonly role: string | undefined } {
  const role = ROLES.find((each) => detailType.endsWith(` - ${each}`));
  return role === undefined ? { type: detailType, role } : { type: detailType.slice(0, -` - ${role}`.length), role };
}

/** A type of agreements' without its role, or of the others with one, is a type nobody knows. */
function knownType(source: string, type: string, role: string | undefined): KnownType | undefined {
  const types = Object.hasOwn(EVENT_TYPES, source) ? EVENT_TYPES[source] : undefined;
  if (types === undefined || !Object.hasOwn(types, type)) return undefined;
  return (role !== undefined) === (source === 'aws.agreement-marketplace') ? types[type] : undefined;
}

function hintsOf({ agreement, offer, associatedOffers }: Detail): readonly WebhookHint[] {
  const agreements = [agreement?.id, agreement?.previousAgreementId].filter((id) => id !== undefined);
  const offers = [offer?.id, ...(associatedOffers ?? []).map((each) => each.offer?.id)].filter(
    (id) => id !== undefined,
  );
  return [
    ...[...new Set(agreements)].map((externalId) => ({ object: 'Agreement', externalId })),
    ...[...new Set(offers)].map((externalId) => ({ object: 'Offer', externalId })),
  ];
}

function ours(hints: readonly WebhookHint[], { objects }: ConnectionSettings): readonly WebhookHint[] {
  return hints.filter(({ object }) => objects.includes(object));
}

function ignored(reason: string): EventReceipt {
  return { hints: [], ignored: { [reason]: 1 } };
}

function kept(event: VendorEvent, why: KeptEvent['why'], told: Pick<KeptEvent, 'message' | 'nextStep'>): EventReceipt {
  return { hints: [], ignored: {}, kept: { why, ...told, facts: factsOf(event.detail) } };
}

const factsMax = 20;
const factLengthMax = 255;
/** How deep an event's ids lie at most, and how much of one is looked at. */
const depthMax = 3;

/** Ids, states, times and amounts, by their path; no names and no texts that people wrote. */
function factsOf(detail: unknown): Readonly<Record<string, string>> {
  const facts: Record<string, string> = {};
  const collect = (value: unknown, path: string, depth: number): void => {
    if (Object.keys(facts).length >= factsMax) return;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      if (isFact(path)) facts[path] = String(value).slice(0, factLengthMax);
      return;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value) || depth >= depthMax) return;
    for (const [key, inner] of Object.entries(value).slice(0, factsMax)) {
      collect(inner, path === '' ? key : `${path}.${key}`, depth + 1);
    }
  };
  collect(detail, '', 0);
  return facts;
}

function isFact(path: string): boolean {
  return (
    path.length <= factLengthMax &&
    /(?:id|arn|code|status|amount|time|date|at|version|catalog|tcv|currency|intent|issues)$/i.test(path)
  );
}

/** A detail-type is AWS's, but may be anything in an event somebody forged or AWS never sent before. */
function shown(detailType: string): string {
  return detailType.slice(0, 120);
}
