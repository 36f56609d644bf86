import { bundleOf, type SmallHub, smallHub } from './small-hub.ts';

/** Values that are looked for when the record is erased; nothing else of a world holds these texts. */
export const MARKS = { NAME: 'Marked Anna', DOMAIN: 'marked.example', NOTE: `marked ${'note '.repeat(80)}` };
/** What tells any of them. */
export const MARK = /marked/i;

/** A hub between two systems with one record of marked values known to both, at rest, a minute later. */
export async function markedHub(options: Parameters<typeof smallHub>[1] = {}): Promise<{
  readonly small: SmallHub;
  readonly id: string;
  readonly a: string;
  readonly b: string;
}> {
  const small = await smallHub(['one', 'two'], options);
  const a = await met(small, 'one', MARKS);
  const b = small.systems.two?.all()[0]?.id ?? '';
  await small.notice('two', [b]);
  await small.settle();
  small.clock.now += 60_000;
  return { small, id: (await bundleOf(small, 'one', a)).id, a, b };
}

/** Enters a record in a system and has the hub take it in. */
export async function met(
  small: SmallHub,
  connection: string,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const id = small.systems[connection]?.create(values) ?? '';
  await small.notice(connection, [id]);
  await small.settle();
  return id;
}
