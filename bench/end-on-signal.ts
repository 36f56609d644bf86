/**
 * Ends this process in order when it is told to end, and runs `cleanUp` (which cannot wait) before it does; also when it ends by
 * itself. Node's default would leave files behind.
 */
export function endOnSignal(cleanUp: () => void): void {
  process.once('exit', cleanUp);
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}
