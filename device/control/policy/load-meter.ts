// How busy a gateway is, in the measures that a policy document may name: smoothed, so that a burst
// or a compiler's run on the same machine changes nothing.
import { cpus } from 'node:os';
import type { LoadMeasure } from '@dandan/shared/policy';

/** A load that lasts this long counts by 63 %; a burst of a second by 10 %. */
const SMOOTHING_MS = 10_000;

/** Processor time since some start, in seconds. */
export interface CpuTimes {
  /** Of this process, over all its threads. */
  readonly process: number;
  /** Of all cores: busy, and in all. */
  readonly busy: number;
  readonly total: number;
}

export function readCpuTimes(): CpuTimes {
  const { user, system } = process.cpuUsage();
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.idle + times.irq;
    busy += sum - times.idle;
    total += sum;
  }
  return { process: (user + system) / 1e6, busy: busy / 1000, total: total / 1000 };
}

export interface LoadMeterOptions {
  /** Rows and messages that wait now. */
  readonly queueDepth: () => number;
  /** @default {readCpuTimes} */
  readonly cpuTimes?: () => CpuTimes;
}

export interface LoadMeter {
  /** Counts rows that are answered. */
  addRows(count: number): void;
  /** Takes a reading at `at`, milliseconds of a clock that never jumps. */
  sample(at: number): void;
  /** The load in `measure`; 0 where a gateway does not measure it or has not yet. */
  load(measure: LoadMeasure): number;
}

/** Measures of {@linkcode LoadMeter.load}; a gateway serves no requests. */
export const MEASURED: readonly LoadMeasure[] = ['queue-depth', 'cpu-share', 'rows-per-second'];

/**
 * `cpu-share` is the larger of two shares: of one core, what this process takes (all of a core is
 * all that one thread can do, however many cores stand by), and of all cores, what everybody takes.
 */
export function createLoadMeter({
  queueDepth,
  cpuTimes = readCpuTimes,
}: LoadMeterOptions): LoadMeter {
  const smoothed = new Map<LoadMeasure, number>();
  let rows = 0;
  let last: { readonly at: number; readonly cpu: CpuTimes } | undefined;

  function take(measure: LoadMeasure, value: number, weight: number): void {
    if (!Number.isFinite(value)) return;
    const before = smoothed.get(measure) ?? value;
    smoothed.set(measure, before + weight * (value - before));
  }

  return {
    addRows(count) {
      rows += count;
    },
    sample(at) {
      const elapsed = last === undefined ? 0 : at - last.at;
      if (last !== undefined && elapsed <= 0) return;
      const weight = 1 - Math.exp(-elapsed / SMOOTHING_MS);
      take('queue-depth', queueDepth(), weight);
      const cpu = cpuTimes();
      if (last !== undefined) {
        const own = (1000 * (cpu.process - last.cpu.process)) / elapsed;
        const all = cpu.total - last.cpu.total;
        const machine = all > 0 ? (cpu.busy - last.cpu.busy) / all : 0;
        take('cpu-share', Math.min(1, Math.max(own, machine)), weight);
        take('rows-per-second', (1000 * rows) / elapsed, weight);
      }
      rows = 0;
      last = { at, cpu };
    },
    load: (measure) => smoothed.get(measure) ?? 0,
  };
}
