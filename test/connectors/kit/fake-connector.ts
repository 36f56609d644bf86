import type { Connector, ObjectConnector, Session } from '../../../connectors/kit/connector.ts';
import { type Fault, succeed } from '../../../domain/model/fault.ts';

/** What a fake vendor throws: its fault is classified as it says. */
export class FakeVendorError extends Error {
  readonly fault: Fault;
  readonly isExpired: boolean;

  constructor(fault: Fault, isExpired = false) {
    super(fault.code);
    this.fault = fault;
    this.isExpired = isExpired;
  }
}

/** The fake vendor's SDK: nothing but the session it was opened on. */
export interface FakeApi {
  readonly session: Session;
}

/** A connector to nothing, whose one object `thing` does as the test says; everything it was asked is counted. */
export function fakeConnector(thing: Partial<ObjectConnector<FakeApi>>): {
  readonly connector: Connector<FakeApi>;
  readonly counts: { authenticated: number; opened: number };
} {
  const counts = { authenticated: 0, opened: 0 };
  const connector: Connector<FakeApi> = {
    system: 'fake',
    auth: {},
    budgets: [{ name: 'calls', limit: 1_000_000, windowMs: 10_000, source: 'test' }],
    async authenticate() {
      counts.authenticated += 1;
      return succeed({ accessToken: `token-${counts.authenticated}` });
    },
    open(_settings, session) {
      counts.opened += 1;
      return { session };
    },
    classify: (error) =>
      error instanceof FakeVendorError
        ? error.fault
        : { kind: 'defect', code: 'UNFORESEEN', message: 'unforeseen', cause: error },
    isExpired: (error) => error instanceof FakeVendorError && error.isExpired,
    usage: () => [],
    account: async () => succeed({ accountId: 'a', owners: {} }),
    webhook: { bodyMax: 1, receive: () => ({ status: 400, code: 'malformed' }) },
    objects: {
      thing: {
        readMax: 3,
        writeMax: 2,
        read: async (_call, ids) => succeed(ids.map(() => ({ outcome: 'missing' }))),
        write: async (_call, _field, items) =>
          items.map(({ unifiedId }) => ({ outcome: 'written', externalId: unifiedId, created: true })),
        changes: async () => succeed({ ids: [], position: null, hasMore: false }),
        ...thing,
      },
    },
  };
  return { connector, counts };
}
