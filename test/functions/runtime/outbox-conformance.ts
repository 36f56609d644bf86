import { describe, expect, test } from 'vitest';
import type { DeliveryDue, Notice, RecordChanged, SweepRequest } from '../../../domain/model/notice.ts';
import type { Outbox } from '../../../domain/pipeline/ports.ts';
import { freshId } from './store-contenders.ts';

/** An outbox and the far ends of it. The connections `one` and `two` have outbound queues. */
export interface OutboxUnderTest {
  readonly outbox: Outbox;
  /** Takes what is visible now, without waiting for more. */
  readonly now: Ends;
  /** Waits (or moves the clock) until so many have come or half a minute is over, and takes them. */
  within(count: number): Ends;
}

/** What can be taken at the far ends. */
export interface Ends {
  notices(): Promise<readonly Notice[]>;
  deliveries(connection: string): Promise<readonly DeliveryDue[]>;
  sweeps(): Promise<readonly SweepRequest[]>;
  changed(): Promise<readonly RecordChanged[]>;
}

/** What every outbox must do: bring everything, whatever its number and size, not before its time, and say when it cannot. */
export function describeOutbox(title: string, under: () => OutboxUnderTest): void {
  const notice = (change: Partial<Notice> = {}): Notice => ({
    schema: 1,
    connection: 'one',
    object: 'company',
    ids: [freshId()],
    reason: 'sweep',
    attempts: 0,
    correlationId: freshId(),
    ...change,
  });
  const due = (connection: string): DeliveryDue => ({
    schema: 1,
    connection,
    object: 'company',
    kind: 'partner',
    id: freshId(),
    attempts: 0,
    correlationId: freshId(),
  });
  const sweep = (attempts: number): SweepRequest => ({
    schema: 1,
    connection: 'one',
    object: 'company',
    mode: 'walk',
    attempts,
  });

  describe(`${title}`, () => {
    test('brings more messages than one call takes, each as it was sent', async () => {
      const notices = Array.from({ length: 37 }, (_, index) => notice(index % 2 === 0 ? {} : { page: `p${index}` }));
      await under().outbox.notice(notices, 0);

      expect(sorted(await under().within(37).notices())).toEqual(sorted(notices));
      expect(await under().now.notices()).toEqual([]);
    });

    test('brings more than a call may weigh', async () => {
      // A hundred ids of 255 letters of three bytes each: 75 KB a notice, 1.5 MB together.
      const ids = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(255, '漢'));
      const notices = Array.from({ length: 20 }, () => notice({ ids }));
      await under().outbox.notice(notices, 0);

      expect(sorted(await under().within(20).notices())).toEqual(sorted(notices));
    });

    test('brings text that is no text for a queue: control characters, half pairs, characters that are none', async () => {
      const odd = notice({ ids: ['a\u0000b', '\ud83d', '\uffff', '\ufffe', '\u{1f642}', '"\\\n', 'a#b'] });
      await under().outbox.notice([odd], 0);

      expect(await under().within(1).notices()).toEqual([odd]);
    });

    test('brings each delivery to its own connection, at once or put back', async () => {
      const deliveries = Array.from({ length: 24 }, (_, index) => due(index % 3 === 0 ? 'two' : 'one'));
      await under().outbox.deliver(deliveries);
      const back = [due('one'), due('two')];
      await under().outbox.deliverLater(back, 0);

      const ofOne = [...deliveries, ...back].filter(({ connection }) => connection === 'one');
      const ofTwo = [...deliveries, ...back].filter(({ connection }) => connection === 'two');
      expect(sorted(await under().within(ofOne.length).deliveries('one'))).toEqual(sorted(ofOne));
      expect(sorted(await under().within(ofTwo.length).deliveries('two'))).toEqual(sorted(ofTwo));
    });

    test('publishes changes, more than ten and more than 256 KB of them', async () => {
      const fields = Array.from({ length: 200 }, (_, index) => `field${index}`.padEnd(64, 'x'));
      const events = Array.from(
        { length: 45 },
        (_, version): RecordChanged => ({ schema: 1, kind: 'partner', id: freshId(), version, fields }),
      );
      await under().outbox.changed(events);

      expect(sorted(await under().within(45).changed())).toEqual(sorted(events));
    });

    test('keeps back what is delayed, and brings it when its time has come', async () => {
      const [early, late, request] = [notice(), notice(), sweep(1)];
      await under().outbox.notice([late], 1_000);
      await under().outbox.sweep([request], 1_000);
      await under().outbox.deliverLater([due('one')], 1_000);
      await under().outbox.notice([early], 0);

      expect(await under().within(1).notices()).toEqual([early]);
      expect(await under().now.sweeps()).toEqual([]);
      expect(await under().now.deliveries('one')).toEqual([]);
      expect(await under().within(1).notices()).toEqual([late]);
      expect(await under().within(1).sweeps()).toEqual([request]);
      expect(await under().within(1).deliveries('one')).toHaveLength(1);
    });

    test.each([-1, 900_001, Number.NaN, Number.POSITIVE_INFINITY])('refuses a delay of %d ms', async (delayMs) => {
      const { outbox, now } = under();

      await expect(outbox.notice([notice()], delayMs)).rejects.toThrow('A delay is 0 to 900000 ms');
      await expect(outbox.sweep([sweep(0)], delayMs)).rejects.toThrow('A delay is 0 to 900000 ms');
      await expect(outbox.deliverLater([due('one')], delayMs)).rejects.toThrow('A delay is 0 to 900000 ms');
      expect([await now.notices(), await now.sweeps(), await now.deliveries('one')]).toEqual([[], [], []]);
    });

    test('takes the longest delay there is', async () => {
      await under().outbox.notice([notice()], 900_000);

      expect(await under().now.notices()).toEqual([]);
    });

    test('sends nothing when there is nothing to send', async () => {
      const { outbox, now } = under();
      await outbox.notice([], 0);
      await outbox.deliver([]);
      await outbox.deliverLater([], 0);
      await outbox.changed([]);
      await outbox.sweep([], 0);

      expect([await now.notices(), await now.changed(), await now.sweeps()]).toEqual([[], [], []]);
    });

    test('brings everything that several send at the same time', async () => {
      const parts = Array.from({ length: 10 }, () => Array.from({ length: 12 }, () => notice()));
      await Promise.all(parts.map((part) => under().outbox.notice(part, 0)));

      expect(sorted(await under().within(120).notices())).toEqual(sorted(parts.flat()));
    });
  });
}

/** Queues promise no order. */
function sorted<T>(messages: readonly T[]): readonly string[] {
  return messages.map((message) => JSON.stringify(message)).sort();
}
