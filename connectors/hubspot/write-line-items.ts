import { type Fault, succeed } from '../../domain/model/fault.ts';
import type { LineItem } from '../../domain/model/line-item.ts';
import { chunk } from '../kit/chunk.ts';
import type { Call } from '../kit/connector.ts';
import { type LinesPlan, planLines } from '../kit/plan-lines.ts';
import type { RecordAnswer } from './answers.ts';
import type { HubspotApi } from './api.ts';
import { idsIn } from './association-fields.ts';
import { lineItemsField, lineItemToDeal, lineItemType, lineOf } from './line-items.ts';
import { callBudgets } from './rate-limits.ts';
import { isHiddenFrom, readLineItems } from './read-line-items.ts';
import { matchBatch, type Sent, sendInHalves } from './send-batch.ts';
import type { WriteJob } from './write-job.ts';

/**
 * Brings the line items of deals to the lines wanted, as differences against what HubSpot holds right before.
 *
 * A new line item stands by itself, with the product as its SKU and name: it is no entry of the product library, which need not
 * have one. *Bounds*: two reads, and one call for each 100 line items to remove, change and make. *Faults*: put into the jobs.
 */
export async function writeLineItems(call: Call<HubspotApi>, jobs: readonly WriteJob[]): Promise<void> {
  const concerned = jobs.filter(({ item }) => Object.hasOwn(item.values, lineItemsField));
  if (concerned.length === 0) return;
  // A deal just made has none yet.
  const known = concerned.filter(({ isCreated }) => !isCreated);
  const held = await readLineItems(call, known.map(dealOf));
  const plans: JobPlan[] = [];
  for (const job of concerned) {
    const fault = held.ok ? faultFor(job, held.value) : held.fault;
    if (fault !== undefined) job.fault ??= fault;
    else plans.push(planOf(job, held.ok ? (held.value.items.get(dealOf(job)) ?? []) : []));
  }
  await archive(call, plans);
  await update(call, plans.filter(isAlive));
  await create(call, plans.filter(isAlive));
}

interface JobPlan {
  readonly job: WriteJob;
  readonly records: readonly RecordAnswer[];
  readonly lines: LinesPlan;
}

function faultFor(job: WriteJob, { faults, isHidden }: { faults: ReadonlyMap<string, Fault>; isHidden: boolean }) {
  return isHidden && !job.isCreated ? hidden : faults.get(dealOf(job));
}

function planOf(job: WriteJob, records: readonly RecordAnswer[]): JobPlan {
  const wanted = idsIn(job.item.values[lineItemsField]);
  const base = idsIn(job.item.base[lineItemsField]);
  return {
    job,
    records,
    lines: planLines(
      wanted,
      base,
      records.flatMap((record) => lineOf(record) ?? []),
    ),
  };
}

async function archive(call: Call<HubspotApi>, plans: readonly JobPlan[]): Promise<void> {
  const inputs = plans.flatMap(({ job, lines }) => lines.remove.map((id) => ({ key: id, id, job })));
  for (const piece of chunk(inputs, batchMax)) {
    const sent = await sendInHalves<(typeof inputs)[number], undefined>(piece, async (part) => {
      const answer = await call(
        { route: 'line_items.batch.archive', isRepeatable: true, budgets: callBudgets },
        (api, signal) =>
          api.archiveBatch(
            lineItemType,
            part.map(({ id }) => id),
            signal,
          ),
      );
      return answer.ok ? succeed(new Map(part.map(({ key }) => [key, succeed(undefined)]))) : answer;
    });
    settle(piece, sent);
  }
}

async function update(call: Call<HubspotApi>, plans: readonly JobPlan[]): Promise<void> {
  const inputs = plans.flatMap(({ job, records, lines }) =>
    lines.change.map(({ id, quantity, price }) => {
      const properties = records.find((record) => record.id === id)?.properties ?? {};
      // The price of a line is what is paid for one, so a discount that stood beside the former price goes.
      const discounts = ['discount', 'hs_discount_percentage'].filter((name) => !isEmpty(properties[name]));
      const cleared = Object.fromEntries(discounts.map((name) => [name, '']));
      return { key: id, traceId: id, id, job, properties: { quantity, price, ...cleared } };
    }),
  );
  for (const piece of chunk(inputs, batchMax)) {
    const sent = await sendInHalves(piece, async (part) => {
      const answer = await call(
        { route: 'line_items.batch.update', isRepeatable: true, budgets: callBudgets },
        (api, signal) => api.updateBatch(lineItemType, part, signal),
      );
      return answer.ok ? succeed(matchBatch(part, answer.value, 'update')) : answer;
    });
    settle(piece, sent);
  }
}

async function create(call: Call<HubspotApi>, plans: readonly JobPlan[]): Promise<void> {
  const inputs = plans.flatMap(({ job, lines }) =>
    lines.add.map((line, place) => {
      const key = `${job.key}-${place}`;
      const associations = [{ toId: dealOf(job), typeId: lineItemToDeal }];
      return { key, traceId: key, job, properties: propertiesOf(job, line), associations };
    }),
  );
  for (const piece of chunk(inputs, batchMax)) {
    const sent = await sendInHalves(piece, async (part) => {
      const answer = await call(
        // Nothing keeps a line item unique: after a lost answer the next delivery reads what is there before it adds.
        { route: 'line_items.batch.create', isRepeatable: false, budgets: callBudgets },
        (api, signal) => api.createBatch(lineItemType, part, signal),
      );
      return answer.ok ? succeed(matchBatch(part, answer.value, 'create')) : answer;
    });
    settle(piece, sent);
  }
}

function propertiesOf({ item }: WriteJob, { product, quantity, price }: LineItem): Readonly<Record<string, string>> {
  const currency = item.values.deal_currency_code ?? item.base.deal_currency_code;
  return {
    name: product,
    hs_sku: product,
    quantity,
    price,
    ...(typeof currency === 'string' && currency !== '' ? { hs_line_item_currency_code: currency } : {}),
  };
}

function settle(inputs: readonly { readonly key: string; readonly job: WriteJob }[], sent: Sent<unknown>): void {
  for (const { key, job } of inputs) {
    // Line items are records of their own; the deal's time of change is read anew.
    job.modifiedAt = undefined;
    const outcome = sent.get(key);
    if (outcome?.ok === false) job.fault ??= ofLines(outcome.fault);
  }
}

/** What is refused or gone here is a line item, not the deal. */
function ofLines(fault: Fault): Fault {
  if (fault.kind === 'missing') return { ...fault, kind: 'conflict' };
  if (isHiddenFrom(fault)) return hidden;
  const { unseen: _ofLineItems, ...rest } = fault;
  return fault.kind === 'rejected' ? { ...rest, fields: [lineItemsField] } : fault;
}

const hidden: Fault = {
  kind: 'rejected',
  code: 'MISSING_SCOPES',
  message: 'The HubSpot app may not see line items; grant it their scopes, or take the line out of the mapping.',
  fields: [lineItemsField],
  unseen: [lineItemsField],
};

const batchMax = 100;

function isAlive({ job }: JobPlan): boolean {
  return job.fault === undefined;
}

/** Only called for jobs whose deal is there. */
function dealOf({ externalId }: WriteJob): string {
  return externalId ?? '';
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}
