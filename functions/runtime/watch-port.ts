import { DAY_SPENT } from '../../connectors/kit/budget-keeper.ts';
import type { Fault, Result } from '../../domain/model/fault.ts';
import type { SystemPort } from '../../domain/pipeline/ports.ts';

/**
 * The same port, which tells `onRefused` of every call that the system refused for its credentials, before it answers, and
 * `onDaySpent` of every call that waits because the day's allowance is used up.
 */
export function watchPort(
  port: SystemPort,
  onRefused: (fault: Fault) => Promise<void>,
  onDaySpent: () => void = () => undefined,
): SystemPort {
  const watch = async <T>(answer: Promise<Result<T>>): Promise<Result<T>> => {
    const result = await answer;
    if (!result.ok && result.fault.kind === 'credential') await onRefused(result.fault);
    if (!result.ok && result.fault.code === DAY_SPENT) onDaySpent();
    return result;
  };
  return {
    connection: port.connection,
    system: port.system,
    limits: (object) => port.limits(object),
    read: (object, ids, fields, work) => watch(port.read(object, ids, fields, work)),
    find: (object, hubIdField, unifiedIds, work) => watch(port.find(object, hubIdField, unifiedIds, work)),
    newcomers: (object, hubIdField, since, work) => watch(port.newcomers(object, hubIdField, since, work)),
    changes: (object, mode, position, connectedAt, work) =>
      watch(port.changes(object, mode, position, connectedAt, work)),
    account: () => watch(port.account()),
    async write(object, hubIdField, items, work) {
      const outcomes = await port.write(object, hubIdField, items, work);
      if (outcomes.some((each) => each.outcome === 'failed' && each.fault.code === DAY_SPENT)) onDaySpent();
      for (const each of outcomes) {
        if (each.outcome !== 'failed' || each.fault.kind !== 'credential') continue;
        // One is enough: a credential is refused for all items or for none.
        await onRefused(each.fault);
        break;
      }
      return outcomes;
    },
  };
}
