import type { Fault, FaultKind } from '../../domain/model/fault.ts';
import type { ErrorAnswer } from './answers.ts';

/**
 * The fault behind one refusal of HubSpot's: of an input in a 207, or (with its HTTP status) of a whole request.
 *
 * *Shape*: `undefined` when neither category nor status says anything known; the caller then goes by the status alone.
 * *Faults*: texts are the hub's own. HubSpot's messages repeat what was submitted, so nothing of them is passed on but names
 * of properties and scopes, codes, and the id of a record, each checked for its form.
 * *Source*: https://developers.hubspot.com/docs/api-reference/error-handling (checked November 2026).
 */
export function faultOfRefusal(error: ErrorAnswer, status?: number): Fault | undefined {
  const refused = refusedProperties(error);
  const codes = [...new Set(refused.map(({ code }) => code).filter((code) => code !== undefined))];
  const rule = rules.find((each) => applies(each, error, status, codes));
  if (rule === undefined) return undefined;
  const namesFields = rule.kind === 'rejected' || rule.kind === 'conflict';
  const fields = namesFields ? [...new Set(refused.map(({ property }) => property))] : [];
  return {
    kind: rule.kind,
    code: codes[0] ?? rule.code,
    message: describe(rule, fields, codes[0], error),
    ...(rule.retryAfterMs === undefined ? {} : { retryAfterMs: rule.retryAfterMs }),
    ...(rule.kind === 'rejected' ? { fields, ...unseenOf(refused) } : {}),
    ...(rule.kind === 'conflict' ? { fields, ...holderIn(error) } : {}),
  };
}

/** `Contact already exists. Existing ID: 1234` */
function holderIn({ message }: ErrorAnswer): Pick<Fault, 'heldBy'> {
  const heldBy = /\bExisting ID: (\d{1,20})\.?$/.exec(message.slice(0, messageMax))?.[1];
  return heldBy === undefined ? {} : { heldBy };
}

/** Properties that no record of the account can be given. */
function unseenOf(refused: readonly RefusedProperty[]): Pick<Fault, 'unseen'> {
  const unseen = refused.filter(({ code }) => code === 'PROPERTY_DOESNT_EXIST').map(({ property }) => property);
  return unseen.length === 0 ? {} : { unseen };
}

/** A property HubSpot refused, and its code for the reason. */
export interface RefusedProperty {
  readonly property: string;
  readonly code: string | undefined;
}

/**
 * The properties an error names. They come in three places, depending on the call: `errors[].context.propertyName`, a JSON
 * list inside the message, and plain words in the message. *Bounds*: at most 100; names and codes of another form are left out.
 */
export function refusedProperties(error: ErrorAnswer): readonly RefusedProperty[] {
  const found = new Map<string, string | undefined>();
  const add = (property: unknown, code: unknown): void => {
    if (typeof property !== 'string' || !propertyPattern.test(property) || found.size >= propertiesMax) return;
    found.set(property, asCode(code) ?? found.get(property));
  };
  for (const { code, context, message } of error.errors) {
    for (const name of namesIn(context)) add(name, code);
    for (const { name, error: reason } of validationList(message)) add(name, reason ?? code);
  }
  for (const { name, error: reason } of validationList(error.message)) add(name, reason);
  for (const name of namesIn(error.context)) add(name, undefined);
  // The one refusal that names no property: the unique one of contacts is meant.
  if (found.size === 0 && error.message.startsWith('Contact already exists')) add('email', undefined);
  if (found.size === 0) {
    for (const [, name] of error.message.slice(0, messageMax).matchAll(/\bproperty "?([a-z][a-z0-9_]*)"?/gi)) {
      add(name, undefined);
    }
  }
  return [...found].map(([property, code]) => ({ property, code }));
}

/**
 * The fault behind the refusal of one input of a batch; what is not known otherwise is the input's own fault, `rejected`.
 *
 * A value that must be unique and is taken means different things: a creation has met a record that exists (`conflict`,
 * decide again), an update has one field that cannot get its value until a person settles who holds it (`rejected`).
 */
export function faultOfInput(error: ErrorAnswer, operation: 'create' | 'update'): Fault {
  const fault = faultOfRefusal(error) ?? rejection(error, asCode(error.category));
  return operation === 'update' && fault.kind === 'conflict' ? rejection(error, fault.code) : fault;
}

function rejection(error: ErrorAnswer, code: string | undefined): Fault {
  const refused = refusedProperties(error);
  const fields = refused.map(({ property }) => property);
  const known = refused.find((each) => each.code !== undefined)?.code ?? code;
  const { heldBy } = holderIn(error);
  const described = describe({ kind: 'rejected', code: '', message: refusedAsIs }, fields, known, error);
  const message = heldBy === undefined ? described : `${described} It is record ${heldBy}.`;
  return { kind: 'rejected', code: known ?? 'REJECTED', message, fields, ...unseenOf(refused) };
}

const refusedAsIs = 'HubSpot refused the record as it is';

interface Rule {
  readonly kind: FaultKind;
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly status?: number;
  readonly categories?: readonly string[];
  readonly policy?: string;
  readonly codes?: readonly string[];
}

/** First match wins. A rule applies when its status fits, or (where it names any) one of its categories or codes. */
const rules: readonly Rule[] = [
  {
    kind: 'throttled',
    code: 'DAILY',
    policy: 'DAILY',
    // It resets at midnight in the account's time zone, which the answer does not tell: look again every hour.
    retryAfterMs: 3_600_000,
    message:
      'The account has used up its daily HubSpot calls; the hub goes on after midnight in the time zone of the account.',
  },
  {
    kind: 'throttled',
    code: 'SECONDLY',
    policy: 'SECONDLY',
    retryAfterMs: 1_000,
    message: 'HubSpot asked the hub to slow down; it goes on by itself.',
  },
  {
    kind: 'throttled',
    code: 'TEN_SECONDLY_ROLLING',
    status: 429,
    categories: ['RATE_LIMITS', 'RATE_LIMIT'],
    retryAfterMs: 10_000,
    message: 'HubSpot asked the hub to slow down; it goes on by itself.',
  },
  {
    kind: 'throttled',
    code: 'LOCKED',
    status: 423,
    retryAfterMs: 2_000,
    message: 'HubSpot is working on the record and has locked it for the moment; the hub goes on by itself.',
  },
  {
    kind: 'throttled',
    code: 'MIGRATING',
    status: 477,
    retryAfterMs: 3_600_000,
    message: 'HubSpot is moving the account to another data centre; the hub waits until that is done.',
  },
  {
    kind: 'credential',
    code: 'MISSING_SCOPES',
    categories: ['MISSING_SCOPES'],
    message: 'The HubSpot app lacks permissions it needs; grant them and reconnect',
  },
  {
    kind: 'credential',
    code: 'UNAUTHENTICATED',
    status: 401,
    categories: ['INVALID_AUTHENTICATION', 'EXPIRED_AUTHENTICATION', 'UNAUTHORIZED'],
    message: 'HubSpot does not accept the access token; renew it in the connection’s secret.',
  },
  {
    kind: 'credential',
    code: 'FORBIDDEN',
    status: 403,
    categories: ['FORBIDDEN', 'BANNED'],
    message: 'HubSpot refuses this to the app; check its permissions and the plan of the account.',
  },
  {
    kind: 'conflict',
    code: 'CONFLICT',
    status: 409,
    categories: ['CONFLICT', 'OBJECT_ALREADY_EXISTS'],
    codes: ['CONFLICTING_UNIQUE_VALUE'],
    message: 'Another HubSpot record already holds a value that must be unique; the hub decides again.',
  },
  {
    kind: 'missing',
    code: 'OBJECT_NOT_FOUND',
    status: 404,
    categories: ['OBJECT_NOT_FOUND', 'NOT_FOUND'],
    message: 'HubSpot knows no such record.',
  },
  {
    kind: 'rejected',
    code: 'VALIDATION_ERROR',
    status: 400,
    categories: ['VALIDATION_ERROR'],
    message: refusedAsIs,
  },
];

function applies(rule: Rule, error: ErrorAnswer, status: number | undefined, codes: readonly string[]): boolean {
  if (rule.policy !== undefined) return error.policyName === rule.policy;
  if (rule.codes?.some((code) => codes.includes(code)) === true) return true;
  if (error.category !== undefined && rule.categories?.includes(error.category) === true) return true;
  return rule.status !== undefined && rule.status === status;
}

/** What the commonest codes mean to the person who must act. */
const reasons: Readonly<Record<string, string>> = {
  INVALID_OPTION: 'the value is not among the options of the property',
  PROPERTY_DOESNT_EXIST: 'the account has no such property',
  READ_ONLY_VALUE: 'the property cannot be written',
  REQUIRED_PROPERTY: 'a value is required',
  CONFLICT: 'another record already holds the value',
  CONFLICTING_UNIQUE_VALUE: 'another record already holds the value',
  INVALID_EMAIL: 'the value is no valid e-mail address',
  INVALID_INTEGER: 'the value is no valid number',
  INVALID_LONG: 'the value is no valid number or time',
  INVALID_DATE: 'the value is no valid date',
  INVALID_OWNER_ID: 'there is no active owner of this id',
  PROPERTY_TOO_LONG: 'the value is too long',
};

function describe(rule: Rule, fields: readonly string[], code: string | undefined, error: ErrorAnswer): string {
  if (rule.code === 'MISSING_SCOPES') {
    const scopes = scopesIn(error);
    return scopes.length === 0 ? `${rule.message}.` : `${rule.message}: ${scopes.join(', ')}.`;
  }
  if (rule.kind !== 'rejected') return rule.message;
  const reason = reasons[code ?? ''] ?? code?.toLowerCase().replaceAll('_', ' ');
  const subject = fields.length === 0 ? rule.message : `HubSpot refused ${fields.slice(0, 10).join(', ')}`;
  return reason === undefined ? `${subject}.` : `${subject}: ${reason}.`;
}

function scopesIn(error: ErrorAnswer): readonly string[] {
  return error.errors
    .flatMap(({ context }) => [...(context.requiredGranularScopes ?? []), ...(context.missingScopes ?? [])])
    .filter((scope) => /^[a-z0-9._-]{1,80}$/i.test(scope))
    .slice(0, 20);
}

const propertiesMax = 100;
const messageMax = 20_000;
const propertyPattern = /^[a-z][a-z0-9_]{0,99}$/i;

function asCode(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}

function namesIn(context: ErrorAnswer['context']): readonly string[] {
  return context.propertyName ?? context.propertyNames ?? [];
}

/** `Property values were not valid: [{"isValid":false,"message":"…","error":"INVALID_OPTION","name":"industry"}]` */
function validationList(message: string): readonly { readonly name?: unknown; readonly error?: unknown }[] {
  const start = message.indexOf('[{');
  if (start < 0 || message.length > messageMax) return [];
  try {
    const list: unknown = JSON.parse(message.slice(start, message.lastIndexOf(']') + 1));
    return Array.isArray(list) ? list.filter((each) => typeof each === 'object' && each !== null) : [];
  } catch {
    // The list is a courtesy of the vendor's; without it the refusal is about the record as a whole.
    return [];
  }
}
