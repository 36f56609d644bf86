import type { DomainFacts } from '../mapping/canonical/web.ts';
import { isMailProvider, isPlatform, isRegistrySuffix } from './shared-domains.ts';

/**
 * What a domain says about whose it is.
 *
 * - `own`: registered by one company, which makes it evidence.
 * - `hosted`: one customer's place under a hosting company's suffix (`acme.myshopify.com`): a hint only, such places change hands.
 * - `shared`: a mail provider or a platform: no evidence at all.
 */
export type DomainStanding = 'own' | 'hosted' | 'shared';

/** Tells whose a domain is likely to be. */
export function domainStanding({ domain, host, suffix, isOnPrivateSuffix }: DomainFacts): DomainStanding {
  if (isMailProvider(domain) || isPlatform(domain) || isPlatform(host)) return 'shared';
  return isOnPrivateSuffix && !isRegistrySuffix(suffix) ? 'hosted' : 'own';
}
