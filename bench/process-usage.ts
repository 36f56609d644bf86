/** What a process has used since it began. */
export interface ProcessUsage {
  /** CPU time of all its threads, user and system, in seconds. */
  readonly cpuSeconds: number;
  /** The most memory it ever held at once (resident set), in MB. */
  readonly rssPeakMegabytes: number;
}

/** What this process has used. */
export function processUsage(): ProcessUsage {
  return { cpuSeconds: cpuSeconds(), rssPeakMegabytes: Math.round(process.resourceUsage().maxRSS / 1_024) };
}

/** CPU time of this process, in seconds: unlike the clock on the wall it does not count what other processes took. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}
