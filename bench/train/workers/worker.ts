// One measurement in a process of its own: a fresh heap, and a peak of memory that is its own.

/** Peak resident memory of this process so far, MB. */
export const peakRssMb = (): number => process.resourceUsage().maxRSS / 1024;

/** Processor time of all threads of this process so far, seconds. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Runs `measure` on the task given as JSON; its result is the last line of stdout. */
export async function serve<T>(measure: (task: T) => Promise<unknown>): Promise<void> {
  const result = await measure(JSON.parse(process.argv[2]));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
