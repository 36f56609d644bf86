import { parse } from 'yaml';
import { compileMappings } from '../../../domain/mapping/compile-mappings.ts';
import type { ConfiguredConnection } from '../../../functions/runtime/config.ts';
import { MAPPINGS_FOLDER, readMappingFiles } from '../../../local/cli/check-mappings.ts';
import type { AwsId, PlaceId, Setup } from '../plan/plan.ts';
import { SELLER } from '../world/marketplace-place.ts';
import { CATALOG } from '../world/partner-central-place.ts';
import type { Release } from './hub-runtime.ts';

type CompiledSet = Pick<Release, 'mappings' | 'vocabularies'>;

const compiled = new Map<string, CompiledSet>();

/**
 * The mappings as shipped, and as they might have been before: without the partner's phone in HubSpot. A run may begin with the
 * former and go over to the latter.
 */
function mappingSet(which: 'former' | 'shipped'): CompiledSet {
  const known = compiled.get(which);
  if (known !== undefined) return known;
  const documents: Record<string, unknown> = {};
  for (const { path, text } of readMappingFiles(MAPPINGS_FOLDER)) {
    const document = parse(text) as { version?: number; fields?: { hub: string }[] };
    if (path === FORMER_FILE && which === 'former')
      document.fields = document.fields?.filter(({ hub }) => hub !== 'phone') ?? [];
    if (path === FORMER_FILE && which === 'shipped') document.version = 2;
    documents[path] = document;
  }
  const answer = compileMappings(documents, { examples: 'skip' });
  if (!answer.ok) throw new Error(`mappings: ${answer.issues.map(({ reason }) => reason).join('; ')}`);
  compiled.set(which, answer.value);
  return answer.value;
}

const FORMER_FILE = 'hubspot/company.partner.yaml';

/** The connections of a world in the order of the configuration, as far as they are configured just now. */
export function releaseOf(which: 'former' | 'shipped', ids: readonly PlaceId[], setup: Setup): Release {
  return { ...mappingSet(which), connections: ids.map((id) => connectionOf(id, setup)) };
}

function connectionOf(id: PlaceId, setup: Setup): ConfiguredConnection {
  if (id === 'marketplace' || id === 'partner-central') return awsConnectionOf(id);
  const isPortal = id === 'portal';
  return {
    id,
    system: isPortal ? 'hubspot' : 'salesforce',
    baseUrl: `https://${id}.example`,
    auth: isPortal ? 'static-token' : 'client-credentials',
    objects: isPortal ? ['company', 'contact', 'deal', 'lead'] : ['Account', 'Contact', 'Opportunity', 'Lead'],
    direction: 'both',
    ceilings: isPortal ? { per10Seconds: setup.portalPer10Seconds } : {},
  };
}

function awsConnectionOf(id: AwsId): ConfiguredConnection {
  const isMarketplace = id === 'marketplace';
  return {
    id,
    system: isMarketplace ? 'aws-marketplace' : 'aws-partner-central',
    baseUrl: `https://${id}.example`,
    auth: 'access-key',
    accountId: SELLER,
    objects: isMarketplace ? ['Offer', 'Agreement'] : ['Opportunity', 'EngagementInvitation'],
    ...(isMarketplace ? {} : { options: { catalog: CATALOG } }),
    direction: 'both',
    ceilings: {},
  };
}
