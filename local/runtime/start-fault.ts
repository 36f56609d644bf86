/**
 * Why a hub could not be started, in words for the person who started it. It is thrown by the parts of a start and is the
 * only thing `startHub` rejects with that is not a defect.
 */
export class StartFault extends Error {
  override readonly name = 'StartFault';
}

/** Waits for a service to start; why it could not is told to the person as it is. */
export async function startedOrFault<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    // A service refuses to start for what it finds on disk (a damaged journal, a table with other keys): no defect.
    throw new StartFault(error instanceof Error ? error.message : String(error));
  }
}
