/** One thing a connector does at AWS, so that the hub's functions may do exactly that: policies are made from these. */
export interface AwsPermission {
  /** As IAM names it, e.g. `aws-marketplace:DescribeAgreement`. */
  readonly action: string;
  /** What the connector needs it for. */
  readonly why: string;
  /** What it may be done to; absent: the action knows no resources, and `*` is the only thing to say. */
  readonly resources?: readonly string[];
}
