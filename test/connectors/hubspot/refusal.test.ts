import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toErrorAnswer } from '../../../connectors/hubspot/answers.ts';
import { faultOfInput, faultOfRefusal, refusedProperties } from '../../../connectors/hubspot/refusal.ts';

const refusal = (raw: object) => toErrorAnswer({ status: 'error', ...raw });

describe('a refusal names the properties it is about', () => {
  it('from the context of its details', () => {
    const error = refusal({
      category: 'VALIDATION_ERROR',
      message: 'Property values were not valid',
      errors: [
        { message: 'x', code: 'INVALID_OPTION', context: { propertyName: ['industry'] } },
        { message: 'x', code: 'INVALID_INTEGER', context: { propertyName: 'amount' } },
      ],
    });

    expect(refusedProperties(error)).toEqual([
      { property: 'industry', code: 'INVALID_OPTION' },
      { property: 'amount', code: 'INVALID_INTEGER' },
    ]);
  });

  it('from the list inside its message', () => {
    const list = [
      {
        isValid: false,
        message: '"Müller, jane@x.example" was not one of [A, B]',
        error: 'INVALID_OPTION',
        name: 'industry',
      },
      { isValid: false, message: 'does not exist', error: 'PROPERTY_DOESNT_EXIST', name: 'no_such' },
    ];
    const error = refusal({
      category: 'VALIDATION_ERROR',
      message: `Property values were not valid: ${JSON.stringify(list)}`,
    });

    expect(refusedProperties(error)).toEqual([
      { property: 'industry', code: 'INVALID_OPTION' },
      { property: 'no_such', code: 'PROPERTY_DOESNT_EXIST' },
    ]);
    // What no record of the account can be given is told apart from a value that is only wrong here.
    expect(faultOfInput(error, 'update')).toMatchObject({ fields: ['industry', 'no_such'], unseen: ['no_such'] });
  });

  it('from plain words, when there is nothing better', () => {
    const error = refusal({ category: 'VALIDATION_ERROR', message: 'Property "amount" was not a valid number' });

    expect(refusedProperties(error)).toEqual([{ property: 'amount', code: undefined }]);
  });

  it('and takes the e-mail address for the one refusal that names none', () => {
    const error = refusal({ category: 'CONFLICT', message: 'Contact already exists. Existing ID: 1234' });

    expect(refusedProperties(error)).toEqual([{ property: 'email', code: undefined }]);
  });

  it('never text that is not a property name', () => {
    const names = ['a b', 'jane@x.example', '', 'x'.repeat(101), '<script>', 5, null];
    const error = refusal({ errors: [{ message: '', code: 'X', context: { propertyName: names } }] });

    expect(refusedProperties(error)).toEqual([]);
  });
});

describe('a refusal is a fault by who must act', () => {
  const kinds: readonly (readonly [string, object, number | undefined, string, string])[] = [
    ['a value that is no option', { category: 'VALIDATION_ERROR' }, undefined, 'rejected', 'VALIDATION_ERROR'],
    ['a record that is not there', { category: 'OBJECT_NOT_FOUND' }, undefined, 'missing', 'OBJECT_NOT_FOUND'],
    ['a value somebody else holds', { category: 'CONFLICT' }, undefined, 'conflict', 'CONFLICT'],
    ['a scope not granted', { category: 'MISSING_SCOPES' }, 403, 'credential', 'MISSING_SCOPES'],
    ['an expired token', { category: 'EXPIRED_AUTHENTICATION' }, 401, 'credential', 'UNAUTHENTICATED'],
    ['a locked record', {}, 423, 'throttled', 'LOCKED'],
    ['an account on the move', {}, 477, 'throttled', 'MIGRATING'],
    ['the daily limit', { policyName: 'DAILY' }, 429, 'throttled', 'DAILY'],
    ['the search limit', { policyName: 'SECONDLY' }, 429, 'throttled', 'SECONDLY'],
    ['the rolling limit', { policyName: 'TEN_SECONDLY_ROLLING' }, 429, 'throttled', 'TEN_SECONDLY_ROLLING'],
    ['a limit of a new name', { policyName: 'FORTNIGHTLY' }, 429, 'throttled', 'TEN_SECONDLY_ROLLING'],
  ];

  it.each(kinds)('%s', (_what, raw, status, kind, code) => {
    expect(faultOfRefusal(refusal(raw), status)).toMatchObject({ kind, code });
  });

  it('with the wait that fits the limit', () => {
    const wait = (policyName: string) => faultOfRefusal(refusal({ policyName }), 429)?.retryAfterMs;

    expect(wait('SECONDLY')).toBe(1_000);
    expect(wait('TEN_SECONDLY_ROLLING')).toBe(10_000);
    expect(wait('DAILY')).toBe(3_600_000);
  });

  it('with the reason as code, and the fields, when a value was refused', () => {
    const errors = [{ message: 'x', code: 'INVALID_OPTION', context: { propertyName: ['industry'] } }];

    expect(faultOfRefusal(refusal({ category: 'VALIDATION_ERROR', errors }))).toEqual({
      kind: 'rejected',
      code: 'INVALID_OPTION',
      message: 'HubSpot refused industry: the value is not among the options of the property.',
      fields: ['industry'],
    });
  });

  it('naming the scopes an administrator has to grant', () => {
    const errors = [
      { message: 'x', context: { requiredGranularScopes: ['crm.objects.deals.write', 'no scope, <b>'] } },
    ];

    expect(faultOfRefusal(refusal({ category: 'MISSING_SCOPES', errors }), 403)?.message).toBe(
      'The HubSpot app lacks permissions it needs; grant them and reconnect: crm.objects.deals.write.',
    );
  });

  it('rejected, when an input of a batch is refused for a reason not known', () => {
    expect(faultOfInput(refusal({ category: 'SOMETHING_NEW' }), 'create')).toMatchObject({
      kind: 'rejected',
      code: 'SOMETHING_NEW',
      fields: [],
    });
    expect(faultOfInput(refusal({}), 'create')).toMatchObject({ kind: 'rejected', code: 'REJECTED' });
  });

  it('a conflict for a creation, but one field refused for an update, when a unique value is taken', () => {
    const error = refusal({
      category: 'CONFLICT',
      message: 'Contact already exists. Existing ID: 1234',
      errors: [{ message: 'x', code: 'CONFLICTING_UNIQUE_VALUE', context: { propertyName: ['email'] } }],
    });

    expect(faultOfInput(error, 'create')).toMatchObject({ kind: 'conflict', heldBy: '1234', fields: ['email'] });
    expect(faultOfInput(error, 'update')).toMatchObject({
      kind: 'rejected',
      fields: ['email'],
      message: 'HubSpot refused email: another record already holds the value. It is record 1234.',
    });
  });

  it.each([
    ['Contact already exists. Existing ID: 1234', { heldBy: '1234' }],
    ['Contact already exists.', {}],
    ['Existing ID: 99 was submitted. Existing ID: none', {}],
  ])('of a creation, naming the record in its way where HubSpot does: %s', (message, named) => {
    const { heldBy } = faultOfInput(refusal({ category: 'CONFLICT', message }), 'create');

    expect(heldBy === undefined ? {} : { heldBy }).toEqual(named);
  });

  it('telling nothing of what was submitted, whatever HubSpot repeats', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z@.]{12,30}$/), (personal) => {
        const list = [{ message: `${personal} is not valid`, error: 'INVALID_EMAIL', name: 'email' }];
        const error = refusal({
          category: 'VALIDATION_ERROR',
          message: `${personal} ${JSON.stringify(list)}`,
          context: { value: [personal] },
          errors: [
            { message: personal, code: 'INVALID_EMAIL', context: { propertyName: ['email'], value: [personal] } },
          ],
        });
        const fault = faultOfInput(error, 'update');
        expect(JSON.stringify(fault)).not.toContain(personal);
        expect(fault.fields).toEqual(['email']);
      }),
    );
  });

  it('whatever form the error has', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        expect(faultOfInput(toErrorAnswer(raw), 'create').kind).toBeTypeOf('string');
      }),
    );
  });
});
