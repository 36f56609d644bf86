import {
  AcceptEngagementInvitationCommand,
  AssociateOpportunityCommand,
  CreateOpportunityCommand,
  DisassociateOpportunityCommand,
  GetEngagementInvitationCommand,
  GetOpportunityCommand,
  ListEngagementByAcceptingInvitationTasksCommand,
  ListEngagementFromOpportunityTasksCommand,
  ListEngagementInvitationsCommand,
  ListOpportunitiesCommand,
  PartnerCentralSellingClient,
  RejectEngagementInvitationCommand,
  StartEngagementByAcceptingInvitationTaskCommand,
  StartEngagementFromOpportunityTaskCommand,
  UpdateOpportunityCommand,
} from '@aws-sdk/client-partnercentral-selling';
import { awsClientConfig, type IdentityApi, openIdentity } from '../kit/aws/aws-client.ts';
import type { ConnectionSettings, Session } from '../kit/connector.ts';
import { passExactJson } from './exact-json.ts';
import type { Json } from './json.ts';
import type { OperationName } from './operations.ts';

/** The Selling API on a session. */
export interface PartnerCentralApi extends IdentityApi {
  /**
   * Carries out one operation in the connection's catalog. Members go out as they are given and come back as they came (timestamps as
   * text). *Faults*: throws the SDK's exceptions.
   */
  ask(operation: OperationName, input: Json, signal: AbortSignal): Promise<Json>;
}

/** The catalog a connection works in: production unless it says otherwise. */
export function catalogOf({ options }: ConnectionSettings): string {
  return options?.catalog ?? 'AWS';
}

/** Opens the SDK's client, without retries of its own. Every call names the connection's catalog. */
export function openPartnerCentral(settings: ConnectionSettings, session: Session): PartnerCentralApi {
  const client = new PartnerCentralSellingClient(awsClientConfig(settings, session));
  passExactJson(client);
  const Catalog = catalogOf(settings);
  return {
    identity: openIdentity(settings, session),
    async ask(operation, input, abortSignal) {
      const Command = commands[operation];
      const { $metadata: _metadata, ...answer } = await client.send(new Command({ Catalog, ...input }), {
        abortSignal,
      });
      return answer;
    },
  };
}

/** A command of the SDK, for which inputs and answers are the plain JSON that {@link passExactJson} makes of them. */
type JsonCommand = new (input: Json) => Parameters<PartnerCentralSellingClient['send']>[0];

/** Each is typed for its own input with `Date` in it, which is just what is avoided here. */
const commands = {
  AcceptEngagementInvitation: AcceptEngagementInvitationCommand,
  AssociateOpportunity: AssociateOpportunityCommand,
  CreateOpportunity: CreateOpportunityCommand,
  DisassociateOpportunity: DisassociateOpportunityCommand,
  GetEngagementInvitation: GetEngagementInvitationCommand,
  GetOpportunity: GetOpportunityCommand,
  ListEngagementByAcceptingInvitationTasks: ListEngagementByAcceptingInvitationTasksCommand,
  ListEngagementFromOpportunityTasks: ListEngagementFromOpportunityTasksCommand,
  ListEngagementInvitations: ListEngagementInvitationsCommand,
  ListOpportunities: ListOpportunitiesCommand,
  RejectEngagementInvitation: RejectEngagementInvitationCommand,
  StartEngagementByAcceptingInvitationTask: StartEngagementByAcceptingInvitationTaskCommand,
  StartEngagementFromOpportunityTask: StartEngagementFromOpportunityTaskCommand,
  UpdateOpportunity: UpdateOpportunityCommand,
} as unknown as Readonly<Record<OperationName, JsonCommand>>;
