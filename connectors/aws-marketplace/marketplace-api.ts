import { MarketplaceAgreementClient } from '@aws-sdk/client-marketplace-agreement';
import { MarketplaceCatalogClient } from '@aws-sdk/client-marketplace-catalog';
import { awsClientConfig, type IdentityApi, openIdentity } from '../kit/aws/aws-client.ts';
import type { ConnectionSettings, Session } from '../kit/connector.ts';
import { type ExactAnswer, type SentCommand, sendExactly } from './exact-answer.ts';
import type { Eula } from './offer-changes.ts';

/** The two APIs of AWS Marketplace a seller works with, on one session. */
export interface MarketplaceApi extends IdentityApi {
  /** Sends a command to the Catalog API, once. *Faults*: throws what the SDK throws. */
  catalog(command: SentCommand, signal: AbortSignal): Promise<ExactAnswer>;
  /** Sends a command to the Agreement API, once. *Faults*: throws what the SDK throws. */
  agreement(command: SentCommand, signal: AbortSignal): Promise<ExactAnswer>;
  /** The end-user licence agreement of the offers this connection makes. */
  readonly eula: Eula;
}

/** Opens both APIs, the SDK's retries off. Options of the connection: `eulaUrl`, a document of one's own instead of AWS's; `eulaVersion`. */
export function openMarketplace(settings: ConnectionSettings, session: Session): MarketplaceApi {
  const config = awsClientConfig(settings, session);
  const catalog = new MarketplaceCatalogClient(config);
  const agreement = new MarketplaceAgreementClient(config);
  const { eulaUrl: url, eulaVersion: version } = settings.options ?? {};
  return {
    identity: openIdentity(settings, session),
    catalog: (command, signal) => sendExactly(catalog, command, signal),
    agreement: (command, signal) => sendExactly(agreement, command, signal),
    eula: { url, version },
  };
}
