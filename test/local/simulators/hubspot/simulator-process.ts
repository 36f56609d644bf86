import { startHubspotSimulator } from '../../../../local/simulators/hubspot/start-hubspot-simulator.ts';

/** A simulator in a process of its own, to be killed: tells its address on standard output and then only serves. */
const [, , file] = process.argv;
if (file === undefined) throw new Error('The state file is the first argument.');
const simulator = await startHubspotSimulator({ file });
process.stdout.write(`${simulator.url}\n`);
