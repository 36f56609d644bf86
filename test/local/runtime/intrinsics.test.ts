import { describe, expect, it } from 'vitest';
import { createResolver } from '../../../local/runtime/intrinsics.ts';
import type { Template } from '../../../local/runtime/template.ts';

const TEMPLATE: Template = {
  Parameters: { Size: { Default: 'large' }, Unset: {} },
  Mappings: { Regions: { 'us-east-1': { zone: 'a' } } },
  Conditions: {
    IsLarge: { 'Fn::Equals': [{ Ref: 'Size' }, 'large'] },
    IsSmall: { 'Fn::Not': [{ Condition: 'IsLarge' }] },
    Both: { 'Fn::And': [{ Condition: 'IsLarge' }, { Condition: 'IsSmall' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsLarge' }, { Condition: 'IsSmall' }] },
  },
  Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } },
};
const resolve = createResolver(TEMPLATE, 'Stack', (logicalId, attribute) => `${logicalId}!${attribute ?? 'ref'}`);

describe('intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref to a resource', { Ref: 'Queue' }, 'Queue!ref'],
    ['Ref to a parameter', { Ref: 'Size' }, 'large'],
    ['Ref to a pseudo parameter', { Ref: 'AWS::StackName' }, 'Stack'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue!Arn'],
    ['GetAtt as a text', { 'Fn::GetAtt': 'Queue.Arn' }, 'Queue!Arn'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Size' }, 3]] }, 'a-large-3'],
    ['Join of a split', { 'Fn::Join': ['/', { 'Fn::Split': [':', 'a:b'] }] }, 'a/b'],
    [
      'Sub',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are CloudFormation's.
      { 'Fn::Sub': 'arn:${AWS::Partition}:${Queue}:${Queue.Arn}:${!Literal}' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are CloudFormation's.
      'arn:aws:Queue!ref:Queue!Arn:${Literal}',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are CloudFormation's.
    ['Sub with variables', { 'Fn::Sub': ['${Own}/${Size}', { Own: { Ref: 'Queue' } }] }, 'Queue!ref/large'],
    ['Select', { 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
    ['If', { 'Fn::If': ['IsLarge', { Ref: 'Size' }, 'no'] }, 'large'],
    ['If not', { 'Fn::If': ['IsSmall', 'yes', 'no'] }, 'no'],
    ['And, Or', { a: { 'Fn::If': ['Both', 1, 0] }, b: { 'Fn::If': ['Either', 1, 0] } }, { a: 0, b: 1 }],
    ['FindInMap', { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'zone'] }, 'a'],
    ['Base64', { 'Fn::Base64': 'ü' }, 'w7w='],
    ['NoValue in an object', { a: 1, b: { 'Fn::If': ['IsSmall', 1, { Ref: 'AWS::NoValue' }] } }, { a: 1 }],
    ['NoValue in a list', [1, { Ref: 'AWS::NoValue' }, 2], [1, 2]],
    ['what only looks like a function', { Ref: 'Queue', other: 1 }, { Ref: 'Queue', other: 1 }],
    ['a policy condition', { Condition: { Bool: { x: 'y' } } }, { Condition: { Bool: { x: 'y' } } }],
  ])('resolve %s', (_what, given, expected) => {
    expect(resolve(given, 'here')).toEqual(expected);
  });

  it.each<[string, unknown, RegExp]>([
    ['a function it does not know', { 'Fn::ImportValue': 'x' }, /here uses Fn::ImportValue/],
    ['a name nobody defines', { Ref: 'Nobody' }, /here refers to Nobody/],
    ['a parameter without a value', { Ref: 'Unset' }, /here refers to Unset/],
    ['a list where a text should be', { 'Fn::Join': ['', [['a']]] }, /here should be a text/],
  ])('refuse %s with its place', (_what, given, reason) => {
    expect(() => resolve(given, 'here')).toThrow(reason);
  });
});
