/**
 * One thing a connector does at AWS, so that the hub's functions may do exactly that: policies are made from these. None of the actions
 * knows resources before these exist.
 */
export interface AwsPermission {
  /** As IAM names it, e.g. `aws-marketplace:DescribeAgreement`. */
  readonly action: string;
  /** What the connector needs it for. */
  readonly why: string;
}
