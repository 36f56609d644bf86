import { hash } from 'node:crypto';
import type { SystemValue, Value } from './value.ts';

/**
 * A short, stable hash of a value: 10 characters, 60 bits. Used for intents and refused values, where two values of one
 * field of one record are told apart; never as proof against an attacker.
 */
export function shortHash(value: Value | SystemValue): string {
  return hash('sha1', JSON.stringify(value) ?? 'undefined', 'base64url').slice(0, 10);
}
