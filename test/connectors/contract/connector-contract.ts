import { describe } from 'vitest';
import { contractBench } from './contract-bench.ts';
import type { ContractSubject } from './contract-stage.ts';
import { describeLimitsContract } from './limits-contract.ts';
import { describeReadingContract } from './reading-contract.ts';
import { describeSweepingContract } from './sweeping-contract.ts';
import { describeWebhookContract } from './webhook-contract.ts';
import { describeWritingContract } from './writing-contract.ts';

/** What every connector promises, checked against its system's simulator. One call a connector; its quirks are tested beside it. */
export function describeConnectorContract<Api>(name: string, subject: ContractSubject<Api>): void {
  describe(`the ${name} connector keeps the contract`, () => {
    const bench = contractBench(subject);
    describeReadingContract(subject, bench);
    describeSweepingContract(subject, bench);
    describeWritingContract(subject, bench);
    describeLimitsContract(subject, bench);
    if (subject.connector.webhook !== undefined) describeWebhookContract(subject, bench);
  });
}
