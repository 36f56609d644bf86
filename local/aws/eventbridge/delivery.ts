/** One event on its way to one target: everything needed to deliver it, also after a restart. */
export interface Delivery {
  readonly sequence: number;
  readonly targetArn: string;
  readonly ruleArn: string;
  readonly input: string;
  readonly acceptedAt: number;
  readonly attemptsMax: number;
  readonly ageMsMax: number;
  readonly deadLetterArn: string | undefined;
  readonly messageGroupId: string | undefined;
  /** Tries made so far in this run of the hub. */
  attempts: number;
}

/** How one try to deliver ended. */
export type DeliveryOutcome =
  | { readonly kind: 'delivered' }
  /** Worth another try: the target is busy, unreachable or failed. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  /** Will never succeed: the target is not there or refuses the input. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** Delivers a group of events to one target; one outcome for each, in the same order. */
export type Deliver = (targetArn: string, deliveries: readonly Delivery[]) => Promise<readonly DeliveryOutcome[]>;
