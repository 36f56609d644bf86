import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The vendor's service models, which lie outside the repository and may be absent. */
export const modelFolder = resolve(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts/aws/botocore');
export const hasModels = existsSync(modelFolder);
export const modelNote = hasModels ? '' : ' (skipped: the shared contract files are not there)';

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string; readonly location?: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly document?: boolean;
  readonly error?: { readonly httpStatusCode?: number };
}

interface OperationModel {
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors?: readonly { readonly shape: string }[];
}

/** A service's model, and whether messages fit it. */
export class ServiceModel {
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly #shapes: Readonly<Record<string, Shape>>;
  readonly #hasPatterns: boolean;

  /** Without patterns where the vendor's own samples break them. */
  constructor(name: string, options: { readonly hasPatterns: boolean }) {
    // The files are the vendor's; what is used of them is what botocore's format documents.
    const model = JSON.parse(readFileSync(resolve(modelFolder, `${name}.service-2.json`), 'utf8')) as {
      readonly operations: Readonly<Record<string, OperationModel>>;
      readonly shapes: Readonly<Record<string, Shape>>;
    };
    this.operations = model.operations;
    this.#shapes = model.shapes;
    this.#hasPatterns = options.hasPatterns;
  }

  /** What of a request does not fit the model; nothing when all does. */
  requestFlaws(operation: string, value: unknown): readonly string[] {
    return this.#flaws(this.operations[operation]?.input?.shape, value, operation);
  }

  answerFlaws(operation: string, value: unknown): readonly string[] {
    return this.#flaws(this.operations[operation]?.output?.shape, value, operation);
  }

  /** What of a refusal is none of the operation's exceptions, or does not fit it. */
  refusalFlaws(operation: string, type: string, status: number, members: unknown): readonly string[] {
    const isKnown = this.operations[operation]?.errors?.some(({ shape }) => shape === type) === true;
    if (!isKnown) return [`${operation} has no ${type}`];
    const expected = this.#shapes[type]?.error?.httpStatusCode ?? 400;
    const flaws = this.#flaws(type, members, `${operation} ${type}`);
    return status === expected ? flaws : [...flaws, `${type} is ${status}, not ${expected}`];
  }

  /** Members of the request that must be there, and those that are enumerations. */
  requestRules(operation: string): { readonly required: readonly string[]; readonly enumerated: readonly string[] } {
    const shape = this.#shape(this.operations[operation]?.input?.shape);
    const enumerated = Object.entries(shape.members ?? {}).flatMap(([name, member]) =>
      this.#shape(member.shape).enum === undefined ? [] : [name],
    );
    return { required: shape.required ?? [], enumerated };
  }

  #shape(name: string | undefined): Shape {
    return this.#shapes[name ?? ''] ?? { type: 'structure', members: {} };
  }

  #flaws(name: string | undefined, value: unknown, path: string): readonly string[] {
    // Services answer null for what is not there.
    if (value === undefined || value === null) return [];
    const shape = this.#shape(name);
    if (shape.document === true) return [];
    switch (shape.type) {
      case 'structure':
        return this.#structureFlaws(shape, value, path);
      case 'list':
        if (!Array.isArray(value)) return [`${path} is no list`];
        return [
          ...sizeFlaws(shape, value.length, path),
          ...value.flatMap((item, index) => this.#flaws(shape.member?.shape, item, `${path}[${index}]`)),
        ];
      case 'map':
        return Object.entries(value).flatMap(([key, item]) => [
          ...this.#flaws(shape.key?.shape, key, `${path} key`),
          ...this.#flaws(shape.value?.shape, item, `${path}.${key}`),
        ]);
      case 'string':
        return this.#stringFlaws(shape, value, path);
      case 'boolean':
        return typeof value === 'boolean' ? [] : [`${path} is no boolean`];
      case 'integer':
      case 'long':
        return Number.isInteger(value) ? sizeFlaws(shape, Number(value), path) : [`${path} is no whole number`];
      default:
        return typeof value === 'number' ? [] : [`${path} is no number`];
    }
  }

  #structureFlaws(shape: Shape, value: unknown, path: string): readonly string[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no structure`];
    // Checked on the line before.
    const given = value as Readonly<Record<string, unknown>>;
    const missing = (shape.required ?? []).filter((member) => given[member] === undefined || given[member] === null);
    return [
      ...missing.map((member) => `${path}.${member} is missing`),
      ...Object.entries(given).flatMap(([member, item]) => {
        const known = shape.members?.[member];
        return known === undefined
          ? [`${path}.${member} is no member`]
          : this.#flaws(known.shape, item, `${path}.${member}`);
      }),
    ];
  }

  #stringFlaws(shape: Shape, value: unknown, path: string): readonly string[] {
    if (typeof value !== 'string') return [`${path} is no text`];
    const isListed = shape.enum === undefined || shape.enum.includes(value);
    const isFormed =
      !this.#hasPatterns || shape.pattern === undefined || new RegExp(`^(?:${shape.pattern})$`, 'u').test(value);
    return [
      ...sizeFlaws(shape, value.length, path),
      ...(isListed ? [] : [`${path} has no value ${value}`]),
      ...(isFormed ? [] : [`${path} is not formed like ${shape.pattern}: ${value}`]),
    ];
  }
}

function sizeFlaws({ min, max }: Shape, size: number, path: string): readonly string[] {
  return (min !== undefined && size < min) || (max !== undefined && size > max)
    ? [`${path} is ${size}, outside ${min ?? ''} to ${max ?? ''}`]
    : [];
}
