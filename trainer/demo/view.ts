// The demo's live terminal view: a block that redraws itself on a terminal, a line
// every few seconds elsewhere.
import pc from 'picocolors';
import type { DemoCounts } from './scoreboard.ts';

export interface DemoState {
  readonly counts: DemoCounts;
  /** Samples a second over the last seconds. */
  readonly rate: number;
  /** Share of the day that was sent, 0..1. */
  readonly share: number;
  readonly teacher: number;
  readonly mlp: number;
  /** Stages the gateway runs itself. */
  readonly gatewayStages: number;
}

export interface DemoView {
  draw(state: DemoState): void;
  /** Draws once more, whenever the last picture was drawn, and leaves it on the screen. */
  finish(state: DemoState): void;
}

const BAR_WIDTH = 30;
const REDRAW_MS = 200;
/** A log reader wants a sign of life, not a film. */
const LINE_MS = 5000;

const bar = (share: number) => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return pc.cyan('█'.repeat(full)) + pc.dim('░'.repeat(BAR_WIDTH - full));
};
const number = (value: number) => Math.round(value).toLocaleString('en').padStart(9);
const percentText = (value: number) => (Number.isNaN(value) ? '   –  ' : `${value.toFixed(1)} %`);

/** The picture as lines; exported so that it can be tested without a terminal. */
export function renderDemo(state: DemoState): string[] {
  const { counts, rate, share, teacher, mlp, gatewayStages } = state;
  const answered = counts.rows - counts.lost;
  const stageLines = counts.byStage.map((count, index) => {
    const tier = index < gatewayStages ? 'gateway' : 'edge   ';
    const part = answered === 0 ? 0 : count / answered;
    return `  ${tier} stage ${index + 1} ${number(count)} rows     ${bar(part)} ${percentText(100 * part)}`;
  });
  return [
    pc.bold('Dandan: sensors → gateway → edge, on this machine'),
    `  telemetry       ${number(counts.samples)} samples  ${bar(share)} ${number(rate).trim()} a second in ${number((rate * counts.messages) / Math.max(1, counts.samples)).trim()} messages`,
    `  answered        ${number(answered)} rows     ${bar(answered / Math.max(1, counts.rows))} of ${number(counts.rows).trim()} due`,
    ...stageLines,
    `  accuracy so far ${percentText(counts.accuracy).padStart(9)}  against the known truth  (in training: teacher ${percentText(teacher)}, plain MLP ${percentText(mlp)})`,
    `  escalated       ${number(counts.escalations)} rows  ${number(counts.bytesUp).trim()} bytes up`,
    pc.dim(
      `  waiting ${counts.lost}   duplicated ${counts.duplicated}   degraded ${counts.degraded}   Ctrl-C stops everything`,
    ),
  ];
}

/** One line, for logs. */
function statusLine({ counts, rate, share }: DemoState): string {
  return `${Math.round(100 * share)} % of the day, ${counts.samples} samples (${Math.round(rate)} a second), ${counts.rows - counts.lost} of ${counts.rows} rows answered, accuracy ${percentText(counts.accuracy)}`;
}

export function createDemoView(stream: NodeJS.WriteStream = process.stderr): DemoView {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let height = 0;
  function write(state: DemoState): void {
    drawnAt = performance.now();
    if (!stream.isTTY) {
      stream.write(`${statusLine(state)}\n`);
      return;
    }
    const lines = renderDemo(state);
    const up = height > 0 ? `\u001b[${height}A` : '';
    stream.write(up + lines.map((line) => `\u001b[2K${line}\n`).join(''));
    height = lines.length;
  }
  return {
    draw(state) {
      if (performance.now() - drawnAt >= (stream.isTTY ? REDRAW_MS : LINE_MS)) write(state);
    },
    finish: write,
  };
}
