// Progress of a search: a line per finished evaluation, and on a terminal one line below
// that rewrites itself.
import pc from 'picocolors';
import type { Evaluation } from '../../tune/evaluation.ts';
import type { SearchProgress, SearchState } from '../../tune/progress.ts';
import type { Trial } from '../../tune/trial.ts';
import { parametersText } from './parameters-text.ts';

/** A log needs the state less often than it has results. */
const LOG_STATE_MS = 10_000;

const share = (value: number) => `${(100 * value).toFixed(2)} %`;

/** Two units at most: nobody waits an hour by the second. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Best so far, counts and time left. */
export function stateText(state: SearchState): string {
  const { trials, done, running, pruned, failed, best, secondsLeft } = state;
  const parts = [
    best ? `best ${share(best.accuracy)} (trial ${best.trial})` : 'no result yet',
    `${done} done, ${running} running, ${pruned} pruned, ${failed} failed of ${trials}`,
  ];
  if (secondsLeft !== undefined) parts.push(`about ${durationText(secondsLeft)} left`);
  return parts.join('   ');
}

const clip = (text: string, room: number) =>
  text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;

/** @param columns a terminal's width: the line is cut there, parameters last. */
function evaluationText(evaluation: Evaluation, trials: readonly Trial[], columns: number): string {
  const { trial, stages, seconds } = evaluation;
  const { parameters, runs } = trials[trial];
  const students = `${stages}/${runs[0].widths.length} students`;
  const head = `trial ${String(trial).padStart(3)}  ${students}`;
  if (evaluation.state === 'failed') {
    const why = `${head}  ${evaluation.code}: ${evaluation.message.split('\n')[0]}`;
    return `${pc.red('✗')} ${clip(why, columns - 2)}`;
  }
  const result = `${head}  ${share(evaluation.accuracy).padStart(8)}  `;
  const rest = `${seconds.toFixed(1).padStart(5)} s  ${parametersText(parameters)}`;
  return `${pc.green('✓')} ${result}${pc.dim(clip(rest, columns - 2 - result.length))}`;
}

/** @param stream a terminal or a pipe; stderr keeps stdout for results. */
export function createTuneView(
  trials: readonly Trial[],
  stream: NodeJS.WriteStream = process.stderr,
): SearchProgress & Disposable {
  let heading = '';
  let loggedAt = performance.now();
  const rewrite = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 120) - 1)}`);
  };
  const line = (text: string) => {
    rewrite('');
    stream.write(`${text}\n`);
  };
  const status = (state: SearchState) => rewrite(`${heading}  ${stateText(state)}`);
  return {
    resumed: (count) => line(`Going on: ${count} evaluations are known from before.`),
    teachers: (count) =>
      rewrite(`training ${count} ${count === 1 ? 'teacher' : 'teachers'} that trials share`),
    rung({ number, total, trials: entering }, state) {
      heading = `[${number}/${total}]`;
      const known = stream.isTTY ? '' : `   ${stateText(state)}`;
      line(pc.bold(`${heading} ${entering} trials`) + known);
      status(state);
    },
    changed: status,
    evaluated(evaluation, state) {
      const columns = stream.isTTY ? (stream.columns ?? 120) : Number.POSITIVE_INFINITY;
      line(evaluationText(evaluation, trials, columns));
      if (stream.isTTY) return status(state);
      if (performance.now() - loggedAt < LOG_STATE_MS) return;
      loggedAt = performance.now();
      line(`${heading} ${stateText(state)}`);
    },
    // What is said after an interruption must not stand behind half a line.
    [Symbol.dispose]: () => rewrite(''),
  };
}
