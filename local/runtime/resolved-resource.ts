import type * as z from 'zod';
import { StartFault } from './start-fault.ts';

/** A resource with its references resolved. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Its physical name. */
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Reads the properties of a resource by a schema; what does not fit names the resource and the property. */
export function readProperties<Schema extends z.ZodType>(resource: ResolvedResource, schema: Schema): z.output<Schema> {
  const read = schema.safeParse(resource.properties);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new StartFault(
    `${resource.type} ${resource.logicalId}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'cannot be read'}`,
  );
}
