// One line that tells how far a simulation is: rewritten on a terminal, now and then in a file.
import type { Progress } from '../simulate/index.ts';

/** A terminal is read by eyes, a log by nobody until later. */
const INTERVAL_MS = { terminal: 200, log: 10_000 };

export interface ProgressLineOptions {
  readonly write: (text: string) => void;
  /** @default {whether stderr is one} */
  readonly terminal?: boolean;
}

function describe({ messages, samples, seconds, time, behindMs }: Progress): string {
  const rate = seconds === 0 ? 0 : Math.round(samples / seconds);
  const clock = new Date(time).toISOString().slice(0, 19);
  const late = behindMs >= 1000 ? `, ${(behindMs / 1000).toFixed(0)} s late` : '';
  return `${clock}  ${messages} messages, ${samples} samples, ${rate}/s${late}`;
}

export function createProgressLine(options: ProgressLineOptions) {
  const { write, terminal = process.stderr.isTTY === true } = options;
  const intervalMs = terminal ? INTERVAL_MS.terminal : INTERVAL_MS.log;
  let nextMs = intervalMs;
  let open = false;
  return {
    show(progress: Progress): void {
      if (progress.seconds * 1000 < nextMs) return;
      nextMs = progress.seconds * 1000 + intervalMs;
      open = terminal;
      // Clear to the end of the line: the last text may have been longer.
      write(terminal ? `\r${describe(progress)}\x1b[K` : `${describe(progress)}\n`);
    },
    /** Leaves the line. */
    end(): void {
      if (open) write('\n');
      open = false;
    },
  };
}
