import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type SeededRandom, seededRandom } from '../local/simulators/sample-data/seeded-random.ts';
import { connectionsText } from './bench-world.ts';
import { startChild } from './child.ts';
import { endOnSignal } from './end-on-signal.ts';
import { median, rounded, total } from './figures.ts';
import { hubspotSide } from './hubspot-side.ts';
import { checkSystems } from './kill-run/check-systems.ts';
import type { SideName } from './kill-run/kill-run-ledger.ts';
import { type KillMoment, killAgainAndAgain, mortalHub } from './kill-run/mortal-hub.ts';
import { peopleOf } from './kill-run/people.ts';
import { deadLetters, openProblems, waitForRest } from './kill-run/rest.ts';
import { startRoughWebhooks } from './kill-run/rough-webhooks.ts';
import { hubspotAccount, salesforceAccount } from './kill-run/vendor-accounts.ts';
import { machine } from './machine.ts';
import { seedPairs } from './partner-edits.ts';
import { salesforceSide } from './salesforce-side.ts';
import type { SimulatorsDuties } from './simulators-process.ts';
import { vendorHttp } from './vendor-http.ts';
import type { VendorSide } from './vendor-side.ts';

/** What is done. */
interface KillRunSize {
  readonly kills: number;
  readonly changes: number;
  readonly seed: number;
}

const USAGE = `npm run kill-run -- [--kills <n>] [--changes <n>] [--seed <n>]

People change records in two simulated systems while the hub between them is killed with SIGKILL again and again and started
anew, and while webhooks are lost, repeated and overtake one another. In the end both systems are held to what people did.
Ends with 1 if anything was lost, is there twice, differs, or is left over.
  --kills <n>    how often the hub is killed (default 50)
  --changes <n>  how many changes people make (default 10,000)
  --seed <n>     decides who does what and when the hub is killed (default 1)`;

const ROOT = resolve(import.meta.dirname, '..');
/** Companies that both systems have in the beginning; so many that most are changed a few times. */
const PAIRS_PER_CHANGE = 0.2;
const PAIRS_MIN = 50;
/** How long a hub lives, ms; and after how long one is killed that is just starting. */
const LIFE = { leastMs: 1_000, moreMs: 9_000 } as const;
const START_KILL = { share: 0.1, leastMs: 200, moreMs: 1_800 } as const;
/** About what a start takes; people work on meanwhile. */
const START_MS = 2_500;
const REST_MS_MAX = 900_000;
const SHOWN_MAX = 20;

async function killRun({ kills, changes, seed }: KillRunSize) {
  const beganAt = performance.now();
  const say = (line: string): void =>
    console.error(`${String(Math.round((performance.now() - beganAt) / 1_000)).padStart(5)} s  ${line}`);
  const directory = mkdtempSync(join(tmpdir(), 'tributary-kill-run-'));
  endOnSignal(() => rmSync(directory, { recursive: true, force: true }));
  const simulators = startChild<SimulatorsDuties>(new URL('./simulators-process.ts', import.meta.url));
  const webhooks = await startRoughWebhooks(seededRandom(seed + 1));
  const urls = await simulators.ask('start', undefined);
  const connectionsFile = join(directory, 'connections.yaml');
  writeFileSync(connectionsFile, connectionsText(urls));
  const mortal = mortalHub({ root: ROOT, dataDirectory: join(directory, 'hub'), connectionsFile });
  try {
    const sides = { salesforce: await salesforceSide(urls.salesforce), hubspot: hubspotSide(urls.hubspot) };
    for (const side of Object.values(sides)) await side.reset();
    const pairs = await seedPairs(sides, Math.max(PAIRS_MIN, Math.round(changes * PAIRS_PER_CHANGE)));
    const first = await mortal.start();
    await first.hub.backfill();
    await first.hub.release();
    say(`${pairs.length} companies are known on both sides; the hub started in ${rounded(first.seconds, 1)} s`);

    webhooks.leadTo(first.hub.url);
    for (const side of Object.values(sides)) await side.tell(webhooks.url);
    await misbehave(urls);
    const callsBefore = await vendorCalls(sides);
    const accounts = { salesforce: await salesforceAccount(urls.salesforce), hubspot: hubspotAccount(urls.hubspot) };
    const people = peopleOf({ random: seededRandom(seed), accounts, pairs });
    const moments = killMoments(seededRandom(seed + 2), kills);
    let starts = 0;
    let wait = { since: performance.now(), ms: 1 };
    // By kills, and from one to the next by time: so people work while the hub is up, while it is down and until the last kill.
    const progress = (): number =>
      Math.min(1, (starts + Math.min(1, (performance.now() - wait.since) / (wait.ms + START_MS))) / kills);
    const working = people.work(changes, progress);
    const { hub, log } = await killAgainAndAgain(mortal, moments, first.hub, {
      onWait: (ms) => {
        wait = { since: performance.now(), ms };
      },
      onDown: () => webhooks.leadTo(undefined),
      onUp(hub, seconds) {
        webhooks.leadTo(hub.url);
        starts += 1;
        const { lost, failed } = webhooks.counts();
        say(
          `kill ${starts} of ${kills}, up again in ${rounded(seconds, 1)} s; ${people.made()} changes, ${lost + failed} webhooks lost`,
        );
      },
    });
    await working;
    const lastChangeAt = Date.now();
    say(`the last of ${people.made()} changes is made and the last of ${kills} kills is over; waiting for rest`);
    await webhooks.idle();
    await waitForRest(hub, lastChangeAt, REST_MS_MAX);

    const systems = { salesforce: await accounts.salesforce.companies(), hubspot: await accounts.hubspot.companies() };
    const dead = await deadLetters(hub);
    const { violations, unexplained, twinsTwice } = checkSystems(people.ledger, systems, await openProblems(hub));
    const ownCalls = accounts.salesforce.ownCalls() + accounts.hubspot.ownCalls();
    return {
      seed,
      machine: machine(),
      changes: people.made(),
      companies: people.ledger.length,
      kills: { atWork: log.atWork, atStart: log.atStart },
      restartSeconds: {
        median: rounded(median(log.restartSeconds), 1),
        longest: rounded(Math.max(...log.restartSeconds), 1),
      },
      webhooks: { ...webhooks.counts(), bySystems: await sentWebhooks(urls) },
      vendorCallsPerChange: rounded(
        (total(await vendorCalls(sides)) - total(callsBefore) - ownCalls) / people.made(),
        2,
      ),
      seconds: {
        all: Math.round((performance.now() - beganAt) / 1_000),
        rest: Math.round((Date.now() - lastChangeAt) / 1_000),
      },
      violations: byName(violations.map(({ what }) => what)),
      deadLetters: dead,
      openProblems: byName(unexplained.map(({ cause, connection }) => `${connection} ${cause}`)),
      twins: { made: people.ledger.filter(({ isTwin }) => isTwin).length, twiceInOneSystem: twinsTwice },
      isHeld: violations.length === 0 && Object.keys(dead).length === 0 && unexplained.length === 0,
      shown: [
        ...violations.slice(0, SHOWN_MAX).map(({ what, detail }) => `${what}: ${detail}`),
        ...unexplained.slice(0, SHOWN_MAX).map((problem) => JSON.stringify(problem)),
      ],
    };
  } finally {
    await mortal.stop();
    await simulators.stop();
    await webhooks.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Events lost, doubled and reordered before they leave the systems; beside what happens to whole requests on their way. */
const MISBEHAVIOUR = { drop: { every: 41 }, duplicate: { every: 5 }, reorder: { every: 3 } } as const;

async function misbehave(urls: Urls): Promise<void> {
  await vendorHttp(`${urls.hubspot}/_simulator/webhooks`, 'PUT', {}, { misbehaviour: MISBEHAVIOUR });
  await vendorHttp(`${urls.salesforce}/_simulator/outbound-messages/misbehaviour`, 'PUT', {}, MISBEHAVIOUR);
}

interface Urls {
  readonly salesforce: string;
  readonly hubspot: string;
}

/** What the systems did to their own webhook events, both together. */
async function sentWebhooks(urls: Urls) {
  const [salesforce, hubspot] = await Promise.all([
    vendorHttp<{ readonly outboundMessages: Sent }>(`${urls.salesforce}/_simulator/statistics`, 'GET', {}),
    vendorHttp<{ readonly webhooks: Sent }>(`${urls.hubspot}/_simulator/stats`, 'GET', {}),
  ]);
  const sum = (count: keyof Sent): number => salesforce.outboundMessages[count] + hubspot.webhooks[count];
  return { events: sum('queued'), dropped: sum('dropped'), duplicated: sum('duplicated'), reordered: sum('reordered') };
}

interface Sent {
  readonly queued: number;
  readonly dropped: number;
  readonly duplicated: number;
  readonly reordered: number;
}

async function vendorCalls(sides: Readonly<Record<SideName, VendorSide>>): Promise<Readonly<Record<string, number>>> {
  return { salesforce: total(await sides.salesforce.calls()), hubspot: total(await sides.hubspot.calls()) };
}

function killMoments(random: SeededRandom, kills: number): readonly KillMoment[] {
  return Array.from({ length: kills }, () => {
    const isAtStart = random.chance(START_KILL.share);
    const { leastMs, moreMs } = isAtStart ? START_KILL : LIFE;
    return { isAtStart, afterMs: leastMs + random.below(moreMs) };
  });
}

function byName(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

/** The value of a flag. *Faults*: throws for anything but a whole number from `least` on. */
function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new TypeError(`--${flag} is a whole number from ${least} on.`);
  return value;
}

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    changes: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else {
  const result = await killRun({
    kills: wholeNumber('kills', values.kills, 1),
    changes: wholeNumber('changes', values.changes, 1),
    seed: wholeNumber('seed', values.seed, 0),
  });
  console.log(JSON.stringify(result, undefined, 2));
  console.log(result.isHeld ? 'Nothing is lost, nothing is there twice, nothing is left over.' : 'NOT HELD.');
  process.exitCode = result.isHeld ? 0 : 1;
}
