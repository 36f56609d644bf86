import type { AwsResult } from '../aws/aws-result.ts';
import { answered } from '../aws/aws-result.ts';
import { accountEvents } from './account-events.ts';
import type { InvitationPayload } from './engagement-requests.ts';
import type { PartnerAccount } from './partner-account.ts';
import type { Catalog, Engagement, Invitation, Member, Opportunity } from './records.ts';
import { conflict } from './service-faults.ts';
import { nanosOf, stampOf } from './stamps.ts';

/** AWS as a member of engagements. */
export const AWS_MEMBER: Member = { accountId: 'aws', companyName: 'AWS', websiteUrl: 'www.aws.com' };

const EXPIRES_AFTER_MS = 15 * 86_400_000;

/** AWS shares an opportunity of its own: keeps it, hidden, and invites the partner to it. */
export function shareReferral(account: PartnerAccount, opportunity: Opportunity): Invitation {
  const { fields, catalog } = opportunity;
  const { Customer, Project, LifeCycle } = fields;
  const customer = Customer?.Account;
  const engagement = newEngagement(account, {
    catalog,
    title: (Project?.Title ?? '').slice(0, 40),
    description: (Project?.CustomerBusinessProblem ?? '').slice(0, 255),
    creator: AWS_MEMBER,
    contexts: [],
  });
  account.opportunities.put({ ...opportunity, engagementId: engagement.id });
  return openInvitation(account, engagement, {
    participant: 'RECEIVER',
    message: 'AWS shares a referral with you. Accepting it puts the opportunity into your pipeline.',
    sender: AWS_MEMBER,
    receiver: { accountId: account.id, alias: account.companyName },
    opportunityId: opportunity.id,
    payload: {
      OpportunityInvitation: {
        Customer: {
          CompanyName: customer?.CompanyName ?? '',
          CountryCode: customer?.Address?.CountryCode ?? 'US',
          Industry: customer?.Industry ?? 'Other',
          WebsiteUrl: customer?.WebsiteUrl ?? '',
        },
        Project: {
          BusinessProblem: Project?.CustomerBusinessProblem ?? '',
          ExpectedCustomerSpend: Project?.ExpectedCustomerSpend ?? [],
          TargetCompletionDate: LifeCycle?.TargetCloseDate ?? '',
          Title: Project?.Title ?? '',
        },
        ReceiverResponsibilities: ['Services Partner', 'Software Partner'],
        SenderContacts: [
          { BusinessTitle: 'PDM', Email: 'pdm@amazon.example', FirstName: 'Partner', LastName: 'Development Manager' },
        ],
      },
    },
  });
}

/** A new engagement. AWS's own are told of only to members, so the partner hears of its own. */
export function newEngagement(
  account: PartnerAccount,
  made: Pick<Engagement, 'catalog' | 'title' | 'description' | 'contexts'> & { readonly creator: Member },
): Engagement {
  const { creator, ...engagement } = made;
  const stamp = account.stamp();
  const kept: Engagement = {
    ...engagement,
    id: account.newId('eng'),
    createdAt: stamp,
    createdBy: creator.accountId,
    modifiedAt: stamp,
    modifiedBy: creator.accountId,
    members: [creator],
  };
  account.engagements.put(kept);
  if (creator.accountId === account.id) account.tell(accountEvents.engagementCreated(kept));
  return kept;
}

/** Sends an invitation to an engagement; it expires after 15 days. */
export function openInvitation(
  account: PartnerAccount,
  engagement: Engagement,
  sent: Pick<Invitation, 'participant' | 'message' | 'sender' | 'receiver' | 'opportunityId'> & {
    readonly payload: InvitationPayload;
  },
): Invitation {
  const invitationDate = account.stamp();
  const expires = (nanosOf(invitationDate) ?? 0n) + BigInt(EXPIRES_AFTER_MS) * 1_000_000n;
  const kept: Invitation = {
    ...sent,
    id: account.newId('engi'),
    catalog: engagement.catalog,
    engagementId: engagement.id,
    payloadType: sent.payload.LeadInvitation ? 'LeadInvitation' : 'OpportunityInvitation',
    status: 'PENDING',
    invitationDate,
    expirationDate: stampOf(expires, 9),
    expiresAt: account.now() + EXPIRES_AFTER_MS,
    rejectionReason: null,
  };
  account.invitations.put(kept);
  scheduleExpiry(account, kept);
  account.tell(accountEvents.invitation('Created', kept));
  return kept;
}

/** The receiver joins the engagement. An opportunity that comes with the invitation is seen only by `revealOpportunity`. */
export function acceptInvitation(account: PartnerAccount, invitation: Invitation, receiver: Member): AwsResult {
  if (invitation.status !== 'PENDING') return notPending();
  const accepted: Invitation = { ...invitation, status: 'ACCEPTED' };
  account.invitations.put(accepted);
  account.tell(accountEvents.invitation('Accepted', accepted));
  const engagement = account.engagements.get(invitation.engagementId);
  if (engagement !== undefined) addMember(account, engagement, receiver);
  return answered();
}

export function addMember(account: PartnerAccount, engagement: Engagement, member: Member): void {
  if (engagement.members.some(({ accountId }) => accountId === member.accountId)) return;
  const joined: Engagement = {
    ...engagement,
    members: [...engagement.members, member],
    modifiedAt: account.stamp(engagement.modifiedAt),
    modifiedBy: member.accountId,
  };
  account.engagements.put(joined);
  account.tell(accountEvents.memberAdded(joined, member));
}

export function rejectInvitation(account: PartnerAccount, invitation: Invitation, reason: string | null): AwsResult {
  if (invitation.status !== 'PENDING') return notPending();
  const rejected: Invitation = { ...invitation, status: 'REJECTED', rejectionReason: reason };
  account.invitations.put(rejected);
  account.tell(accountEvents.invitation('Rejected', rejected));
  return answered();
}

/** Ends an invitation nobody answered; one that was answered stays as it is. */
export function expireInvitation(account: PartnerAccount, id: string): boolean {
  const invitation = account.invitations.get(id);
  if (invitation?.status !== 'PENDING') return false;
  const expired: Invitation = { ...invitation, status: 'EXPIRED' };
  account.invitations.put(expired);
  account.tell(accountEvents.invitation('Expired', expired));
  return true;
}

/** The opportunity of an accepted referral appears in the partner's pipeline. */
export function revealOpportunity(account: PartnerAccount, id: string): Opportunity | undefined {
  const hidden = account.opportunities.get(id);
  if (hidden === undefined) return undefined;
  const seen: Opportunity = {
    ...hidden,
    isVisible: true,
    lastModifiedDate: account.lock(hidden.lastModifiedDate),
    snapshots: hidden.snapshots + 1,
  };
  account.opportunities.put(seen);
  account.tell(accountEvents.opportunity('Opportunity Created', seen));
  if (seen.engagementId !== null) account.tell(accountEvents.snapshot(seen, seen.engagementId, account.id));
  return seen;
}

export function scheduleExpiry(account: PartnerAccount, { id, expiresAt }: Invitation): void {
  account.agenda.add(expiresAt, () => void expireInvitation(account, id));
}

/** The invitation of that id in the catalog. */
export function findInvitation(account: PartnerAccount, catalog: Catalog, id: string): Invitation | undefined {
  const found = account.invitations.get(id);
  return found?.catalog === catalog ? found : undefined;
}

function notPending(): AwsResult {
  return conflict('The invitation is not pending any more.');
}
