import { REQUEST_STATES, type RequestRule, type VocabularyField } from '../model/vocabulary.ts';
import type { VocabularyDocument } from './documents.ts';
import type { Report } from './mapping-issue.ts';
import { suggestion } from './suggestion.ts';

type RequestDocument = NonNullable<VocabularyDocument['requests']>[number];

/** Compiles what a kind's records tell of what was asked for. Mistakes are reported. */
export function compileRequests(
  requests: readonly RequestDocument[],
  fields: ReadonlyMap<string, VocabularyField>,
  report: Report,
): readonly RequestRule[] {
  const told = new Set<string>();
  return requests.map(({ of, state, error }, index) => {
    const complain = (key: string, reason: string): void => report(['requests', index, key], reason);
    checkOwn(fields, state, 'choice', (reason) => complain('state', reason));
    checkOwn(fields, error, 'long-text', (reason) => complain('error', reason));
    const choices = fields.get(state)?.choices ?? [];
    if (REQUEST_STATES.some((each) => !choices.includes(each)) || choices.length !== REQUEST_STATES.length)
      complain('state', `"${state}" must have the choices ${REQUEST_STATES.join(', ')}`);
    for (const [key, name] of [['state', state] as const, ['error', error] as const]) {
      if (told.has(name)) complain(key, `"${name}" tells of something else already`);
      told.add(name);
    }
    const [system = '', object = ''] = of.split('/');
    return { system, object, state, error };
  });
}

function checkOwn(
  fields: ReadonlyMap<string, VocabularyField>,
  name: string,
  type: VocabularyField['type'],
  complain: (reason: string) => void,
): void {
  const field = fields.get(name);
  if (field === undefined) {
    complain(`no field is called "${name}"${suggestion(name, fields.keys())}`);
    return;
  }
  if (field.type !== type) complain(`must be of type ${type}; "${name}" is of type ${field.type}`);
  if (field.survivorship.by !== 'hub') complain(`"${name}" must have "survivorship: hub"`);
}
