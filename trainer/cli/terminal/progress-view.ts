// Training progress: one line that rewrites itself on a terminal, one line per
// finished phase elsewhere.
import pc from 'picocolors';
import type { EpochReport } from '../../fit/fit.ts';
import type { Progress } from '../../run/progress.ts';

/** Ten redraws a second are smooth; more would cost as much as the training of tiny graphs. */
const REDRAW_MS = 100;

const share = (value: number) => `${(100 * value).toFixed(1)} %`;

function epochText({ epoch, maxEpochs, trainingLoss, accuracy, ...rest }: EpochReport): string {
  const { bestAccuracy, secondsLeft } = rest;
  return [
    `epoch ${epoch}/${maxEpochs}`,
    `loss ${trainingLoss.toFixed(3)}`,
    `validation ${share(accuracy)} (kept ${share(bestAccuracy)})`,
    `at most ${Math.ceil(secondsLeft)} s left`,
  ].join('  ');
}

/** @param stream a terminal or a pipe; stderr keeps stdout for results. */
export function createProgressView(
  stream: NodeJS.WriteStream = process.stderr,
): Progress & Disposable {
  let heading = '';
  let current = 0;
  let drawnAt = 0;
  let startedAt = 0;
  const rewrite = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 120) - 1)}`);
  };
  return {
    phase({ number, total, name }) {
      heading = `[${number}/${total}] ${name}`;
      // A phase's parts share its clock.
      if (number !== current) startedAt = performance.now();
      current = number;
      drawnAt = 0;
      rewrite(heading);
    },
    epoch(report) {
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      rewrite(`${heading}  ${epochText(report)}`);
    },
    done({ name, validationAccuracy, restored }) {
      rewrite('');
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const how = restored ? 'restored from the checkpoint' : `${seconds} s`;
      const accuracy =
        validationAccuracy === undefined ? '' : `  validation ${share(validationAccuracy)}`;
      stream.write(`${pc.green('✓')} ${name}${accuracy}  ${pc.dim(how)}\n`);
    },
    // What is said after an interruption must not stand behind half a line.
    [Symbol.dispose]: () => rewrite(''),
  };
}
