import { describe, expect, it } from 'vitest';
import { busEvent } from '../../../../local/aws/eventbridge/put-events.ts';
import { compileTargetInput, type TargetInputFields } from '../../../../local/aws/eventbridge/target-input.ts';

const DETAIL =
  '{"instance":"i-1","state":"RUNNING","amount":12500.50,"lines":[{"id":"a"},{"id":"b"}],"quote":"say \\"hi\\"","none":null}';
const EVENT = busEvent(
  {
    source: 'small',
    detailType: 'Noted',
    detail: DETAIL,
    parsed: JSON.parse(DETAIL),
    resources: ['arn:x'],
    at: Date.UTC(2026, 0, 2, 3, 4, 5),
  },
  Date.UTC(2026, 0, 2, 3, 4, 6),
);
const RULE = { name: 'a-rule', arn: 'arn:rule/a-rule' };

function rendered(fields: TargetInputFields): string {
  const compiled = compileTargetInput(fields);
  if ('fault' in compiled) throw new Error(compiled.fault);
  return compiled.render(EVENT, RULE);
}
const transformed = (template: string, paths: Record<string, string> = {}): string =>
  rendered({ InputTransformer: { InputTemplate: template, InputPathsMap: paths } });

describe('what a target receives', () => {
  it('is the whole event when nothing else is said, its detail to the letter', () => {
    const text = rendered({});
    expect(JSON.parse(text)).toMatchObject({
      version: '0',
      id: EVENT.id,
      source: 'small',
      'detail-type': 'Noted',
      time: '2026-01-02T03:04:05Z',
      account: '000000000000',
      region: 'us-east-1',
      resources: ['arn:x'],
      detail: { state: 'RUNNING' },
    });
    expect(text).toContain('12500.50');
  });

  it('is a constant', () => {
    expect(rendered({ Input: '{"schema":1}' })).toBe('{"schema":1}');
  });

  it.each([
    ['$', 'the event', rendered({})],
    ['$.detail', 'the detail, to the letter', DETAIL],
    ['$.detail.instance', 'a text', '"i-1"'],
    ["$.detail['lines'][1]", 'an element', '{"id":"b"}'],
    ['$.detail.lines[*].id', 'a list of all', '["a","b"]'],
    ['$.detail.nothing', 'null for what is not there', 'null'],
  ])('is, for the path %s, %s', (path, _what, expected) => {
    expect(rendered({ InputPath: path })).toBe(expected);
  });

  it.each([
    ['JSON whose values are variables', '{"i":<i>,"all":<lines>}', '{"i":"i-1","all":[{"id":"a"},{"id":"b"}]}'],
    ['JSON with variables inside texts', '{"text":"instance <i> is <s>"}', '{"text":"instance i-1 is RUNNING"}'],
    ['a text', '"instance <i> is <s>"', '"instance i-1 is RUNNING"'],
    ['several texts', '"<i>"\n"<s>"', '"i-1"\n"RUNNING"'],
    ['an object inside a text, without its quotation marks', '"lines <lines>"', '"lines [{id:a},{id:b}]"'],
    [
      'a text with quotation marks, escaped in both places',
      '{"a":<q>,"b":"<q>"}',
      '{"a":"say \\"hi\\"","b":"say \\"hi\\""}',
    ],
    ['null', '{"a":<none>}', '{"a":null}'],
    ['an empty text for what is not there', '{"a":<missing>,"b":"x<missing>y"}', '{"a":"","b":"xy"}'],
    [
      'the name and ARN of the rule',
      '{"r":"<aws.events.rule-name> <aws.events.rule-arn>"}',
      '{"r":"a-rule arn:rule/a-rule"}',
    ],
    ['the time it was taken', '<aws.events.event.ingestion-time>', '"2026-01-02T03:04:06.000Z"'],
  ])('is, by a transformer, %s', (_what, template, expected) => {
    const paths = {
      i: '$.detail.instance',
      s: '$.detail.state',
      lines: '$.detail.lines',
      q: '$.detail.quote',
      none: '$.detail.none',
      missing: '$.detail.missing',
    };
    expect(transformed(template, paths)).toBe(expected);
  });

  it('is the event with or without its detail by the predefined variables', () => {
    const { whole, envelope } = JSON.parse(
      transformed('{"whole":<aws.events.event.json>,"envelope":<aws.events.event>}'),
    );
    expect(whole).toEqual(JSON.parse(rendered({})));
    expect(envelope).toEqual({ ...whole, detail: undefined });
  });

  it.each<[string, TargetInputFields]>([
    ['two of the three', { Input: '1', InputPath: '$' }],
    ['a constant that is no JSON', { Input: '{' }],
    ['a path that is none', { InputPath: 'detail' }],
    ['a filter in a path', { InputPath: '$.detail[?(@.a)]' }],
    ['a variable that is not defined', { InputTransformer: { InputTemplate: '<a>' } }],
    [
      'a variable with a reserved name',
      { InputTransformer: { InputTemplate: '1', InputPathsMap: { 'aws.mine': '$' } } },
    ],
    ['an empty template', { InputTransformer: { InputTemplate: '' } }],
  ])('is refused when it is %s', (_what, fields) => {
    expect(compileTargetInput(fields)).toHaveProperty('fault');
  });
});
