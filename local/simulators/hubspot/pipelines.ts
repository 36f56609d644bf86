import type { ObjectType } from './object-types.ts';

export interface PipelineStage {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  /** All values are strings, also numbers and booleans. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly stages: readonly PipelineStage[];
}

/**
 * The pipelines of the simulated account. The first of each object is the one a record without a pipeline gets.
 * The deal pipeline `default` and the lead pipeline carry the ids every HubSpot account starts with; the second deal
 * pipeline has opaque numeric ids, as pipelines made by users have.
 */
export const standardPipelines: Readonly<Record<ObjectType, readonly Pipeline[]>> = {
  contacts: [],
  companies: [],
  deals: [
    {
      id: 'default',
      label: 'Sales Pipeline',
      displayOrder: 0,
      stages: [
        dealStage('appointmentscheduled', 'Appointment Scheduled', 0, '0.2'),
        dealStage('qualifiedtobuy', 'Qualified To Buy', 1, '0.4'),
        dealStage('presentationscheduled', 'Presentation Scheduled', 2, '0.6'),
        dealStage('decisionmakerboughtin', 'Decision Maker Bought-In', 3, '0.8'),
        dealStage('contractsent', 'Contract Sent', 4, '0.9'),
        dealStage('closedwon', 'Closed Won', 5, '1.0'),
        dealStage('closedlost', 'Closed Lost', 6, '0.0'),
      ],
    },
    {
      id: '48201733',
      label: 'Partner Pipeline',
      displayOrder: 1,
      stages: [
        dealStage('95310401', 'Registered', 0, '0.1'),
        dealStage('95310402', 'Qualified', 1, '0.3'),
        dealStage('95310403', 'Technical Validation', 2, '0.5'),
        dealStage('95310404', 'Business Validation', 3, '0.7'),
        dealStage('95310405', 'Committed', 4, '0.9'),
        dealStage('95310406', 'Won', 5, '1.0'),
        dealStage('95310407', 'Lost', 6, '0.0'),
      ],
    },
  ],
  leads: [
    {
      id: 'lead-pipeline-id',
      label: 'Lead pipeline',
      displayOrder: 0,
      stages: [
        leadStage('new-stage-id', 'New', 0, 'NEW'),
        leadStage('attempting-stage-id', 'Attempting', 1, 'IN_PROGRESS'),
        leadStage('connected-stage-id', 'Connected', 2, 'IN_PROGRESS'),
        leadStage('qualified-stage-id', 'Qualified', 3, 'QUALIFIED'),
        leadStage('unqualified-stage-id', 'Disqualified', 4, 'UNQUALIFIED'),
      ],
    },
  ],
  line_items: [],
};

function dealStage(id: string, label: string, displayOrder: number, probability: string): PipelineStage {
  const isClosed = probability === '1.0' || probability === '0.0';
  return { id, label, displayOrder, metadata: { isClosed: String(isClosed), probability } };
}

function leadStage(id: string, label: string, displayOrder: number, leadState: string): PipelineStage {
  return { id, label, displayOrder, metadata: { leadState } };
}
