// Mean and standard deviation of a run's figures over seeds.
import type { Figures } from '../evaluate/figures.ts';

type Summary = Record<'teacher' | 'mlp' | 'glnn' | 'output' | 'seconds', number> & {
  readonly stages: readonly number[];
  /** Validation accuracy per stage. */
  readonly validation: readonly number[];
  readonly exit: Readonly<Record<'accuracy' | 'macsShare' | 'disagreement', number>>;
  readonly batchExit: Readonly<Record<'accuracy' | 'macsShare' | 'stage', number>>;
  readonly quantised: Readonly<Record<'agreement' | 'drop', number>>;
};

const round = (value: number) => Math.round(value * 10_000) / 10_000;

export function meanOf(values: readonly number[]): number {
  return round(values.reduce((a, b) => a + b, 0) / values.length);
}

/** Sample standard deviation (n − 1), as the field reports it; 0 for one seed. */
export function deviationOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return round(Math.sqrt(squares / (values.length - 1)));
}

function summary(figures: readonly Figures[], reduce: (values: number[]) => number): Summary {
  const over = (pick: (figure: Figures) => number) => reduce(figures.map(pick));
  return {
    teacher: over((f) => f.teacher),
    mlp: over((f) => f.mlp),
    glnn: over((f) => f.glnn),
    stages: figures[0].stages.map((_, k) => over((f) => f.stages[k].accuracy)),
    validation: figures[0].stages.map((_, k) => over((f) => f.stages[k].validation)),
    output: over((f) => f.output),
    exit: {
      accuracy: over((f) => f.exit.accuracy),
      macsShare: over((f) => f.exit.macsShare),
      disagreement: over((f) => f.exit.disagreement),
    },
    batchExit: {
      accuracy: over((f) => f.batchExit.accuracy),
      macsShare: over((f) => f.batchExit.macsShare),
      stage: over((f) => f.batchExit.stage),
    },
    quantised: {
      agreement: over((f) => f.quantised.agreement),
      drop: over((f) => f.quantised.drop),
    },
    seconds: over((f) => f.seconds),
  };
}

/** Summary objects under the keys of the figures, and lines for people. */
export function summariseSeeds(figures: readonly Figures[]) {
  const mean = summary(figures, meanOf);
  const std = summary(figures, deviationOf);
  const row = (name: string, value: number, spread: number) =>
    `  ${name.padEnd(26)}${value.toFixed(2).padStart(7)} ± ${spread.toFixed(2)} %`;
  const lines = [
    `Mean and standard deviation over ${figures.length} seeds`,
    row('teacher', mean.teacher, std.teacher),
    row('plain MLP, same labels', mean.mlp, std.mlp),
    row('GLNN, one distilled MLP', mean.glnn, std.glnn),
    ...mean.stages.map((value, k) => row(`stage ${k + 1}`, value, std.stages[k])),
    row('running output', mean.output, std.output),
    row('with early exit', mean.exit.accuracy, std.exit.accuracy),
  ];
  return { mean, std, lines };
}
