import type { AwsPermission } from '../kit/aws/aws-permission.ts';

/** What the connector asks of AWS, and how each operation is to be treated. */
export interface Operation {
  /** The pool of the partner's quota it is taken from. */
  readonly pool: 'reads' | 'writes';
  /** Why the connector needs it; for the policy that allows it. */
  readonly why: string;
  /** Actions AWS takes in the caller's name while it carries the operation out, and which must be allowed as well. */
  readonly onBehalf?: readonly string[];
}

/**
 * Every operation the connector uses. All may be repeated without harm: creations and tasks carry a token that stands for the one
 * thing they make, updates carry the lock they were read with, and the rest set a state that can be set twice.
 *
 * *Source* of the pools: https://docs.aws.amazon.com/partner-central/latest/developer-guide/quotas.html; of what tasks do: the
 * documentation of the operations in the service model.
 */
export const operations = {
  GetOpportunity: { pool: 'reads', why: 'Events name opportunities; they are read to see what they hold.' },
  ListOpportunities: { pool: 'reads', why: 'Sweeps look for changes that no event told of.' },
  CreateOpportunity: { pool: 'writes', why: 'A deal that is to be shared becomes an opportunity.' },
  UpdateOpportunity: { pool: 'writes', why: 'Changes of a deal are carried over.' },
  AssociateOpportunity: { pool: 'writes', why: 'The solution and the private offer are named.' },
  DisassociateOpportunity: { pool: 'writes', why: 'A solution or offer that was replaced is taken away.' },
  StartEngagementFromOpportunityTask: {
    pool: 'writes',
    why: 'An opportunity is handed to AWS for review.',
    onBehalf: [
      'CreateEngagement',
      'CreateEngagementInvitation',
      'CreateResourceSnapshot',
      'CreateResourceSnapshotJob',
      'GetOpportunity',
      'SubmitOpportunity',
    ],
  },
  ListEngagementFromOpportunityTasks: { pool: 'reads', why: 'Handing over takes a while; this says how far it is.' },
  GetEngagementInvitation: { pool: 'reads', why: 'Events name invitations; they are read to see what they hold.' },
  ListEngagementInvitations: { pool: 'reads', why: 'Sweeps look for invitations that no event told of.' },
  StartEngagementByAcceptingInvitationTask: {
    pool: 'writes',
    why: 'An invitation that a person or a rule decided to accept is accepted.',
    onBehalf: [
      'AcceptEngagementInvitation',
      'CreateOpportunity',
      'CreateResourceSnapshotJob',
      'GetEngagementInvitation',
      'GetOpportunity',
      'StartResourceSnapshotJob',
    ],
  },
  ListEngagementByAcceptingInvitationTasks: { pool: 'reads', why: 'Accepting takes a while; this says how far it is.' },
  AcceptEngagementInvitation: {
    pool: 'writes',
    why: 'An invitation to a lead, of which no opportunity is made yet, is accepted at once.',
  },
  RejectEngagementInvitation: { pool: 'writes', why: 'An invitation that was decided against is declined.' },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationName = keyof typeof operations;

/**
 * The IAM actions the hub's role needs for a connection, each with the reason. They can be allowed for one catalog only, by the condition
 * key `partnercentral:Catalog`.
 * *Source*: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awspartnercentralselling.html
 */
export const permissions: readonly AwsPermission[] = [
  ...Object.entries<Operation>(operations).reduce((actions, [name, { why, onBehalf = [] }]) => {
    actions.set(name, why);
    for (const action of onBehalf)
      if (!actions.has(action)) actions.set(action, `AWS does it in the hub's name. ${why}`);
    return actions;
  }, new Map<string, string>()),
].map(([action, why]) => ({ action: `partnercentral:${action}`, why }));
