import { BatchApiRequestFactory as AssociationRequestFactory } from '@hubspot/api-client/lib/codegen/crm/associations/v4/apis/BatchApi.js';
import { createConfiguration as configureAssociations } from '@hubspot/api-client/lib/codegen/crm/associations/v4/configuration.js';
import { AssociationSpecAssociationCategoryEnum as AssociationCategory } from '@hubspot/api-client/lib/codegen/crm/associations/v4/models/AssociationSpec.js';
import { ServerConfiguration as AssociationServer } from '@hubspot/api-client/lib/codegen/crm/associations/v4/servers.js';
import { BasicApiRequestFactory } from '@hubspot/api-client/lib/codegen/crm/objects/apis/BasicApi.js';
import { BatchApiRequestFactory } from '@hubspot/api-client/lib/codegen/crm/objects/apis/BatchApi.js';
import { SearchApiRequestFactory } from '@hubspot/api-client/lib/codegen/crm/objects/apis/SearchApi.js';
import { createConfiguration } from '@hubspot/api-client/lib/codegen/crm/objects/configuration.js';
import { AssociationSpecAssociationCategoryEnum as Category } from '@hubspot/api-client/lib/codegen/crm/objects/models/AssociationSpec.js';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/objects/models/Filter.js';
import { ServerConfiguration } from '@hubspot/api-client/lib/codegen/crm/objects/servers.js';
import type * as z from 'zod';
import type { ConnectionSettings, Session } from '../kit/connector.ts';
import { HubspotAnswerError } from './answer-error.ts';
import {
  accountSchema,
  associatedBatchSchema,
  associationWriteSchema,
  ownersPageSchema,
  recordBatchSchema,
  recordPageSchema,
} from './answers.ts';
import type { HubspotApi, NewAssociation, RecordPair, SearchFilter } from './api.ts';
import { calledUrl, DEFAULT_BASE_URL, OWN_PATHS } from './api-version.ts';
import type { ObjectType } from './object-types.ts';
import { type LimitFigure, readLimits } from './rate-limits.ts';

/**
 * Opens HubSpot's API on a session.
 *
 * The SDK is used by its narrowest parts: the request factories, which know paths, parameters, serialisation and
 * authentication of every call. Sending is our own, over `fetch`, because that is what an abort signal, the limit headers and
 * the version table need; with it the SDK's retries (`numberOfApiCallRetries`) and its limiter are not switched off but absent.
 */
export function openHubspotApi(settings: ConnectionSettings, session: Session): HubspotApi {
  const baseUrl = (settings.baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, '');
  const authMethods = { oauth2: { accessToken: session.accessToken } };
  const objects = createConfiguration({ baseServer: new ServerConfiguration(baseUrl, {}), authMethods });
  const batches = new BatchApiRequestFactory(objects);
  const lists = new BasicApiRequestFactory(objects);
  const searches = new SearchApiRequestFactory(objects);
  const associations = new AssociationRequestFactory(
    configureAssociations({ baseServer: new AssociationServer(baseUrl, {}), authMethods }),
  );
  let limits: readonly LimitFigure[] = [];
  let refusedLineItems: HubspotAnswerError | undefined;

  async function send(request: SdkRequest, signal: AbortSignal): Promise<unknown> {
    const body = request.getBody();
    if (body !== undefined && typeof body !== 'string') throw new TypeError('HubSpot calls carry JSON text only.');
    const answer = await fetch(calledUrl(request.getUrl()), {
      method: request.getHttpMethod(),
      headers: { ...request.getHeaders(), 'User-Agent': userAgent },
      ...(body === undefined ? {} : { body }),
      signal,
      // A redirect would carry the token to another address.
      redirect: 'manual',
    });
    limits = readLimits((name) => answer.headers.get(name));
    const parsed = parseJson(await answer.text());
    if (!answer.ok) throw new HubspotAnswerError(answer.status, parsed, answer.headers.get('retry-after'));
    return answer.status === 204 ? {} : parsed;
  }

  async function ask<Schema extends z.ZodType>(
    request: Promise<SdkRequest> | SdkRequest,
    schema: Schema,
    signal: AbortSignal,
  ): Promise<z.output<Schema>> {
    const answer = schema.safeParse(await send(await request, signal));
    // A success that cannot be read is an answer lost: the status says to the classification that the work may be done.
    if (!answer.success) throw new HubspotAnswerError(200, undefined);
    return answer.data;
  }

  /** Line items are asked for with every read and sweep of deals: an app that may not see them is refused once a session, not each time. */
  async function askOnceRefused<T>({ object }: ObjectType, act: () => Promise<T>): Promise<T> {
    if (object !== 'line_item') return act();
    if (refusedLineItems !== undefined) throw refusedLineItems;
    try {
      return await act();
    } catch (error) {
      // Looked at on its way out, not handled.
      if (error instanceof HubspotAnswerError && error.status === 403) refusedLineItems = error;
      throw error;
    }
  }

  const get = (path: string): SdkRequest => ({
    getUrl: () => `${baseUrl}${path}`,
    getHttpMethod: () => 'GET',
    getHeaders: () => ({ Accept: 'application/json', Authorization: `Bearer ${session.accessToken}` }),
    getBody: () => undefined,
  });

  return {
    readBatch(type, { ids, properties, idProperty, isArchived = false }, signal) {
      const input = {
        inputs: ids.map((id) => ({ id })),
        properties: [...properties],
        propertiesWithHistory: [],
        ...(idProperty === undefined ? {} : { idProperty }),
      };
      return ask(batches.read(type.path, input, isArchived), recordBatchSchema, signal);
    },

    createBatch(type, inputs, signal) {
      const input = {
        inputs: inputs.map(({ traceId, properties, associations: wanted }) => ({
          objectWriteTraceId: traceId,
          properties: { ...properties },
          associations: wanted.map(toAssociationInput),
        })),
      };
      return ask(batches.create(type.path, input), recordBatchSchema, signal);
    },

    updateBatch(type, inputs, signal) {
      const input = {
        inputs: inputs.map(({ traceId, id, properties }) => ({
          objectWriteTraceId: traceId,
          id,
          properties: { ...properties },
        })),
      };
      return ask(batches.update(type.path, input), recordBatchSchema, signal);
    },

    upsertBatch(type, idProperty, inputs, signal) {
      const input = { inputs: inputs.map(({ id, properties }) => ({ id, idProperty, properties: { ...properties } })) };
      return ask(batches.upsert(type.path, input), recordBatchSchema, signal);
    },

    async archiveBatch(type, ids, signal) {
      await send(await batches.archive(type.path, { inputs: ids.map((id) => ({ id })) }), signal);
    },

    async search(type, { filters, sort, properties, limit }, signal) {
      // The server takes most of these as optional; the SDK's model and older servers want all of them.
      const input = {
        filterGroups: [{ filters: filters.map(toFilterInput) }],
        sorts: [sort],
        properties: [...properties],
        limit,
        after: '0',
      };
      const page = await askOnceRefused(type, () => ask(searches.doSearch(type.path, input), recordPageSchema, signal));
      return page.results;
    },

    list(type, { limit, after, isArchived }, signal) {
      const properties = ['hs_object_id'];
      const request = lists.getPage(type.path, limit, after, properties, undefined, undefined, isArchived);
      return ask(request, recordPageSchema, signal);
    },

    readAssociations(from, to, inputs, signal) {
      const input = { inputs: inputs.map((each) => ({ ...each })) };
      return askOnceRefused(to, () =>
        ask(associations.getPage(from.typeId, to.typeId, input), associatedBatchSchema, signal),
      );
    },

    async associate(from, to, typeId, pairs, signal) {
      const input = {
        inputs: pairs.map(({ fromId, toId }) => ({
          _from: { id: fromId },
          to: { id: toId },
          types: [{ associationCategory: AssociationCategory.HubspotDefined, associationTypeId: typeId }],
        })),
      };
      return (await ask(associations.create(from.typeId, to.typeId, input), associationWriteSchema, signal)).errors;
    },

    async part(from, to, pairs, signal) {
      const input = { inputs: groupPairs(pairs) };
      return (await ask(associations.archive(from.typeId, to.typeId, input), associationWriteSchema, signal)).errors;
    },

    owners(after, signal) {
      const query = new URLSearchParams({ limit: '100', ...(after === undefined ? {} : { after }) });
      return ask(get(`${OWN_PATHS.owners}?${query}`), ownersPageSchema, signal);
    },

    async accountId(signal) {
      return (await ask(get(OWN_PATHS.accountDetails), accountSchema, signal)).portalId;
    },

    limits: () => limits,
  };
}

/** The part of the SDK's request that is sent; its two trees of code have a class each. */
interface SdkRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getHeaders(): Record<string, string>;
  getBody(): unknown;
}

const userAgent = 'tributary';

function toAssociationInput({ toId, typeId }: NewAssociation) {
  return {
    to: { id: toId },
    types: [{ associationCategory: Category.HubspotDefined, associationTypeId: typeId }],
  };
}

const operators: Readonly<Record<SearchFilter['operator'], FilterOperatorEnum>> = {
  GTE: FilterOperatorEnum.Gte,
  GT: FilterOperatorEnum.Gt,
  EQ: FilterOperatorEnum.Eq,
};

function toFilterInput({ property, operator, value }: SearchFilter) {
  return { propertyName: property, operator: operators[operator], value };
}

function groupPairs(pairs: readonly RecordPair[]) {
  return [...Map.groupBy(pairs, ({ fromId }) => fromId)].map(([fromId, group]) => ({
    _from: { id: fromId },
    to: group.map(({ toId }) => ({ id: toId })),
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse has no other way to say it; the schema or the classification says what that means here.
    return undefined;
  }
}
