// A job for people: one line that rewrites itself while it runs, and what became of it.
import pc from 'picocolors';
import type { Job, JobFailure } from '../../edge-client/job-client.ts';

const whole = (value: number) => value.toLocaleString('en');
const share = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;

/** 0.000797 dollars are worth saying. */
const dollars = (value: number) => `$${value.toPrecision(3)}`;

export function progressText({ state, progress }: Job): string {
  const { planned, rows, rowsDone, chunksFailed } = progress;
  // While it is planned nobody knows how many rows there are.
  const done = planned
    ? `${whole(rowsDone)} of ${whole(rows)} rows (${share(rowsDone, rows)})`
    : `${whole(rowsDone)} rows, ${whole(rows)} found so far`;
  return chunksFailed > 0
    ? `${state}  ${done}  ${chunksFailed} chunks failed`
    : `${state}  ${done}`;
}

export function failureText({ code, message, file, line, row, field }: JobFailure): string {
  const place = line !== undefined ? `:${line}` : row !== undefined ? ` row ${row}` : '';
  const where = file === undefined ? '' : `${file}${place}: `;
  return `${where}${field === undefined ? '' : `${field}: `}${message} (${code})`;
}

/** Failures beyond these are counted only. */
const SHOWN_FAILURES = 5;

/** Lines about a job that stands or has ended. */
export function jobLines(job: Job): string[] {
  const { id, model, summary, price, error, failures = [], results } = job;
  const lines = [`${id}  ${model}  ${progressText(job)}`];
  if (error !== null) lines.push(`  ${failureText(error)}`);
  for (const failure of failures.slice(0, SHOWN_FAILURES)) {
    lines.push(`  ${pc.red('failed')} ${whole(failure.rows)} rows: ${failureText(failure.error)}`);
  }
  if (failures.length > SHOWN_FAILURES)
    lines.push(`  and ${failures.length - SHOWN_FAILURES} more`);
  if (summary !== null) {
    const { answered, classes, exits, macsShare } = summary;
    const parts = (named: readonly { readonly name: string; readonly rows: number }[]) =>
      named
        .filter(({ rows }) => rows > 0)
        .map(({ name, rows }) => `${name} ${share(rows, answered)}`)
        .join(', ');
    lines.push(`  classes  ${parts(classes.map(({ label, rows }) => ({ name: label, rows })))}`);
    lines.push(
      `  exits    ${parts(exits.map(({ stage, rows }) => ({ name: `stage ${stage}`, rows })))}`,
    );
    if (macsShare !== null) {
      lines.push(`  MACs     ${(100 * macsShare).toFixed(1)} % of all stages for every row`);
    }
  }
  const { total, perMillionRows } = price;
  const rate = perMillionRows === null ? '' : `, ${dollars(perMillionRows)} a million rows`;
  lines.push(`  price    ${dollars(total)} at list prices${rate}`);
  if (results.length > 0) lines.push(`  results  ${results.join(', ')}`);
  return lines;
}

export interface JobView extends Disposable {
  show(job: Job): void;
}

/** Rewrites a line on a terminal; elsewhere it says every change of state. */
export function createJobView(stream: NodeJS.WriteStream = process.stderr): JobView {
  let state = '';
  const rewrite = (text: string) =>
    stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 120) - 1)}`);
  return {
    show(job) {
      if (stream.isTTY) rewrite(progressText(job));
      else if (job.state !== state) stream.write(`${progressText(job)}\n`);
      state = job.state;
    },
    [Symbol.dispose]() {
      if (stream.isTTY) rewrite('');
    },
  };
}
