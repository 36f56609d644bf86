import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { CliFault } from './cli-fault.ts';
import { DEMO_STEPS } from './demo/demo-steps.ts';
import { startDemoWorld } from './demo/demo-world.ts';
import { marketplaceSteps } from './demo/marketplace-steps.ts';
import { StepFailed, type Teller } from './demo/teller.ts';

/** Plays the main job end to end on simulated systems, tells it step by step, and fails when anything is not as said. */
export async function demo(options: { readonly keep?: boolean; readonly marketplace?: boolean }): Promise<void> {
  const isMarketplace = options.marketplace === true;
  const steps = isMarketplace ? marketplaceSteps() : DEMO_STEPS;
  // A directory of its own, so that it disturbs neither a running hub nor another demo.
  const dataDirectory = resolve('.tributary', `demo-${process.pid}`);
  mkdirSync(dataDirectory, { recursive: true });
  const startedAt = performance.now();
  const seconds = (): string => ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5);
  const tell: Teller = (line) => console.log(`[${seconds()} s] ${line}`);
  tell(
    isMarketplace
      ? 'Starting the hub, a simulated Salesforce, a simulated HubSpot and a simulated AWS account …'
      : 'Starting the hub, a simulated Salesforce and a simulated HubSpot …',
  );
  const world = await startDemoWorld(dataDirectory, { hasSampleData: !isMarketplace, hasAws: isMarketplace });
  let checks = 0;
  try {
    for (const { title, play } of steps) {
      console.log('');
      tell(title);
      checks += await play(world, tell);
    }
    console.log('');
    tell(`Everything is as it was told: ${steps.length} steps, ${checks} checks.`);
  } catch (error) {
    // What is not as told ends the demo; anything else is a defect and shows itself whole.
    if (error instanceof StepFailed) throw new CliFault(`Not as told: ${error.message}`);
    throw error;
  } finally {
    await world.stop();
    if (options.keep === true) tell(`Everything is kept in ${dataDirectory}.`);
    else rmSync(dataDirectory, { recursive: true, force: true });
  }
}
