import type { Hono } from 'hono';
import * as z from 'zod';
import { isKind, KINDS, type Kind } from '../../domain/model/kind.ts';
import { decideByPerson } from '../../domain/pipeline/decide-by-person.ts';
import { describeRecord } from '../../domain/pipeline/describe-record.ts';
import { mergeByPerson, unmergeByPerson } from '../../domain/pipeline/merge/merge-by-person.ts';
import { mergeIdOf } from '../../domain/pipeline/merge/merge-records.ts';
import { previewMerge, previewUnmerge } from '../../domain/pipeline/merge/preview-merge.ts';
import { remarkOf } from '../../domain/pipeline/merge/unmerge-records.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';
import { tellShadows } from '../../domain/pipeline/problems/report-shadow.ts';
import { ApiFault } from './api-fault.ts';
import { callerOf } from './caller.ts';
import type { ApiContext } from './hub-api.ts';
import { body, idByRef, noSuchRecord } from './request-parts.ts';

const decisionBody = z.object({
  values: z.record(z.string().max(64), z.union([z.string().max(500), z.boolean(), z.null()])),
  note: z.string().max(500).exactOptional(),
});

/** Records with their provenance and journal, by id, by external reference or by match key; merging two, and undoing that; GET shows what it would do. */
export function recordRoutes(api: Hono, { runtime }: ApiContext): void {
  api.get('/records/:kind/:id', async (http) => {
    const { hub } = await runtime();
    return http.json(await describe(hub, kindOf(http.req.param('kind')), http.req.param('id')));
  });

  api.get('/records/:kind', async (http) => {
    const { hub } = await runtime();
    const kind = kindOf(http.req.param('kind'));
    const { ref, key } = http.req.query();
    if (ref !== undefined) return http.json(await describe(hub, kind, await idByRef(hub, kind, ref, 'record')));
    if (key !== undefined) return http.json(await describe(hub, kind, await byKey(hub, kind, key)));
    throw new ApiFault(400, 'Say which record: ?ref=<connection>:<object>:<externalId> or ?key=<type>:<value>.');
  });

  api.get('/records/:kind/:id/merge', async (http) => {
    const { hub } = await runtime();
    const kind = kindOf(http.req.param('kind'));
    const survivor = http.req.param('id');
    const other = http.req.query('other') ?? '';
    const answer = await previewMerge(hub, kind, survivor, other);
    if (answer.end === 'done') return http.json(answer.preview);
    throw answer.end === 'unknown' ? await noSuchTwo(hub, kind, [survivor, other]) : busy();
  });

  api.post('/records/:kind/:id/merge', async (http) => {
    const { hub } = await runtime();
    const kind = kindOf(http.req.param('kind'));
    const survivor = http.req.param('id');
    const other = http.req.query('other') ?? '';
    const end = await mergeByPerson(hub, kind, survivor, other, callerOf(http));
    if (end === 'done') {
      return http.json({ merge: mergeIdOf(survivor, other), remarks: await tellShadows(hub, kind, survivor) });
    }
    throw end === 'unknown' ? await noSuchTwo(hub, kind, [survivor, other]) : busy();
  });

  api.post('/records/:kind/:id/decision', async (http) => {
    const { hub } = await runtime();
    const kind = kindOf(http.req.param('kind'));
    const id = http.req.param('id');
    const { values, note } = await body(http, decisionBody);
    const said = { kind, id, values, by: callerOf(http), ...(note === undefined ? {} : { note }) };
    const answer = await decideByPerson(hub, said);
    if (answer.end === 'done') return http.json({ decided: id });
    if (answer.end === 'refused') throw new ApiFault(409, answer.reason);
    throw answer.end === 'unknown' ? noSuchRecord(kind, id) : busy();
  });

  api.get('/merges/:id/unmerge', async (http) => {
    const { hub } = await runtime();
    const mergeId = http.req.param('id');
    const answer = await previewUnmerge(hub, mergeId);
    if (answer.end === 'done') return http.json(answer.preview);
    throw answer.end === 'unknown' ? noSuchMerge(mergeId) : busy();
  });

  api.post('/merges/:id/unmerge', async (http) => {
    const { hub } = await runtime();
    const mergeId = http.req.param('id');
    const answer = await unmergeByPerson(hub, mergeId, callerOf(http));
    if (answer.end === 'done') return http.json({ unmerged: mergeId, remarks: answer.goneInSystems.map(remarkOf) });
    throw answer.end === 'unknown' ? noSuchMerge(mergeId) : busy();
  });
}

/** Why the two cannot be merged, each by itself. */
async function noSuchTwo(hub: Hub, kind: Kind, ids: readonly [string, string]): Promise<ApiFault> {
  if (ids[0] === ids[1]) return new ApiFault(404, `Say two ${kind} records; ${ids[0]} is one.`);
  const records = await hub.store.readUnified(kind, ids);
  const reasons = ids.flatMap((id) => {
    const record = records.get(id);
    if (record === undefined) return [`There is no ${kind} ${id}.`];
    if (record.mergedInto !== undefined) return [`The ${kind} ${id} is part of ${record.mergedInto}.`];
    return record.state === 'erased' ? [`The ${kind} ${id} is erased.`] : [];
  });
  const more = 'npx hub record shows a record and its id.';
  return new ApiFault(404, `The two cannot be merged. ${[...reasons, more].join(' ')}`);
}

function noSuchMerge(mergeId: string): ApiFault {
  return new ApiFault(
    409,
    `There is no merge ${mergeId} to undo: it is unknown, undone already, or went on into a later one, which is undone first.`,
  );
}

function busy(): ApiFault {
  return new ApiFault(409, 'One of the records is being written just now; try again.');
}

function kindOf(text: string): Kind {
  if (isKind(text)) return text;
  throw new ApiFault(404, `There is no kind ${text}; the kinds are ${KINDS.join(', ')}.`);
}

async function describe(hub: Hub, kind: Kind, id: string): Promise<object> {
  const record = await describeRecord(hub, kind, id);
  if (record === undefined) throw noSuchRecord(kind, id);
  return record;
}

async function byKey(hub: Hub, kind: Kind, text: string): Promise<string> {
  const colon = text.indexOf(':');
  if (colon < 1) throw new ApiFault(400, `${text} is not <type>:<value>.`);
  const key = { kind, type: text.slice(0, colon), value: text.slice(colon + 1) };
  const [id] = (await hub.store.readKeys([key])).values();
  if (id === undefined) throw new ApiFault(404, `No ${kind} holds the key ${text}.`);
  return id;
}
