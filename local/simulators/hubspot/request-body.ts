import * as z from 'zod';
import { type Outcome, refuse, succeed, validationError } from './api-error.ts';

const idSchema = z.union([z.string(), z.number()]).transform(String);
const propertiesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const associationSpecSchema = z.object({ associationCategory: z.string(), associationTypeId: z.int() });
const traceIdSchema = z.string().optional();

const associationsSchema = z
  .array(z.object({ to: z.object({ id: idSchema }), types: z.array(associationSpecSchema).min(1) }))
  .nullish()
  .transform((associations) => associations ?? []);

/** The bodies of the objects and associations APIs. What is not named here is ignored, as the vendor does. */
export const bodySchemas = {
  create: z.object({ properties: propertiesSchema, associations: associationsSchema }),
  update: z.object({ properties: propertiesSchema }),
  merge: z.object({ primaryObjectId: idSchema, objectIdToMerge: idSchema }),
  erase: z.object({ objectId: z.string(), idProperty: z.string().optional() }),
  batchCreate: z.object({
    inputs: z.array(
      z.object({ properties: propertiesSchema, associations: associationsSchema, objectWriteTraceId: traceIdSchema }),
    ),
  }),
  batchUpdate: z.object({
    inputs: z.array(
      z.object({
        id: idSchema,
        idProperty: z.string().nullish(),
        properties: propertiesSchema,
        objectWriteTraceId: traceIdSchema,
      }),
    ),
  }),
  batchRead: z.object({
    inputs: z.array(z.object({ id: idSchema })),
    properties: z.array(z.string()).nullish(),
    propertiesWithHistory: z.array(z.string()).nullish(),
    idProperty: z.string().nullish(),
  }),
  batchIds: z.object({ inputs: z.array(z.object({ id: idSchema })) }),
  associationTypes: z.array(associationSpecSchema).min(1),
  batchAssociate: z.object({
    inputs: z.array(
      z.object({
        from: z.object({ id: idSchema }),
        to: z.object({ id: idSchema }),
        types: z.array(associationSpecSchema).min(1),
      }),
    ),
  }),
  batchAssociateDefault: z.object({
    inputs: z.array(z.object({ from: z.object({ id: idSchema }), to: z.object({ id: idSchema }) })),
  }),
  batchAssociationRead: z.object({ inputs: z.array(z.object({ id: idSchema, after: z.string().optional() })) }),
  batchDissociate: z.object({
    inputs: z.array(z.object({ from: z.object({ id: idSchema }), to: z.array(z.object({ id: idSchema })) })),
  }),
} as const;

/** The body in the form a route needs, or the vendor's refusal of a body it cannot read. */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): Outcome<z.infer<Schema>> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return succeed(parsed.data);
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return refuse(validationError(`Invalid input JSON: cannot read ${where === '' ? 'the body' : where}`));
}

/** A batch body of at most `inputsMax` inputs. */
export function readBatch<Schema extends z.ZodType<{ inputs: readonly unknown[] }>>(
  schema: Schema,
  body: unknown,
  inputsMax: number,
): Outcome<z.infer<Schema>> {
  const read = readBody(schema, body);
  if (!read.ok || read.value.inputs.length <= inputsMax) return read;
  return refuse(validationError(`The maximum number of inputs supported in a batch request is ${inputsMax}`));
}

/** Names given in a query as `a,b` or repeated. */
export function listParameter(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
