#!/usr/bin/env node
import { Command } from 'commander';
import { KINDS } from '../../domain/model/kind.ts';
import { PROBLEM_CAUSES } from '../../domain/model/problem.ts';
import { audit } from './audit.ts';
import { backfill } from './backfill.ts';
import { changeConnection } from './change-connection.ts';
import { CliFault } from './cli-fault.ts';
import { erase } from './erase.ts';
import { listEvents } from './events.ts';
import { accept, decline } from './invitation.ts';
import { merge, unmerge } from './merge.ts';
import { preview } from './preview.ts';
import { ignore, listProblems, redrive, retry } from './problems.ts';
import { importRates } from './rates.ts';
import { showRecord } from './record.ts';
import { status } from './status.ts';

const LOCAL_URL = 'http://127.0.0.1:8787';

/** What arguments are, wherever they are asked for. */
const KIND = KINDS.join(', ');
const RECORD = 'its id, or <connection>:<object>:<external id>, also with # as it is shown';
const CONNECTION = 'its id in connections.yaml, as npx hub status tells it';
const INVITATION = 'its id, as npx hub problems --cause invitation tells it';

const program = new Command('npx hub')
  .description('Tributary: partners, deals and leads the same in every system.')
  // Whoever left an argument out sees what there is to say.
  .showHelpAfterError();

program
  .command('start')
  .description('Run the whole hub on this machine; without configured connections, between two simulated systems.')
  .option('--port <number>', 'port of the HTTP API', '8787')
  .option('--data <directory>', 'where everything is kept', '.tributary')
  .option('--fresh', 'forget everything kept there before')
  .option('--aws', 'with a simulated AWS account beside the CRMs: marketplace and co-selling')
  // Loaded only here, because it brings the whole hub along and the other commands only ask one.
  .action(async (options) => (await import('./start.ts')).start(options));

program
  .command('demo')
  .description('Play the main job end to end on simulated systems and check every step.')
  .option('--keep', 'keep the data directory of the demo')
  .option('--marketplace', 'the marketplace and co-selling instead: offers, agreements, reviews, invitations')
  .action(async (options) => (await import('./demo.ts')).demo(options));

remote('status', 'How the hub stands: connections, sweeps, queues, open problems.').action(status);

remote('backfill', 'Read everything a connection has, with progress.')
  .argument('[connection]', 'all connections when left out')
  .option('--object <name>', 'one object only')
  .action(backfill);

remote('record', 'A record with where every value came from and why, where it lies, and what happened to it.')
  .argument('<kind>', KIND)
  .argument('<record>', RECORD)
  .action(showRecord);
remote('preview', 'What the hub would write, per field and record. Writes nothing.')
  .argument('[target]', 'only what would be written to this connection')
  .option('--kind <kind>', 'partner, contact, deal or lead')
  .option('--mapping <file>', 'try this mapping file instead of the one in force')
  .option('--limit <number>', 'records to look at, for each object', '1000')
  .option('--json', 'one JSON object a line')
  .action(preview);

remote('audit', 'Hold every record of every system against what the hub says it should be.')
  .option('--connection <id>', 'records of one connection only')
  .option('--object <name>', 'one object only')
  .option('--limit <number>', 'records to look at, for each object')
  .option('--repair', 'queue what the hub has not taken in and what is not written yet')
  .option('--compare <file>', 'say what has changed since an earlier audit, kept with --json')
  .option('--show <number>', 'differences to show', '20')
  .option('--settle <seconds>', 'time for what is on its way, before a second look', '20')
  .option('--json', 'one JSON object a line')
  .addHelpText('after', '\nEnds with 0 when everything is the same, 1 when something differs, 2 when it failed.')
  .action(async (options) => {
    process.exitCode = await audit(options);
  });

remote('release', 'Let the hub write to a connection from now on.')
  .argument('<connection>', CONNECTION)
  .action((connection, options) => changeConnection('release', connection, options));
remote('pause', 'Stop a connection in both directions.')
  .argument('<connection>', CONNECTION)
  .action((connection, options) => changeConnection('pause', connection, options));
remote('resume', 'End a pause; the hub catches up by sweeping.')
  .argument('<connection>', CONNECTION)
  .action((connection, options) => changeConnection('resume', connection, options));

remote('problems', 'What waits for a person, counted by cause, and the next step.')
  .option('--cause <cause>', 'one by one: of this cause, or kind of fault (rejected)')
  .option('--connection <connection>', 'one by one: of this connection')
  .option('--ignored', 'those that somebody said to leave, and why')
  .option('--limit <number>', 'one by one: how many to show (50)')
  .addHelpText('after', `\nCauses: ${PROBLEM_CAUSES.join(', ')}.\ndocs/runbook.md says what each means.`)
  .action(listProblems);
remote('retry', 'Try a problem again, or all of a cause or connection.')
  .argument('[problem]', 'its id, as npx hub problems tells it')
  .option('--cause <cause>', 'all of this cause, or kind of fault (rejected)')
  .option('--connection <connection>', 'all of this connection')
  .action(retry);
remote(
  'ignore',
  'Leave a problem as it is, for a reason; of two records that look alike: say that they are not the same.',
)
  .argument('<problem>', 'its id, as npx hub problems tells it')
  .option('--reason <text>', 'why, for whoever looks at it later; needed unless it is taken back')
  .option('--undo', 'take it back')
  .action(ignore);
remote('merge', 'Say that two unified records are the same: shows what that would do, does it with --yes.')
  .argument('<kind>', KIND)
  .argument('<survivor>', 'the id, in the hub, of the record that stays')
  .argument('<other>', 'the id of the one that becomes part of it')
  .option('--yes', 'do it')
  .action(merge);
remote('unmerge', 'Undo a merge: shows what that would do, does it with --yes.')
  .argument('<merge>', '<survivor>.<other>, as merging and the journal of the record tell it')
  .option('--yes', 'do it')
  .action(unmerge);
remote('erase', 'Erase a record, in the hub and in every system: shows what that would take away, does it with --yes.')
  .argument('[kind]', KIND)
  .argument('[record]', RECORD)
  .option('--keep-in <connection...>', 'leave it in this connection; may be said several times')
  .option('--reapply', 'erase everything on the list of erasures again, after a restore')
  .option('--yes', 'do it')
  .action(erase);
remote('accept', 'Accept an invitation to sell together.').argument('<invitation>', INVITATION).action(accept);
remote('decline', 'Decline an invitation to sell together.')
  .argument('<invitation>', INVITATION)
  .option('--reason <text>', 'why; whoever sent it is told')
  .action(decline);
remote('events', 'Events of vendors that the hub keeps as they came, because no record stands behind them.')
  .option('--limit <number>', 'how many to show (50)')
  .action(listEvents);
remote('redrive', 'Send dead letters to their queues again.').action(redrive);

const rates = program.command('rates').description('The exchange rates by which money is reported.');
remote('import', 'Bring the rates of a file that the ECB publishes (eurofxref-hist.csv) to the hub.', rates)
  .argument('<file>', 'eurofxref-hist.csv, unpacked')
  .option('--since <day>', 'only from this day on')
  .action(importRates);

function remote(name: string, description: string, parent = program): Command {
  return parent
    .command(name)
    .description(description)
    .option(
      '--url <address>',
      'address of the hub; on AWS the API address of the stack, called with your AWS credentials',
      process.env.TRIBUTARY_URL ?? LOCAL_URL,
    );
}

try {
  await program.parseAsync();
} catch (error) {
  // The outermost place: an expected failure is one sentence, anything else shows where it came from.
  if (!(error instanceof Error)) throw error;
  const isExpected = error instanceof CliFault || error.name === 'StartFault';
  console.error(isExpected ? error.message : error.stack);
  process.exitCode = 1;
}
