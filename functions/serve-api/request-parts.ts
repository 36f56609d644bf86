import type { Context } from 'hono';
import type * as z from 'zod';
import { type ExternalRef, refKey } from '../../domain/model/external-ref.ts';
import type { Kind } from '../../domain/model/kind.ts';
import type { ConnectionInfo, Hub } from '../../domain/pipeline/ports.ts';
import { ApiFault } from './api-fault.ts';

/** The connection of this id. *Faults*: 404 naming those there are. */
export function connectionOf(hub: Hub, id: string): ConnectionInfo {
  const info = hub.connections.find((each) => each.id === id);
  if (info === undefined) throw noSuchConnection(hub, id);
  return info;
}

/** Says which objects a connection has to whoever named another. */
export function noSuchObject({ id, objects }: ConnectionInfo, object: string, status: 400 | 404): ApiFault {
  return new ApiFault(status, `${id} has no object ${object}; it has ${objects.join(', ')}.`);
}

/** Says which connections there are to whoever named another. */
export function noSuchConnection({ connections }: Hub, id: string): ApiFault {
  const there = connections.map((each) => each.id).join(', ');
  return new ApiFault(404, `There is no connection ${id}; there are ${there}.`);
}

/** Says how records are named to whoever named one that is not there. */
export function noSuchRecord(kind: Kind, id: string): ApiFault {
  return new ApiFault(
    404,
    `There is no ${kind} ${id}. Name it by its id in the hub, or as a system calls it: <connection>:<object>:<external id>.`,
  );
}

/**
 * The unified id of the record that a person names as `<connection>:<object>:<external id>`, or with `#` as the hub shows it; the
 * vendor's own id may have either sign in it. `command` is what they say that to. *Faults*: 400 for another form; 404 for one the
 * hub has not met, or that is of another kind.
 */
export async function idByRef(hub: Hub, kind: Kind, text: string, command: 'record' | 'erase'): Promise<string> {
  const [, connection = '', object = '', externalId = ''] = /^([^:#]+)[:#]([^:#]+)[:#](.+)$/.exec(text) ?? [];
  if (externalId === '') throw new ApiFault(400, `${text} is not <connection>:<object>:<externalId>.`);
  const ref = { connection, object, externalId };
  const id = (await hub.store.readRefs([ref])).get(refKey(ref));
  // What is configured no more may still be known.
  if (id === undefined) throw notMet(hub, ref);
  const theirs = hub.mapping(connection, object)?.kind ?? kind;
  if (theirs === kind) return id;
  throw new ApiFault(404, `${object} ${externalId} is a ${theirs}, no ${kind}: npx hub ${command} ${theirs} ${text}`);
}

function notMet(hub: Hub, { connection, object, externalId }: ExternalRef): ApiFault {
  const info = hub.connections.find(({ id }) => id === connection);
  if (info === undefined) return noSuchConnection(hub, connection);
  return info.objects.includes(object)
    ? new ApiFault(404, `The hub has not met ${object} ${externalId} of ${connection}.`)
    : noSuchObject(info, object, 404);
}

/** The body of a request in the shape asked for; an empty one counts as `{}`. *Faults*: 400 with what is wrong. */
export async function body<T>(http: Context, shape: z.ZodType<T>): Promise<T> {
  const text = await http.req.text();
  let content: unknown;
  try {
    content = text === '' ? {} : JSON.parse(text);
  } catch {
    // Said to the caller like any other flaw of the body.
    throw new ApiFault(400, 'The body is not JSON.');
  }
  const checked = shape.safeParse(content);
  if (!checked.success) throw new ApiFault(400, flawsIn(checked.error));
  return checked.data;
}

/** What is wrong with a request, in a line for whoever sent it: each part by its name. */
export function flawsIn({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
}
