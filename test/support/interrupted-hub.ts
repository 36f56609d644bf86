import type { Hub, SystemPort } from '../../domain/pipeline/ports.ts';

/** Thrown where a worker is killed. */
export class Killed extends Error {}

/**
 * The hub as a worker sees it, with `before` called ahead of every call of the store, the outbox and the systems, with the number
 * of the call from 1 on. Throwing there kills the worker; anything else it does happens in the middle of the work.
 */
export function interruptedHub(hub: Hub, before: (call: number) => Promise<void>): Hub {
  let calls = 0;
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || name === 'limits' || name === 'everything') return member;
        return async (...given: unknown[]) => {
          calls += 1;
          await before(calls);
          return Reflect.apply(member, target, given);
        };
      },
    });
  const system = async (connection: string): ReturnType<Hub['system']> => {
    const opened = await hub.system(connection);
    return opened.ok ? { ok: true, value: wrap<SystemPort>(opened.value) } : opened;
  };
  return { ...hub, store: wrap(hub.store), outbox: wrap(hub.outbox), system };
}

/** A hub that is killed at one call. */
export function killedHub(hub: Hub, at: number): Hub {
  return interruptedHub(hub, async (call) => {
    if (call === at) throw new Killed(`call ${call}`);
  });
}
