// The override that holds now: read again and again, and over when its time is, whatever is done to
// the clock meanwhile.
import { holds, type PolicyOverride, readOverride } from './override-file.ts';

export interface OverrideWatch {
  /** @param at wall clock; @param steady a clock that never jumps, both in milliseconds. */
  look(at: number, steady: number): PolicyOverride | undefined;
}

export interface OverrideWatchOptions {
  /** `undefined`: there is none. */
  readonly file: string | undefined;
  /** Told once for each different reason. */
  readonly onUnusable: (reason: string) => void;
}

export function createOverrideWatch({ file, onUnusable }: OverrideWatchOptions): OverrideWatch {
  let told: string | undefined;
  let known: { readonly name: string; readonly ends: number } | undefined;
  return {
    look(at, steady) {
      if (file === undefined) return undefined;
      const reading = readOverride(file);
      if (reading.kind === 'unusable' && reading.reason !== told) onUnusable(reading.reason);
      told = reading.kind === 'unusable' ? reading.reason : undefined;
      if (reading.kind !== 'override') return undefined;
      const { override } = reading;
      const name = JSON.stringify(override);
      // A clock that is set back later does not make it longer.
      if (known?.name !== name) known = { name, ends: steady + override.until - at };
      return holds(override, at) && steady < known.ends ? override : undefined;
    },
  };
}
