import * as z from 'zod';
import { nanosOf } from './stamps.ts';

/**
 * The values that requests are made of, as strict as the service's model (API version 2022-07-26, read November 2026):
 * required members, types, lengths, enumerations and the forms of ids. `null` is the same as absent, and members that the
 * model does not know are ignored: both are recorded of the service.
 */

/** An optional member. */
export function given<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish();
}

/** Text of so many characters. The model states lengths by patterns, so a wrong one is a wrong format. */
export function text(charactersMin: number, charactersMax: number) {
  return z.string().regex(new RegExp(`^.{${charactersMin},${charactersMax}}$`, 'su'));
}

/** An enumeration of the vendor's client, which is generated from the same model. */
export function oneOf<const Values extends Readonly<Record<string, string>>>(values: Values) {
  return z.enum(values);
}

export const catalog = z.enum(['AWS', 'Sandbox']);
export const opportunityId = z.string().regex(/^O[0-9]{1,19}$/);
export const solutionId = z.string().regex(/^S-[0-9]{1,19}$/);
export const engagementIdentifier = z.string().regex(/^(arn:.*|eng-[0-9a-z]{14})$/);
export const invitationIdentifier = z.string().regex(/^(?=.{1,255}$)(arn:.*|engi-[0-9a-z]{13})$/);
export const taskIdentifier = z.string().regex(/^(arn:.*|task-[0-9a-z]{13})$/);
export const awsAccount = z.string().regex(/^([0-9]{12}|\w{1,12})$/);
export const clientToken = z.string().regex(/^.{1,255}$/);
export const isoDate = z.string().regex(/^[1-9][0-9]{3}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$/);
export const phone = z.string().regex(/^\+[1-9]\d{1,14}$/);
/** Lower case only, as the model has it. */
export const email = z
  .string()
  .regex(
    /^(?=.{0,80}$)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  );

/** An instant as text, with up to nine fractional digits. */
export const instant = z.string().refine((value) => nanosOf(value) !== undefined, { error: 'is no instant' });

const tag = z.object({ Key: text(1, 128), Value: text(0, 256) });
export const tags = z.array(tag).min(1).max(200);

/** How many results a page has at most. */
export function pageSize(most: number) {
  return z.int().min(1).max(most);
}
