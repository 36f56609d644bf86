import type { Problem } from '../../domain/model/problem.ts';
import { callHub, type RemoteOptions } from './api-client.ts';

interface ProblemPage {
  readonly problems: readonly (Omit<Problem, 'openedAt'> & { readonly openedAt: string })[];
  readonly next?: string;
}

/** Prints open problems, oldest first. */
export async function listProblems(options: RemoteOptions & { readonly limit: string }): Promise<void> {
  const page = await callHub<ProblemPage>(options, 'GET', `/api/problems?limit=${encodeURIComponent(options.limit)}`);
  for (const problem of page.problems) {
    const about = [problem.connection, problem.object, problem.externalId ?? problem.unifiedId]
      .filter(Boolean)
      .join(' ');
    console.log(`${problem.id}  ${problem.cause}  ${about}  since ${problem.openedAt}`);
    console.log(`  ${problem.message}`);
    console.log(`  Next: ${problem.nextStep}`);
    if (problem.candidates !== undefined) console.log(`  Concerns: ${problem.candidates.join(', ')}`);
  }
  if (page.problems.length === 0) console.log('No open problems.');
  if (page.next !== undefined) console.log('There are more; raise --limit (up to 200).');
}

/** Tries a problem again. */
export async function retry(problem: string, options: RemoteOptions): Promise<void> {
  await callHub(options, 'POST', `/api/problems/${encodeURIComponent(problem)}/retry`);
  console.log(`${problem} is tried again. If its cause is still there, it opens again.`);
}

/** Says that the records of a likeness are not the same. */
export async function ignore(problem: string, options: RemoteOptions): Promise<void> {
  await callHub(options, 'POST', `/api/problems/${encodeURIComponent(problem)}/ignore`);
  console.log(`${problem} is answered: they are kept apart, and what was withheld is created.`);
}

/** Merges two unified records. */
export async function merge(kind: string, survivor: string, other: string, options: RemoteOptions): Promise<void> {
  const path = `/api/records/${encodeURIComponent(kind)}/${encodeURIComponent(survivor)}/merge?other=${encodeURIComponent(other)}`;
  const answer = await callHub<{ merge: string }>(options, 'POST', path);
  console.log(`${other} is now part of ${survivor}. To undo it: npx hub unmerge ${answer.merge}`);
}

/** Undoes a merge. */
export async function unmerge(merge: string, options: RemoteOptions): Promise<void> {
  await callHub(options, 'POST', `/api/merges/${encodeURIComponent(merge)}/unmerge`);
  console.log(`${merge} is undone; the systems are being put right.`);
}

/** Sends dead letters to their queues again, until none are left or a bound is met. */
export async function redrive(options: RemoteOptions): Promise<void> {
  for (let call = 0; call < CALLS_MAX; call++) {
    const { moved, hasMore } = await callHub<{ moved: Record<string, number>; hasMore: boolean }>(
      options,
      'POST',
      '/api/dead-letters/redrive',
    );
    for (const [queue, count] of Object.entries(moved)) if (count > 0) console.log(`${queue}: ${count} sent again`);
    if (!hasMore) return;
  }
}

const CALLS_MAX = 100;
