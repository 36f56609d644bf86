import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** What the hub counts, by outcome. */
export interface HubMetrics {
  count(name: string, by?: number): void;
  /** Writes what was counted since the last time as one line in CloudWatch's embedded metric format. */
  flush(): void;
}

/** Calls that a system refused for the connection's credentials, or that could not be made without any; there is an alarm on it. */
export const CREDENTIAL_METRIC = 'CredentialProblem';

/** Calls for people's changes that wait because the day's allowance of a connection is used up; there is an alarm on it. */
export const DAY_SPENT_METRIC = 'DayAllowanceSpent';

/** Counters through Powertools, which takes namespace and service from the function's environment. */
export function hubMetrics(metrics: Metrics = new Metrics()): HubMetrics {
  return {
    count(name, by = 1) {
      metrics.addMetric(name, MetricUnit.Count, by);
    },
    flush() {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
