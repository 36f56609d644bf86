import { type BusEvent, envelopeText, eventText } from './bus-event.ts';
import { type PathStep, parseJsonPath, valueAt } from './json-path.ts';

/** Which rule an event goes through, for the predefined variables. */
export interface RuleIdentity {
  readonly arn: string;
  readonly name: string;
}

/** Turns an event into the text a target receives. */
export type InputTransformer = (event: BusEvent, rule: RuleIdentity) => string;

const TEMPLATE_CHARACTERS_MAX = 8192;
const VARIABLES_MAX = 100;
const PLACEHOLDER = /<([A-Za-z0-9_.-]+)>/g;

/** Variables that need no path (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html). */
const PREDEFINED: Readonly<Record<string, (event: BusEvent, rule: RuleIdentity) => Rendered>> = {
  'aws.events.rule-arn': (_event, rule) => rendered(rule.arn),
  'aws.events.rule-name': (_event, rule) => rendered(rule.name),
  'aws.events.event.ingestion-time': (event) => rendered(new Date(event.acceptedAt).toISOString()),
  'aws.events.event': (event) => ({ bare: envelopeText(event), quoted: withoutQuotes(envelopeText(event)) }),
  'aws.events.event.json': (event) => ({ bare: eventText(event), quoted: withoutQuotes(eventText(event)) }),
};

/** A value as it appears outside and inside quotation marks. */
interface Rendered {
  readonly bare: string;
  readonly quoted: string;
}

/**
 * Compiles an input transformer, or answers why it is not valid.
 *
 * A variable outside quotation marks is put in as a JSON value, quotation marks included. Inside them its text is put
 * in, and an object or array loses its own quotation marks. A variable whose path finds nothing is an empty text.
 */
export function compileInputTransformer(
  paths: Readonly<Record<string, string>>,
  template: string,
): { readonly transform: InputTransformer } | { readonly fault: string } {
  const names = Object.keys(paths);
  if (names.length > VARIABLES_MAX) return { fault: `InputPathsMap holds more than ${VARIABLES_MAX} variables` };
  const reserved = names.find((name) => name.toLowerCase().startsWith('aws'));
  if (reserved !== undefined) return { fault: `InputPathsMap may not define the reserved name ${reserved}` };
  if (template === '' || template.length > TEMPLATE_CHARACTERS_MAX)
    return { fault: `InputTemplate must have 1 to ${TEMPLATE_CHARACTERS_MAX} characters` };

  const steps = new Map<string, readonly PathStep[]>();
  for (const [name, path] of Object.entries(paths)) {
    const parsed = parseJsonPath(path);
    if (parsed === undefined) return { fault: `InputPathsMap has an unreadable path for ${name}` };
    steps.set(name, parsed);
  }
  const parts = partsOf(template);
  const unknown = parts.find(
    (part) => part.variable !== undefined && !steps.has(part.variable) && !(part.variable in PREDEFINED),
  );
  if (unknown !== undefined)
    return { fault: `InputTemplate uses <${unknown.variable}>, which InputPathsMap does not define` };
  return { transform: (event, rule) => fill(parts, steps, event, rule) };
}

interface TemplatePart {
  readonly text: string;
  readonly variable: string | undefined;
  readonly isQuoted: boolean;
}

function fill(
  parts: readonly TemplatePart[],
  steps: ReadonlyMap<string, readonly PathStep[]>,
  event: BusEvent,
  rule: RuleIdentity,
): string {
  let output = '';
  for (const { text, variable, isQuoted } of parts) {
    output += text;
    if (variable === undefined) continue;
    const predefined = PREDEFINED[variable];
    const path = steps.get(variable);
    const value =
      predefined === undefined
        ? rendered(path === undefined ? undefined : valueAt(event.parsed, path))
        : predefined(event, rule);
    output += isQuoted ? value.quoted : value.bare;
  }
  return output;
}

/** Cuts the template at its variables, and notes which of them stand inside quotation marks. */
function partsOf(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  let isQuoted = false;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const text = template.slice(from, match.index);
    isQuoted = endsQuoted(text, isQuoted);
    parts.push({ text, variable: match[1], isQuoted });
    from = match.index + match[0].length;
  }
  parts.push({ text: template.slice(from), variable: undefined, isQuoted });
  return parts;
}

function endsQuoted(text: string, startsQuoted: boolean): boolean {
  let isQuoted = startsQuoted;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') isQuoted = !isQuoted;
  }
  return isQuoted;
}

function rendered(value: unknown): Rendered {
  if (value === undefined) return { bare: '""', quoted: '' };
  const bare = JSON.stringify(value);
  return { bare, quoted: typeof value === 'string' ? bare.slice(1, -1) : withoutQuotes(bare) };
}

function withoutQuotes(json: string): string {
  return json.replaceAll('"', '');
}
