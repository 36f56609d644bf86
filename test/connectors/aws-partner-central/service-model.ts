/** The parts of a botocore service model that say what a request may look like. */
export interface ServiceModel {
  readonly operations: Readonly<Record<string, { readonly input: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

/**
 * What a request has that the model of its operation does not allow, each as `path: what`; empty when it fits. Patterns are anchored, as
 * the services anchor them.
 */
export function flawsOfRequest(model: ServiceModel, operation: string, input: unknown): readonly string[] {
  const shape = model.operations[operation]?.input.shape;
  return shape === undefined ? [`${operation}: no such operation`] : flawsOf(model, shape, input, operation);
}

function flawsOf(model: ServiceModel, name: string, value: unknown, path: string): readonly string[] {
  const shape = model.shapes[name];
  if (shape === undefined) return [`${path}: no such shape`];
  switch (shape.type) {
    case 'structure':
      return flawsOfStructure(model, shape, value, path);
    case 'list': {
      if (!Array.isArray(value)) return [`${path}: is no list`];
      const element = shape.member?.shape ?? '';
      return [
        ...flawsOfSize(shape, value.length, path),
        ...value.flatMap((each, index) => flawsOf(model, element, each, `${path}[${index}]`)),
      ];
    }
    case 'string':
      return typeof value === 'string' ? flawsOfText(shape, value, path) : [`${path}: is no text`];
    case 'timestamp':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? [] : [`${path}: is no time`];
    case 'integer':
      return Number.isInteger(value) ? flawsOfSize(shape, Number(value), path) : [`${path}: is no whole number`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path}: is no yes or no`];
    default:
      return [`${path}: of type ${shape.type}, which nobody checks`];
  }
}

function flawsOfStructure(model: ServiceModel, shape: Shape, value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: is no structure`];
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  const missing = (shape.required ?? []).filter((name) => !given.some(([each]) => each === name));
  return [
    ...missing.map((name) => `${path}.${name}: is missing`),
    ...given.flatMap(([name, member]) => {
      const known = shape.members?.[name];
      return known === undefined
        ? [`${path}.${name}: is unknown`]
        : flawsOf(model, known.shape, member, `${path}.${name}`);
    }),
  ];
}

function flawsOfText(shape: Shape, value: string, path: string): readonly string[] {
  const flaws = [...flawsOfSize(shape, [...value].length, path)];
  if (shape.enum !== undefined && !shape.enum.includes(value)) flaws.push(`${path}: is none of the values`);
  if (shape.pattern !== undefined) {
    // Java's inline flag for "the dot takes line ends too".
    const dotAll = shape.pattern.startsWith('(?s)');
    const source = dotAll ? shape.pattern.slice(4) : shape.pattern;
    if (!new RegExp(`^(?:${source})$`, dotAll ? 'su' : 'u').test(value))
      flaws.push(`${path}: does not fit the pattern`);
  }
  return flaws;
}

function flawsOfSize({ min, max, type }: Shape, size: number, path: string): readonly string[] {
  const unit = type === 'integer' ? '' : ' long';
  if (min !== undefined && size < min) return [`${path}: is less than ${min}${unit}`];
  return max !== undefined && size > max ? [`${path}: is more than ${max}${unit}`] : [];
}
