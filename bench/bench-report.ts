import { parseArgs } from 'node:util';
import { machine } from './machine.ts';

/** What a bench may be told on its command line. */
export interface BenchFlags {
  /** Small numbers: to see that it works, not to learn how fast it is. */
  readonly quick: boolean;
  /** Larger numbers than can be waited for usually. */
  readonly full: boolean;
  /** Where to write CPU profiles of the hub's threads. */
  readonly profile: string | undefined;
}

/** One figure beside what it should be. */
export interface Aim {
  readonly aim: string;
  readonly wanted: string;
  readonly got: number;
  readonly isMet: boolean;
}

/** An aim that a figure should reach at least. */
export function atLeast(aim: string, wanted: number, got: number): Aim {
  return { aim, wanted: `at least ${wanted}`, got, isMet: got >= wanted };
}

/** An aim that a figure should not pass. */
export function atMost(aim: string, wanted: number, got: number): Aim {
  return { aim, wanted: `at most ${wanted}`, got, isMet: got <= wanted };
}

/** The flags of this process. *Faults*: throws for an unknown one. */
export function readFlags(): BenchFlags {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, full: { type: 'boolean' }, profile: { type: 'string' } },
  });
  return { quick: values.quick ?? false, full: values.full ?? false, profile: values.profile };
}

/** Prints what a bench found as one line of JSON. */
export function report(bench: string, flags: BenchFlags, figures: object): void {
  console.log(JSON.stringify({ bench, size: sizeOf(flags), machine: machine(), ...figures }));
}

function sizeOf({ quick, full }: BenchFlags): string {
  if (quick) return 'quick';
  return full ? 'full' : 'usual';
}
