import * as z from 'zod';

/**
 * What is read of HubSpot's answers. Unknown keys are ignored and unexpected parts of an error are tolerated, because an
 * answer that cannot be read after a write is worse than an error text that is not understood. (The SDK's own response
 * processors are not used: they turn a 207 on an archive call into an exception and fail on error contexts of another form.)
 */
export interface RecordAnswer {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** ms since the epoch. */
  readonly createdAt: number | undefined;
  readonly updatedAt: number | undefined;
  readonly archivedAt: number | undefined;
  /** The trace id the input carried, echoed. */
  readonly traceId: string | undefined;
}

/** One refusal, of a whole request or of one input of a batch. Texts may hold personal data: never copy `message` anywhere. */
export interface ErrorAnswer {
  readonly category: string | undefined;
  readonly subCategory: string | undefined;
  readonly message: string;
  readonly context: ErrorContext;
  readonly policyName: string | undefined;
  readonly errors: readonly {
    readonly code: string | undefined;
    readonly message: string;
    readonly context: ErrorContext;
  }[];
}

/** What an error is about: ids, trace ids, property names, scopes. */
export type ErrorContext = Readonly<Record<string, readonly string[]>>;

/** What a batch came to: the inputs done, and the refusals, in no particular order. */
export interface BatchAnswer<T> {
  readonly results: readonly T[];
  readonly errors: readonly ErrorAnswer[];
}

/** The associations of one record to one type, a page of them. */
export interface AssociatedAnswer {
  readonly fromId: string;
  readonly to: readonly { readonly id: string; readonly typeIds: readonly number[] }[];
  /** Present: there are more, from here. */
  readonly after: string | undefined;
}

const text = z.union([z.string(), z.number()]).transform(String);
const instant = z
  .string()
  .transform((value) => Date.parse(value))
  .transform((value) => (Number.isNaN(value) ? undefined : value));

const errorsSchema = z
  .array(z.unknown())
  .catch([])
  .transform((errors) => errors.map(toErrorAnswer));
const nextSchema = z.object({ next: z.object({ after: text }).nullish() }).nullish();

const recordSchema = z
  .object({
    id: text,
    properties: z.record(z.string(), z.unknown()).nullish(),
    createdAt: instant.nullish(),
    updatedAt: instant.nullish(),
    archivedAt: instant.nullish(),
    objectWriteTraceId: z.string().nullish(),
  })
  .transform(
    (raw): RecordAnswer => ({
      id: raw.id,
      properties: raw.properties ?? {},
      createdAt: raw.createdAt ?? undefined,
      updatedAt: raw.updatedAt ?? undefined,
      archivedAt: raw.archivedAt ?? undefined,
      traceId: raw.objectWriteTraceId ?? undefined,
    }),
  );

/** A batch of records, complete or partial. */
export const recordBatchSchema = z.object({ results: z.array(recordSchema), errors: errorsSchema });

/** A page of a list. */
export const recordPageSchema = z
  .object({ results: z.array(recordSchema), paging: nextSchema })
  .transform(({ results, paging }) => ({ results, after: paging?.next?.after }));

/** Associations of a batch of records. */
export const associatedBatchSchema = z.object({
  results: z.array(
    z
      .object({
        from: z.object({ id: text }),
        to: z.array(
          z.object({ toObjectId: text, associationTypes: z.array(z.object({ typeId: z.number() })).default([]) }),
        ),
        paging: nextSchema,
      })
      .transform(
        ({ from, to, paging }): AssociatedAnswer => ({
          fromId: from.id,
          to: to.map(({ toObjectId, associationTypes }) => ({
            id: toObjectId,
            typeIds: associationTypes.map(({ typeId }) => typeId),
          })),
          after: paging?.next?.after,
        }),
      ),
  ),
  errors: errorsSchema,
});

/** What a write of associations came to; 204 answers have no body and count as done. */
export const associationWriteSchema = z.object({ errors: errorsSchema });

export const ownersPageSchema = z
  .object({
    results: z.array(z.object({ id: text, email: z.string().nullish() })),
    paging: nextSchema,
  })
  .transform(({ results, paging }) => ({ results, after: paging?.next?.after }));

export const accountSchema = z.object({ portalId: text });

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().positive(),
});

/** Reads an error tolerantly: what is not as documented is left out. */
export function toErrorAnswer(raw: unknown): ErrorAnswer {
  const error = asObject(raw);
  const details = Array.isArray(error.errors) ? error.errors.map(asObject) : [];
  return {
    category: asText(error.category),
    subCategory: asText(error.subCategory),
    message: asText(error.message) ?? '',
    context: asContext(error.context),
    policyName: asText(error.policyName),
    errors: details.map((detail) => ({
      code: asText(detail.code),
      message: asText(detail.message) ?? '',
      context: asContext(detail.context),
    })),
  };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Documented as lists of text; single texts and numbers are seen too. */
function asContext(value: unknown): ErrorContext {
  return Object.fromEntries(
    Object.entries(asObject(value)).map(([name, held]) => [
      name,
      (Array.isArray(held) ? held : [held])
        .filter((each) => typeof each === 'string' || typeof each === 'number')
        .map(String),
    ]),
  );
}
