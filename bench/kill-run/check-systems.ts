import { type CompanyLedger, type HeldCompany, otherSide, type SharedField, type SideName } from './kill-run-ledger.ts';

/** Something that must not be: a loss, a duplicate, a difference. */
export interface Violation {
  readonly what: 'lost-record' | 'duplicate-record' | 'duplicate-hub-id' | 'lost-edit' | 'different' | 'strange-record';
  /** The domain of the company, and what about it. */
  readonly detail: string;
}

/** All live companies of both systems. */
export type Systems = Readonly<Record<SideName, readonly HeldCompany[]>>;

const SIDES: readonly SideName[] = ['salesforce', 'hubspot'];
const SHARED: readonly SharedField[] = ['name', 'phone'];

/** What the hub asks a person to look at, as far as it matters here. */
export interface AskedProblem {
  readonly cause: string;
  readonly connection: string;
  readonly externalId?: string;
  readonly candidates?: readonly string[];
}

/** What came of the check. */
export interface Verdict {
  readonly violations: readonly Violation[];
  /** Problems that nothing people did explains. */
  readonly unexplained: readonly AskedProblem[];
  /** Companies made on both sides in one moment that a system has twice, and a problem says so. */
  readonly twinsTwice: number;
}

/**
 * Holds what two systems have in the end to what people did in them. It knows nothing of the hub:
 *
 * - *Nothing lost*: every company is in both systems; the last mark a side wrote into its own field is in both; of two values
 *   written into one field on both sides in the same moment one is in both.
 * - *Nothing twice*: no two live companies of one domain in a system, no hub id in two records of a system, and no
 *   company that nobody made.
 *
 * One duplicate is nobody's fault: a company that people make on both sides before the hub knows of the second. It counts as
 * explained if a person is asked about these very records; and no other problem does.
 */
export function checkSystems(
  ledger: readonly CompanyLedger[],
  systems: Systems,
  problems: readonly AskedProblem[],
): Verdict {
  const byDomain = {
    salesforce: Map.groupBy(systems.salesforce, ({ domain }) => domain),
    hubspot: Map.groupBy(systems.hubspot, ({ domain }) => domain),
  };
  const known = new Set(ledger.map(({ domain }) => domain));
  const explaining = new Set<AskedProblem>();
  const violations = [
    ...SIDES.flatMap((side) => hubIdFlaws(side, systems[side])),
    ...SIDES.flatMap((side) =>
      [...byDomain[side].keys()]
        .filter((domain) => !known.has(domain))
        .map((domain) => ({ what: 'strange-record' as const, detail: `${side} ${domain || 'without a domain'}` })),
    ),
    ...ledger.flatMap((company) => {
      const [inSalesforce = [], inHubspot = []] = SIDES.map((side) => byDomain[side].get(company.domain) ?? []);
      const explanation = company.isTwin ? explainTwin([...inSalesforce, ...inHubspot], problems) : undefined;
      if (explanation !== undefined && inSalesforce.length + inHubspot.length === 3) {
        explaining.add(explanation);
        return [];
      }
      const counts = [
        ...countFlaws(company.domain, 'salesforce', inSalesforce.length),
        ...countFlaws(company.domain, 'hubspot', inHubspot.length),
      ];
      const [salesforce] = inSalesforce;
      const [hubspot] = inHubspot;
      if (salesforce === undefined || hubspot === undefined) return counts;
      return [...counts, ...contentFlaws(company, { salesforce, hubspot })];
    }),
  ];
  return {
    violations,
    unexplained: problems.filter((problem) => !explaining.has(problem)),
    twinsTwice: explaining.size,
  };
}

/** The problem that names two of these records as the same. */
function explainTwin(records: readonly HeldCompany[], problems: readonly AskedProblem[]): AskedProblem | undefined {
  const ids = new Set(records.map(({ id }) => id));
  return problems.find(
    ({ cause, externalId, candidates = [] }) =>
      cause === 'duplicate' &&
      ids.has(externalId ?? '') &&
      candidates.some((candidate) => ids.has(candidate.split('#').at(-1) ?? '')),
  );
}

function countFlaws(domain: string, side: SideName, count: number): Violation[] {
  if (count === 1) return [];
  const detail = `${domain} is ${count} times in ${side}`;
  return [{ what: count === 0 ? 'lost-record' : 'duplicate-record', detail }];
}

function hubIdFlaws(side: SideName, companies: readonly HeldCompany[]): Violation[] {
  const byHubId = Map.groupBy(
    companies.filter(({ hubId }) => hubId !== undefined),
    ({ hubId }) => hubId,
  );
  return [...byHubId.values()]
    .filter(({ length }) => length > 1)
    .map((records) => ({
      what: 'duplicate-hub-id',
      detail: `${side} ${records.map(({ id, domain }) => `${id} (${domain})`).join(' and ')}`,
    }));
}

function contentFlaws(company: CompanyLedger, held: Readonly<Record<SideName, HeldCompany>>): Violation[] {
  const { domain, ownMarks, volleys } = company;
  const lostMarks = SIDES.flatMap((editor) => {
    const mark = ownMarks[editor];
    if (mark === undefined) return [];
    return [editor, otherSide(editor)]
      .filter((side) => held[side].marks[editor] !== mark)
      .map((side) => ({
        what: 'lost-edit' as const,
        detail: `${domain}: ${editor} wrote ${mark} last, ${side} has ${held[side].marks[editor]}`,
      }));
  });
  const lostVolleys = SHARED.flatMap((field) => {
    const written = volleys[field];
    const has = held.salesforce.shared[field];
    // A difference is told below.
    if (written === undefined || has !== held.hubspot.shared[field] || written.includes(has)) return [];
    return [{ what: 'lost-edit' as const, detail: `${domain}: ${field} is neither of what both sides wrote` }];
  });
  const unequalMarks = SIDES.filter((editor) => held.salesforce.marks[editor] !== held.hubspot.marks[editor]);
  const unequalShared = SHARED.filter((field) => held.salesforce.shared[field] !== held.hubspot.shared[field]);
  const unequal = [...unequalMarks.map((editor) => `what ${editor} wrote`), ...unequalShared];
  return [
    ...lostMarks,
    ...lostVolleys,
    ...unequal.map((field) => ({
      what: 'different' as const,
      detail: `${domain}: ${field} differs between the systems`,
    })),
  ];
}
