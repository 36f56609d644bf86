import { type BusEvent, eventText } from './bus-event.ts';
import { compileInputTransformer, type RuleIdentity } from './input-transformer.ts';
import { parseJsonPath, valueAt } from './json-path.ts';

/** What decides the text a target receives, at most one of the three. */
export interface TargetInputFields {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

/** Makes the text a target receives of an event. */
export type TargetInput = (event: BusEvent, rule: RuleIdentity) => string;

/** Compiles a target's input settings, or answers why they are not valid. Without any, a target receives the whole event. */
export function compileTargetInput(
  fields: TargetInputFields,
): { readonly render: TargetInput } | { readonly fault: string } {
  const { Input: constant, InputPath: path, InputTransformer: transformer } = fields;
  if ([constant, path, transformer].filter((field) => field !== undefined).length > 1) {
    return { fault: 'Only one of Input, InputPath, or InputTransformer must be provided' };
  }
  if (constant !== undefined)
    return isJson(constant) ? { render: () => constant } : { fault: 'Input is not valid JSON text' };
  if (path !== undefined) return compilePath(path);
  if (transformer === undefined) return { render: eventText };
  const compiled = compileInputTransformer(transformer.InputPathsMap ?? {}, transformer.InputTemplate);
  return 'fault' in compiled ? compiled : { render: compiled.transform };
}

function compilePath(path: string): { readonly render: TargetInput } | { readonly fault: string } {
  const steps = parseJsonPath(path);
  if (steps === undefined) return { fault: `InputPath ${path} is not a path` };
  if (steps.length === 0) return { render: eventText };
  const [first] = steps;
  // The detail as a whole is handed on as its sender wrote it.
  if (steps.length === 1 && first !== undefined && 'name' in first && first.name === 'detail')
    return { render: (event) => event.detailText };
  return { render: (event) => JSON.stringify(valueAt(event.parsed, steps) ?? null) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
