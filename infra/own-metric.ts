import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FUNCTION_NAMES } from './function-names.ts';
import type { HubStage } from './stages-file.ts';

/** Counted by the functions: calls that a system refused for the connection's credentials, or that could not be made without any. */
export const CREDENTIAL_METRIC = 'CredentialProblem';

/** Counted by the functions: calls for people's changes that wait because the day's allowance of a connection is used up. */
export const DAY_SPENT_METRIC = 'DayAllowanceSpent';

/** The namespace of a stage's own metrics; Powertools adds the dimension `service`, the function's name. */
export function metricsNamespace(stage: HubStage): string {
  return `Tributary/${stage.name}`;
}

/** One of the hub's own counters, over all functions: the sum in five minutes. */
export function ownMetric(stage: HubStage, metricName: string): MathExpression {
  const usingMetrics = Object.fromEntries(
    FUNCTION_NAMES.map((service, index) => [
      `f${index}`,
      new Metric({ namespace: metricsNamespace(stage), metricName, dimensionsMap: { service }, statistic: 'Sum' }),
    ]),
  );
  return new MathExpression({
    expression: Object.keys(usingMetrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(' + '),
    label: metricName,
    period: Duration.minutes(5),
    usingMetrics,
  });
}
