// How long stages take on the machine that makes the report.
import { cpus } from 'node:os';
import type { Bundle } from '@dandan/shared/bundle';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import { type QuantisedRows, selectRows } from '@dandan/shared/kernel';

export interface StageTimes {
  /** Microseconds a node up to and including each stage, without exits. */
  readonly stages: readonly number[];
  /** With the exits of the day policy. */
  readonly day: number;
  /** Rows of one call. */
  readonly rows: number;
  /** The machine's processor. */
  readonly processor: string;
}

/** More would only measure the same for longer. */
const MAX_ROWS = 1024;
/** Odd, for a median. */
const REPEATS = 9;
/** Shorter runs measure the clock and whatever else the machine does. */
const RUN_MS = 4;
/** By then code is compiled. */
const WARM_UP_MS = 20;

/** Medians of {@linkcode REPEATS} runs, on one thread. `undefined` without rows. */
export function measureTimes(bundle: Bundle, rows: QuantisedRows): StageTimes | undefined {
  const count = Math.min(MAX_ROWS, rows.count);
  if (count === 0) return undefined;
  const some = selectRows(
    rows,
    Int32Array.from({ length: count }, (_, i) => i),
  );
  const cascade = createCascade(bundle);
  const median = (options: Parameters<typeof runCascade>[2]) => {
    /** Milliseconds of a call, over as many as fill `least` milliseconds. */
    const run = (least: number) => {
      const started = performance.now();
      let calls = 0;
      let passed = 0;
      while (passed < least || calls === 0) {
        runCascade(cascade, some, options);
        calls++;
        passed = performance.now() - started;
      }
      return passed / calls;
    };
    run(WARM_UP_MS);
    const times = Array.from({ length: REPEATS }, () => run(RUN_MS)).sort((a, b) => a - b);
    return (1000 * times[(REPEATS - 1) / 2]) / count;
  };
  const never = bundle.manifest.policies.day.thresholds.map(() => null);
  return {
    stages: bundle.stages.map((_, k) => median({ thresholds: never, maxStage: k + 1 })),
    day: median(bundle.manifest.policies.day),
    rows: count,
    processor: cpus()[0]?.model.trim() || 'unknown',
  };
}
