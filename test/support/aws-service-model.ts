/**
 * An AWS service as botocore describes it (`service-2.json`), for tests of what is said to the service and what it says.
 * *Source*: https://github.com/boto/botocore, `botocore/data/<service>/<version>/service-2.json`.
 */
export interface ServiceModelFile {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

interface Operation {
  readonly input?: ShapeRef;
  readonly output?: ShapeRef;
  readonly errors?: readonly ShapeRef[];
}

interface ShapeRef {
  readonly shape: string;
}

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, ShapeRef>>;
  readonly required?: readonly string[];
  readonly member?: ShapeRef;
  readonly value?: ShapeRef;
  readonly union?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  /** Any JSON, of which the model says nothing. */
  readonly document?: boolean;
  /** Without it an instant is a number of seconds. */
  readonly timestampFormat?: string;
  readonly error?: { readonly httpStatusCode?: number };
}

/** Where a value departs from its shape. */
export interface ModelFlaw {
  /** `Project.ExpectedCustomerSpend[0].Amount` */
  readonly path: string;
  readonly kind: 'missing' | 'unknown' | 'type' | 'enum' | 'pattern' | 'size' | 'range' | 'union';
}

/** A request that departs from its shape in one place. */
export interface Breach extends ModelFlaw {
  readonly input: unknown;
  /** Of sizes and ranges: whether there is too little. */
  readonly isBelow: boolean;
}

export class ServiceModel {
  readonly #file: ServiceModelFile;

  constructor(file: ServiceModelFile) {
    this.#file = file;
  }

  get operations(): readonly string[] {
    return Object.keys(this.#file.operations);
  }

  inputOf(operation: string): string {
    return this.#file.operations[operation]?.input?.shape ?? missing(operation);
  }

  /** Of operations without a described output, a structure without members. */
  outputOf(operation: string): string | undefined {
    return this.#file.operations[operation]?.output?.shape;
  }

  /** All places where a value departs from a shape. `null` counts as absent. */
  flaws(shapeName: string, value: unknown, path = ''): readonly ModelFlaw[] {
    const shape = this.#shape(shapeName);
    const flaw = (kind: ModelFlaw['kind']): readonly ModelFlaw[] => [{ path, kind }];
    if (shape.document === true) return [];
    switch (shape.type) {
      case 'structure': {
        if (!isObject(value)) return flaw('type');
        const members = shape.members ?? {};
        const given = Object.keys(value).filter((name) => value[name] !== null && value[name] !== undefined);
        return [
          ...(shape.required ?? []).filter((name) => !given.includes(name)).map((name) => at(path, name, 'missing')),
          ...Object.keys(value)
            .filter((name) => !(name in members))
            .map((name) => at(path, name, 'unknown')),
          ...(shape.union === true && given.length !== 1 ? flaw('union') : []),
          ...given.flatMap((name) => {
            const member = members[name];
            return member === undefined ? [] : this.flaws(member.shape, value[name], join(path, name));
          }),
        ];
      }
      case 'list':
        if (!Array.isArray(value)) return flaw('type');
        return [
          ...(isOutside(value.length, shape) ? flaw('size') : []),
          ...value.flatMap((item, index) => this.flaws(shape.member?.shape ?? '', item, `${path}[${index}]`)),
        ];
      case 'map':
        if (!isObject(value)) return flaw('type');
        return Object.keys(value).flatMap((key) => this.flaws(shape.value?.shape ?? '', value[key], join(path, key)));
      case 'string':
        if (typeof value !== 'string') return flaw('type');
        if (shape.enum !== undefined) return shape.enum.includes(value) ? [] : flaw('enum');
        if (shape.pattern !== undefined && !patternOf(shape.pattern).test(value)) return flaw('pattern');
        return isOutside(value.length, shape) ? flaw('range') : [];
      case 'timestamp':
        if (shape.timestampFormat === undefined) return typeof value === 'number' ? [] : flaw('type');
        return typeof value === 'string' && INSTANT.test(value) ? [] : flaw('type');
      case 'double':
        return typeof value === 'number' ? [] : flaw('type');
      case 'integer':
      case 'long':
        if (typeof value !== 'number' || !Number.isInteger(value)) return flaw('type');
        return isOutside(value, shape) ? flaw('range') : [];
      case 'boolean':
        return typeof value === 'boolean' ? [] : flaw('type');
      default:
        throw new Error(`The model's type ${shape.type} is not known here.`);
    }
  }

  /** What of a refusal is none of the operation's exceptions, has another status, or departs from the exception's shape. */
  refusalFlaws(operation: string, type: string, status: number, members: unknown): readonly ModelFlaw[] {
    const isKnown = this.#file.operations[operation]?.errors?.some(({ shape }) => shape === type) === true;
    if (!isKnown) return [{ path: type, kind: 'unknown' }];
    const expected = this.#shape(type).error?.httpStatusCode ?? 400;
    return [
      ...this.flaws(type, members, type),
      ...(status === expected ? [] : [{ path: `${type} is ${status}, not ${expected}`, kind: 'enum' as const }]),
    ];
  }

  /** Members of a request that must be there, and those that have only some values. */
  requestRules(operation: string): { readonly required: readonly string[]; readonly enumerated: readonly string[] } {
    const { members = {}, required = [] } = this.#shape(this.inputOf(operation));
    const enumerated = Object.keys(members).filter(
      (name) => this.#shape(members[name]?.shape ?? '').enum !== undefined,
    );
    return { required, enumerated };
  }

  /**
   * A value of the shape with all its members; of a union, the one at `choice`. `texts` has those of text shapes whose form
   * cannot be guessed.
   */
  sample(shapeName: string, texts: Readonly<Record<string, string>>, choice = 0): unknown {
    const shape = this.#shape(shapeName);
    switch (shape.type) {
      case 'structure': {
        const members = Object.entries(shape.members ?? {});
        const taken = shape.union === true ? members.slice(choice % members.length).slice(0, 1) : members;
        return Object.fromEntries(taken.map(([name, member]) => [name, this.sample(member.shape, texts, choice)]));
      }
      case 'list':
        return [this.sample(shape.member?.shape ?? '', texts, choice)];
      case 'map':
        return {};
      case 'string':
        return texts[shapeName] ?? shape.enum?.[0] ?? 'x'.repeat(Math.max(1, lengthsOf(shape)?.min ?? 1));
      case 'timestamp':
        return '2026-03-02T10:15:00.123456789Z';
      case 'boolean':
        return true;
      default:
        return shape.min ?? 1;
    }
  }

  /** Requests that each depart from the shape in one place, made of one that fits. */
  *breaches(
    shapeName: string,
    value: unknown,
    path = '',
    whole: (part: unknown) => unknown = (part) => part,
  ): Generator<Breach> {
    const shape = this.#shape(shapeName);
    const breach = (kind: ModelFlaw['kind'], part: unknown, isBelow = false): Breach => ({
      path,
      kind,
      input: whole(part),
      isBelow,
    });
    if (shape.type === 'structure' && isObject(value)) {
      for (const [name, member] of Object.entries(shape.members ?? {})) {
        if (value[name] === undefined) continue;
        const { [name]: taken, ...others } = value;
        if (shape.required?.includes(name) === true) {
          yield { path: join(path, name), kind: 'missing', input: whole(others), isBelow: false };
        }
        yield* this.breaches(member.shape, taken, join(path, name), (part) => whole({ ...value, [name]: part }));
      }
    } else if (shape.type === 'list' && Array.isArray(value)) {
      const [first] = value;
      if (shape.max !== undefined)
        yield breach(
          'size',
          Array.from({ length: shape.max + 1 }, () => first),
        );
      if (shape.min !== undefined && shape.min > 0) yield breach('size', [], true);
      yield* this.breaches(shape.member?.shape ?? '', first, `${path}[0]`, (part) => whole([part]));
    } else if (shape.type === 'string') {
      if (shape.enum !== undefined) yield breach('enum', 'Not of this enumeration');
      else if (shape.pattern !== undefined) {
        const pattern = patternOf(shape.pattern);
        for (const text of MISFITS) if (!pattern.test(text)) yield breach('pattern', text);
      }
    } else if (shape.type === 'integer') {
      if (shape.max !== undefined) yield breach('range', shape.max + 1);
      if (shape.min !== undefined) yield breach('range', shape.min - 1, true);
    }
  }

  #shape(name: string): Shape {
    return this.#file.shapes[name] ?? missing(name);
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const MISFITS = ['', '§§', 'x'.repeat(2_049)];

/** The model's patterns are Java's, and match whole texts. */
function patternOf(pattern: string): RegExp {
  // Java lets `-` be escaped anywhere, where it needs no escape.
  const source = pattern.replace('(?s)', '').replace(/\\-(?![^[]*\])/g, '-');
  return new RegExp(`^(?:${source})$`, 'su');
}

/** How long a text must be, where the pattern says nothing else. */
function lengthsOf({ pattern, min }: Shape): { readonly min: number } | undefined {
  const found = pattern === undefined ? null : /^(?:\(\?s\))?\.\{(\d+),\d+\}$/.exec(pattern);
  return found === null ? (min === undefined ? undefined : { min }) : { min: Number(found[1]) };
}

function isOutside(size: number, { min, max }: Shape): boolean {
  return (min !== undefined && size < min) || (max !== undefined && size > max);
}

function at(path: string, name: string, kind: ModelFlaw['kind']): ModelFlaw {
  return { path: join(path, name), kind };
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(name: string): never {
  throw new Error(`The model has no ${name}.`);
}
