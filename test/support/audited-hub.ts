import type { AuditDifference } from '../../domain/audit/difference.ts';
import {
  type AuditCursor,
  type AuditPage,
  type AuditRequest,
  auditPage,
} from '../../domain/pipeline/audit/audit-page.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';

/** One page of an audit; a fault is the test's failure. */
export async function auditOnePage(
  hub: Hub,
  connection: string,
  change: Partial<AuditRequest> = {},
  hasTime?: () => boolean,
): Promise<AuditPage> {
  const request: AuditRequest = {
    connection,
    object: 'thing',
    cursor: undefined,
    scope: undefined,
    isRepairing: false,
    ...change,
  };
  const page = await auditPage(hub, request, hasTime);
  if (!page.ok) throw new Error(page.fault.message);
  return page.value;
}

/** What an audit of several connections' `thing`s found. */
export interface WholeAudit {
  readonly looked: number;
  readonly same: number;
  readonly leftOut: number;
  readonly differences: readonly AuditDifference[];
  readonly windows: AuditPage['windows'];
  readonly queued: AuditPage['queued'];
}

const PAGES_MAX = 1_000;

/** Audits connections from end to end, as the command does, the cursor through JSON as the API's. */
export async function auditAll(
  hub: Hub,
  connections: readonly string[] = hub.connections.map(({ id }) => id),
  isRepairing = false,
): Promise<WholeAudit> {
  const pages: AuditPage[] = [];
  const scope = new Set(connections.map((id) => `${id}#thing`));
  for (const connection of connections) {
    let cursor: AuditCursor | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const found = await auditOnePage(hub, connection, { cursor, scope, isRepairing });
      pages.push(found);
      if (!found.hasMore) break;
      cursor = JSON.parse(JSON.stringify(found.cursor));
    }
  }
  const sum = (of: (page: AuditPage) => number): number => pages.reduce((total, page) => total + of(page), 0);
  return {
    looked: sum(({ looked }) => looked),
    same: sum(({ same }) => same),
    leftOut: sum(({ leftOut }) => leftOut),
    differences: pages.flatMap(({ differences }) => differences),
    windows: pages.flatMap(({ windows }) => windows),
    queued: { notices: sum(({ queued }) => queued.notices), deliveries: sum(({ queued }) => queued.deliveries) },
  };
}

/** Differences in short: `two two-1 differs name:behind`. */
export function inShort(differences: readonly AuditDifference[]): readonly string[] {
  return differences.map(({ what, connection, externalId, reasons }) =>
    [connection, externalId ?? '-', what, ...Object.entries(reasons).map(([field, why]) => `${field}:${why}`)].join(
      ' ',
    ),
  );
}
