import { StartFault } from './start-fault.ts';
import type { Template } from './template.ts';

/** Answers what a reference to a resource is: its `Ref`, or one of its attributes. */
export type ReferenceOf = (logicalId: string, attribute: string | undefined) => string;

/** Replaces the intrinsic functions in a part of a template. `where` names the part in a fault. */
export type Resolve = (value: unknown, where: string) => unknown;

/** Values of the pseudo parameters (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html). */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': '000000000000',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Stands for a property that is to be left out, until the object around it has left it out. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Makes a resolver for one template: Ref, Fn::GetAtt, Fn::Join, Fn::Sub, Fn::Select, Fn::Split, Fn::If, Fn::FindInMap,
 * Fn::Base64 and the condition functions. Any other function is a fault that names it and its place.
 */
export function createResolver(
  template: Template,
  stackName: string,
  referenceOf: ReferenceOf,
): Resolve & { readonly condition: (name: string) => boolean } {
  const pseudo: Readonly<Record<string, string>> = {
    ...PSEUDO,
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:aws:cloudformation:us-east-1:000000000000:stack/${stackName}/local`,
  };

  const ref = (name: string, where: string): unknown => {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (name in pseudo) return pseudo[name];
    if (name in template.Resources) return referenceOf(name, undefined);
    const parameter = template.Parameters[name];
    if (parameter?.Default !== undefined) return parameter.Default;
    throw new StartFault(`${where} refers to ${name}, which the template does not define.`);
  };
  const condition = (name: string): boolean => {
    if (!(name in template.Conditions)) throw new StartFault(`The template has no condition ${name}.`);
    return resolve(template.Conditions[name], `condition ${name}`) === true;
  };

  const functions: Readonly<Record<string, (operand: unknown, where: string) => unknown>> = {
    Ref: (operand, where) => ref(text(operand, where), where),
    Condition: (operand, where) => condition(text(operand, where)),
    'Fn::GetAtt': (operand, where) => {
      const [logicalId, attribute] = Array.isArray(operand)
        ? operand.map((part) => text(part, where))
        : splitOnce(text(operand, where));
      return referenceOf(logicalId ?? '', attribute ?? '');
    },
    'Fn::Join': (operand, where) => {
      const [separator, parts] = list(operand, where);
      return list(resolve(parts, where), where)
        .map((part) => text(part, where))
        .join(text(separator, where));
    },
    'Fn::Sub': (operand, where) => {
      const [pattern, variables = {}] = Array.isArray(operand) ? operand : [operand];
      const own = resolve(variables, where) as Readonly<Record<string, unknown>>;
      return text(pattern, where).replaceAll(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
        if (literal === '!') return `\${${name}}`;
        if (name in own) return text(own[name], where);
        const [logicalId, attribute] = splitOnce(name);
        return attribute === undefined ? text(ref(name, where), where) : referenceOf(logicalId ?? '', attribute);
      });
    },
    'Fn::Select': (operand, where) => {
      const [index, items] = list(operand, where);
      return list(resolve(items, where), where)[Number(resolve(index, where))];
    },
    'Fn::Split': (operand, where) => {
      const [separator, source] = list(operand, where);
      return text(resolve(source, where), where).split(text(separator, where));
    },
    'Fn::If': (operand, where) => {
      const [name, then, otherwise] = list(operand, where);
      return resolve(condition(text(name, where)) ? then : otherwise, where);
    },
    'Fn::FindInMap': (operand, where) => {
      const [map, first, second] = list(resolve(operand, where), where).map((part) => text(part, where));
      return template.Mappings[map ?? '']?.[first ?? '']?.[second ?? ''];
    },
    'Fn::Base64': (operand, where) => Buffer.from(text(resolve(operand, where), where), 'utf8').toString('base64'),
    'Fn::Equals': (operand, where) => {
      const [left, right] = list(resolve(operand, where), where);
      return left === right;
    },
    'Fn::Not': (operand, where) => list(resolve(operand, where), where)[0] !== true,
    'Fn::And': (operand, where) => list(resolve(operand, where), where).every((part) => part === true),
    'Fn::Or': (operand, where) => list(resolve(operand, where), where).some((part) => part === true),
  };

  const resolve: Resolve = (value, where) => {
    if (Array.isArray(value)) return value.map((item) => resolve(item, where)).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, operand] = ['', undefined], ...others] = Object.entries(value);
    const isFunction =
      others.length === 0 &&
      (name === 'Ref' ||
        name.startsWith('Fn::') ||
        (name === 'Condition' && typeof operand === 'string' && operand in template.Conditions));
    if (!isFunction) {
      const resolved = Object.entries(value).map(([key, part]) => [key, resolve(part, `${where}.${key}`)] as const);
      return Object.fromEntries(resolved.filter(([, part]) => part !== NO_VALUE));
    }
    const apply = functions[name];
    if (apply === undefined) throw new StartFault(`${where} uses ${name}, which the local runtime does not resolve.`);
    return apply(operand, where);
  };
  return Object.assign(resolve, { condition });
}

function splitOnce(name: string): readonly string[] {
  const dot = name.indexOf('.');
  return dot === -1 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new StartFault(`${where} should be a text after its references are resolved.`);
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new StartFault(`${where} should be a list.`);
}
