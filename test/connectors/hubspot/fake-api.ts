import type { HubspotApi } from '../../../connectors/hubspot/api.ts';
import { classify } from '../../../connectors/hubspot/classify.ts';
import type { Call } from '../../../connectors/kit/connector.ts';
import { fail, succeed } from '../../../domain/model/fault.ts';

/** A call that goes straight to an API of which only some methods are there; what it throws is classified, nothing is repeated. */
export function callTo(api: Partial<HubspotApi>): Call<HubspotApi> {
  const refuse = (name: string) => () => Promise.reject(new Error(`${name} was not expected to be called.`));
  const whole = new Proxy(api, {
    get: (target, name: string) => Reflect.get(target, name) ?? refuse(name),
    // The proxy has every method: those not given reject.
  }) as HubspotApi;
  return async (request, perform) => {
    try {
      return succeed(await perform(whole, AbortSignal.timeout(60_000)));
    } catch (error) {
      // The kit turns exceptions of an API into faults; here the connector's own classification is enough.
      return fail(classify(error, request));
    }
  };
}
