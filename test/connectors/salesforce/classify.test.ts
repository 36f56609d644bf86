import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classify, classifyRow, isExpired } from '../../../connectors/salesforce/classify.ts';
import { errorTable } from '../../../connectors/salesforce/error-table.ts';
import { readFaults, SalesforceError } from '../../../connectors/salesforce/salesforce-error.ts';

const once = { isRepeatable: false };
const often = { isRepeatable: true };
const answered = (status: number, ...errors: readonly unknown[]): SalesforceError =>
  new SalesforceError(status, readFaults(errors));
const error = (errorCode: string, message = '', fields: readonly string[] = []) => ({ errorCode, message, fields });

describe('refusals of a whole request', () => {
  it('know the day’s limit, which is a 403, from a refused access', () => {
    const fault = classify(answered(403, error('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')), once);

    expect(fault).toMatchObject({ kind: 'throttled', code: 'REQUEST_LIMIT_EXCEEDED', retryAfterMs: 900_000 });
    expect(classify(answered(403, error('API_DISABLED_FOR_ORG')), once).kind).toBe('credential');
    expect(classify(answered(403, error('SOMETHING_NEW')), once)).toMatchObject({
      kind: 'credential',
      code: 'SOMETHING_NEW',
    });
  });

  it('wait only a moment when too many calls run at once, and as long as the answer says', () => {
    const concurrent = error('REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.');

    expect(classify(answered(403, concurrent), once)).toMatchObject({ kind: 'throttled', retryAfterMs: 5_000 });
    const timed = new SalesforceError(403, readFaults([concurrent]), { retryAfterMs: 1_234 });
    expect(classify(timed, once)).toMatchObject({ retryAfterMs: 1_234 });
  });

  it('go by the status where nothing better was said', () => {
    expect(classify(answered(502), once).kind).toBe('uncertain');
    expect(classify(answered(502), often).kind).toBe('transient');
    expect(classify(answered(503, error('SERVER_UNAVAILABLE')), often).kind).toBe('transient');
    expect(classify(answered(404), once)).toMatchObject({ kind: 'missing', code: 'HTTP_404' });
    expect(classify(answered(414), once).kind).toBe('defect');
  });

  it('name the unknown column, which stands in the message only', () => {
    const fault = classify(
      answered(400, error('INVALID_FIELD', "No such column 'Foo__c' on sobject of type Account")),
      once,
    );

    expect(fault).toMatchObject({ kind: 'rejected', fields: ['Foo__c'] });
  });

  it('are a defect when they are none of Salesforce’s', () => {
    expect(classify(new TypeError('x'), once)).toMatchObject({ kind: 'defect' });
  });

  it('carry nothing of the vendor’s text in the exception itself', () => {
    expect(answered(400, error('X', 'jane@customer.example')).message).toBe('Salesforce answered 400 X');
  });
});

describe('refusals of a row', () => {
  const row = (statusCode: string, message = '', fields: readonly string[] = [], more = {}) =>
    classifyRow(readFaults([{ statusCode, message, fields, ...more }]));

  it.each([
    ['UNABLE_TO_LOCK_ROW', 'transient'],
    ['REQUEST_LIMIT_EXCEEDED', 'throttled'],
    ['QUERY_TIMEOUT', 'transient'],
    ['ENTITY_IS_DELETED', 'missing'],
    ['DUPLICATES_DETECTED', 'rejected'],
    ['REQUIRED_FIELD_MISSING', 'rejected'],
    ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'rejected'],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'rejected'],
    ['CANNOT_UPDATE_CONVERTED_LEAD', 'rejected'],
    ['A_CODE_OF_NEXT_YEAR', 'rejected'],
  ])('%s is %s', (code, kind) => {
    expect(row(code)).toMatchObject({ kind, code });
  });

  it('name every field that any of the errors names', () => {
    const fault = classifyRow(
      readFaults([
        { statusCode: 'REQUIRED_FIELD_MISSING', message: '', fields: ['CloseDate', 'StageName'] },
        { statusCode: 'STRING_TOO_LONG', message: '', fields: ['Name', 'CloseDate'] },
      ]),
    );

    expect(fault).toMatchObject({ code: 'REQUIRED_FIELD_MISSING', fields: ['CloseDate', 'StageName', 'Name'] });
  });

  it('name the possible duplicates a rule found', () => {
    const record = { Id: '00Q000000000001' };
    const duplicateResult = { matchResults: [{ matchRecords: [{ record }, { record }, { record: null }] }] };

    expect(row('DUPLICATES_DETECTED', 'Use one of these?', [], { duplicateResult }).message).toContain(
      '00Q000000000001EAA',
    );
  });

  it('say what the org’s own validation rule says, and repeat no other text of the vendor', () => {
    expect(row('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Amount is needed').message).toContain('Amount is needed');
    expect(row('STRING_TOO_LONG', 'Jane Roe is too long').message).not.toContain('Jane');
  });

  it('without an error are a defect', () => {
    expect(classifyRow([])).toMatchObject({ kind: 'defect' });
  });
});

describe('an ended session', () => {
  it('is a 401, and an org that moved; not a user without the right to the API', () => {
    expect(isExpired(answered(401, error('INVALID_SESSION_ID', 'Session expired or invalid')))).toBe(true);
    expect(isExpired(new SalesforceError(302, []))).toBe(true);
    expect(
      isExpired(answered(401, error('INVALID_SESSION_ID', 'This session is not valid for use with the REST API'))),
    ).toBe(false);
    expect(isExpired(answered(403, error('REQUEST_LIMIT_EXCEEDED')))).toBe(false);
    expect(isExpired(new Error('401'))).toBe(false);
  });
});

describe('the table of errors', () => {
  it('has a whole sentence for whoever must act, and keeps to the fault kinds', () => {
    for (const [code, [, sentence]] of Object.entries(errorTable)) {
      expect(sentence, code).toMatch(/^[A-Z].*\.$/);
      expect(code).toMatch(/^[A-Z_]+$/);
    }
  });
});

const contracts = join(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts', 'salesforce');
const isPresent = existsSync(contracts);
const read = (file: string): unknown => JSON.parse(readFileSync(join(contracts, file), 'utf8')) as unknown;

describe.skipIf(!isPresent)(
  `the contract files${isPresent ? '' : ' (skipped: the shared folder is not there)'}`,
  () => {
    it('hold errors that are all classified as the cards say', () => {
      const samples = read('fixtures/errors.synthetic.json') as Readonly<
        Record<string, { status: number; body: unknown }>
      >;
      const kinds = Object.entries(samples).map(([name, { status, body }]) => {
        return [name, classify(new SalesforceError(status, readFaults(body)), often).kind];
      });

      expect(Object.fromEntries(kinds)).toEqual({
        '403-request-limit': 'throttled',
        '401-session': 'credential',
        '400-duplicates': 'rejected',
        '300-multiple-external-id': 'defect',
        '404-deleted': 'missing',
        '503': 'transient',
        '404-entity-deleted': 'missing',
      });
    });

    it('hold rows whose refusals name their fields', () => {
      const { body } = read('fixtures/collections-upsert.partial-failure.synthetic.json') as {
        body: readonly { errors: unknown }[];
      };

      const faults = body.slice(1).map((row) => classifyRow(readFaults(row.errors)));

      expect(faults).toMatchObject([
        { kind: 'rejected', fields: ['CloseDate', 'StageName'] },
        { kind: 'transient', code: 'UNABLE_TO_LOCK_ROW' },
      ]);
    });

    it('know every row code of the table', () => {
      const { StatusCode: known } = read('soap-partner-types.json') as { StatusCode: readonly string[] };
      // Codes of whole requests (ExceptionCode and the REST API's own) are not in that list.
      const ofRequests = new Set([
        'REQUEST_LIMIT_EXCEEDED',
        'EXCEEDED_QUOTA',
        'SERVER_UNAVAILABLE',
        'API_CURRENTLY_DISABLED',
        'ORG_LOCKED',
        'API_DISABLED_FOR_ORG',
        'INSUFFICIENT_ACCESS',
        'LOGIN_MUST_USE_SECURITY_TOKEN',
        'TRIAL_EXPIRED',
        'NOT_FOUND',
        'JSON_PARSER_ERROR',
        'MALFORMED_QUERY',
        'INVALID_QUERY_FILTER_OPERATOR',
        'EXCEEDED_MAX_SIZE_REQUEST',
        'METHOD_NOT_ALLOWED',
        'UNSUPPORTED_API_VERSION',
      ]);

      const unknown = Object.keys(errorTable).filter((code) => !known.includes(code) && !ofRequests.has(code));

      expect(unknown).toEqual([]);
    });
  },
);
