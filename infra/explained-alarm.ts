import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** An alarm's text, for the person it wakes. */
export interface AlarmStory {
  /** Who is hurt, and how: one sentence. */
  readonly whoIsHurt: string;
  /** What to do first: one sentence. */
  readonly firstStep: string;
}

/** An alarm cannot be made without its story. */
export interface ExplainedAlarmProps extends AlarmStory {
  /** After `Tributary-<stage>-`. */
  readonly name: string;
  readonly stage: string;
  readonly metric: IMetric;
  /** The alarm sounds when the metric is above this. */
  readonly above: number;
  /** Periods of the metric in a row that must be above; 1 by default. */
  readonly periods?: number;
  readonly topic: ITopic;
}

/** An alarm that says who is hurt and what to do first, and says it again when it is over. */
export class ExplainedAlarm extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: ExplainedAlarmProps) {
    super(scope, id);
    this.alarm = new Alarm(this, 'Alarm', {
      alarmName: `Tributary-${props.stage}-${props.name}`,
      alarmDescription: `Who is hurt: ${props.whoIsHurt} What to do first: ${props.firstStep}`,
      metric: props.metric,
      threshold: props.above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      // A quiet queue sends no data points; silence is not a fault.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const tell = new SnsAction(props.topic);
    this.alarm.addAlarmAction(tell);
    this.alarm.addOkAction(tell);
  }
}
