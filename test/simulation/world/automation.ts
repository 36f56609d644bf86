import type { Vendor } from './vendor.ts';

/** An org's automation that writes phone numbers in its own way after every write of somebody else. Answers whether it changed any. */
export function phoneAutomation(vendor: Vendor): () => Promise<boolean> {
  const rewritten = new Map<string, string>();
  return async () => {
    let isChanged = false;
    for (const { id, isLive, units } of vendor.records('partner')) {
      const { phone = '' } = units;
      if (!isLive || rewritten.get(id) === phone || !/^\+4930\d{7}$/.test(phone)) continue;
      rewritten.set(id, phone);
      const own = `+49 30 ${phone.slice(5, 8)}-${phone.slice(8)}`;
      if (await vendor.edit('partner', id, { Phone: own })) isChanged = true;
    }
    return isChanged;
  };
}
