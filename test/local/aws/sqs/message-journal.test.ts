import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Message } from '../../../../local/aws/sqs/message.ts';
import { openMessageJournal } from '../../../../local/aws/sqs/message-journal.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'message-journal-'));
  path = join(directory, 'messages');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const QUEUE = 'work';

function message(change: Partial<Message> = {}): Message {
  return {
    sequence: 1,
    id: 'm',
    body: 'b',
    attributes: undefined,
    group: undefined,
    sentAt: 1,
    firstReceivedAt: undefined,
    receives: 0,
    kills: 0,
    state: 'ready',
    dueAt: 1,
    ...change,
  };
}

/** Opens the journal, lets `work` happen and closes it without a word, as a kill does; answers what it held in the beginning. */
function run(
  work: (journal: ReturnType<typeof openMessageJournal>['journal'], held: Message) => void = () => undefined,
) {
  const { journal, stored } = openMessageJournal(path);
  const held = stored.get(QUEUE)?.get(1);
  work(journal, held ?? message());
  journal.close();
  return held;
}

it('does not count the receive that a kill cut short, but remembers that there was one', () => {
  run((journal, held) => journal.sent(QUEUE, [held]));
  for (let kill = 0; kill < 20; kill += 1) run((journal, held) => journal.received(QUEUE, [held], 5));

  expect(run()).toMatchObject({ receives: 1, firstReceivedAt: 5, kills: 20 });
  // Nothing was received since.
  expect(run()).toMatchObject({ receives: 1, kills: 20 });
});

it('counts receives that came to their end, also when a kill follows later', () => {
  run((journal, held) => {
    journal.sent(QUEUE, [held]);
    for (let receive = 0; receive < 3; receive += 1) journal.received(QUEUE, [held], 5);
  });

  expect(run()).toMatchObject({ receives: 2, kills: 1 });
});

it('suspects a message that was in flight at a hundred kills', () => {
  run((journal, held) => journal.sent(QUEUE, [held]));
  for (let kill = 0; kill < 104; kill += 1) run((journal, held) => journal.received(QUEUE, [held], 5));

  expect(run()?.receives).toBe(5);
});

it('knows what was in flight over a compaction', () => {
  run((journal, held) => {
    journal.sent(QUEUE, [held]);
    const others = Array.from({ length: 600 }, (_, index) =>
      message({ sequence: 2 + index, body: 'x'.repeat(30_000) }),
    );
    journal.sent(QUEUE, others);
    journal.received(QUEUE, [held], 5);
    journal.deleted(QUEUE, others);
    const size = journal.bytes;
    journal.compact(() => [[QUEUE, [{ ...held, receives: 4, kills: 2, firstReceivedAt: 5, state: 'in-flight' }]]]);
    expect(journal.bytes).toBeLessThan(size);
  });

  expect(run()).toMatchObject({ receives: 3, kills: 3 });
});

it('forgets what was deleted while it was in flight', () => {
  run((journal, held) => {
    journal.sent(QUEUE, [held]);
    journal.received(QUEUE, [held], 5);
    journal.deleted(QUEUE, [held]);
  });

  expect(run()).toBeUndefined();
});
