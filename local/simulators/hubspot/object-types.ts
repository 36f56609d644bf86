/** The CRM objects this simulator keeps, by the name the API uses in its paths. */
export type ObjectType = 'contacts' | 'companies' | 'deals' | 'leads' | 'line_items';

export interface ObjectTypeFacts {
  readonly type: ObjectType;
  /** Used by generic webhooks and accepted in paths. */
  readonly objectTypeId: string;
  readonly singular: string;
  /** Names of the two properties the system itself keeps; they differ between objects. */
  readonly createdProperty: string;
  readonly modifiedProperty: string;
  /** What a read answers when it names no properties. */
  readonly defaultProperties: readonly string[];
  /** Properties a search by `query` looks at. */
  readonly queryProperties: readonly string[];
  readonly pipelineProperty?: string;
  readonly stageProperty?: string;
  /** Whether webhooks know it under its own name (`company.creation`); otherwise only as `object.creation`. */
  readonly hasNamedWebhooks: boolean;
}

/** https://developers.hubspot.com/docs/guides/crm/understanding-the-crm, checked November 2026. */
export const objectTypes: Readonly<Record<ObjectType, ObjectTypeFacts>> = {
  contacts: {
    type: 'contacts',
    objectTypeId: '0-1',
    singular: 'contact',
    createdProperty: 'createdate',
    modifiedProperty: 'lastmodifieddate',
    defaultProperties: ['email', 'firstname', 'lastname'],
    queryProperties: ['email', 'firstname', 'lastname', 'phone'],
    hasNamedWebhooks: true,
  },
  companies: {
    type: 'companies',
    objectTypeId: '0-2',
    singular: 'company',
    createdProperty: 'createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['domain', 'name'],
    queryProperties: ['name', 'domain', 'website', 'phone'],
    hasNamedWebhooks: true,
  },
  deals: {
    type: 'deals',
    objectTypeId: '0-3',
    singular: 'deal',
    createdProperty: 'createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
    queryProperties: ['dealname', 'description'],
    pipelineProperty: 'pipeline',
    stageProperty: 'dealstage',
    hasNamedWebhooks: true,
  },
  leads: {
    type: 'leads',
    objectTypeId: '0-136',
    singular: 'lead',
    createdProperty: 'hs_createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: [],
    queryProperties: ['hs_lead_name'],
    pipelineProperty: 'hs_pipeline',
    stageProperty: 'hs_pipeline_stage',
    hasNamedWebhooks: false,
  },
  line_items: {
    type: 'line_items',
    objectTypeId: '0-8',
    singular: 'line_item',
    createdProperty: 'createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['price', 'quantity'],
    queryProperties: ['name', 'hs_sku'],
    hasNamedWebhooks: true,
  },
};

export const objectTypeNames: readonly ObjectType[] = ['contacts', 'companies', 'deals', 'leads', 'line_items'];

/** The object a path names by plural, singular or objectTypeId, in any case; `undefined` for any other. */
export function findObjectType(name: string): ObjectTypeFacts | undefined {
  return byAnyName.get(name.toLowerCase());
}

const byAnyName = new Map(
  Object.values(objectTypes).flatMap((facts) =>
    [facts.type, facts.singular, facts.objectTypeId].map((name) => [name, facts] as const),
  ),
);
