// Cells of one number of labels as means over seeds: the keys of `reproduce --json`.
import { type Summary, summarise } from '../reproduce/statistics.ts';
import type { CaseCell } from './case-cell.ts';
import type { AlarmRates } from './skab/alarm-rates.ts';
import type { LabelCount } from './worked-case.ts';

export interface StageSummary {
  /** 1-based. */
  readonly stage: number;
  /** Of this stage's own answers, percent. */
  readonly accuracy: number;
  readonly std: number;
  /** Multiply-accumulates up to and with it. */
  readonly macs: number;
  /** Share of the test windows that stop here. */
  readonly share: number;
}

/** Means over seeds; accuracies on windows of unseen runs, percent. */
export interface CaseSummary {
  readonly labels: LabelCount;
  readonly seeds: number;
  readonly supervised: number;
  readonly glnn: number;
  readonly teacher: number;
  readonly output: number;
  /** With early exits. */
  readonly exit: number;
  /** Multiply-accumulates with early exits, as a share of all stages'. */
  readonly macsShare: number;
  readonly stages: readonly StageSummary[];
  readonly std: Readonly<Record<'supervised' | 'glnn' | 'teacher' | 'output' | 'exit', number>>;
  /** Output minus supervised, of the same seeds. */
  readonly gain: { readonly mean: number; readonly std: number };
  readonly alarms?: Readonly<Record<string, AlarmSummary>> | undefined;
}

export type AlarmSummary = Readonly<Record<keyof Omit<AlarmRates, 'rows'>, Summary>>;

const RATES = ['f1', 'falseAlarmRate', 'missedAlarmRate'] as const;

function alarmsOf(cells: readonly CaseCell[]): Record<string, AlarmSummary> | undefined {
  const [first] = cells;
  if (first.alarms === undefined) return undefined;
  return Object.fromEntries(
    Object.keys(first.alarms).map((method) => [
      method,
      Object.fromEntries(
        RATES.map((rate) => [
          rate,
          summarise(cells.map(({ alarms }) => alarms![method][rate])) as Summary,
        ]),
      ) as AlarmSummary,
    ]),
  );
}

/** @param cells Of one case and number of labels; at least one. */
function summariseSeeds(cells: readonly CaseCell[]): CaseSummary {
  const of = (value: (cell: CaseCell) => number) => summarise(cells.map(value)) as Summary;
  const summaries = {
    supervised: of(({ figures }) => figures.mlp),
    glnn: of(({ figures }) => figures.glnn),
    teacher: of(({ figures }) => figures.teacher),
    output: of(({ figures }) => figures.output),
    exit: of(({ figures }) => figures.exit.accuracy),
  };
  const named = <K extends keyof Summary>(key: K) =>
    Object.fromEntries(
      Object.entries(summaries).map(([name, summary]) => [name, summary[key]]),
    ) as Record<keyof typeof summaries, number>;
  const gain = of(({ figures }) => figures.output - figures.mlp);
  return {
    labels: cells[0].labels,
    seeds: cells.length,
    ...named('mean'),
    macsShare: of(({ figures }) => figures.exit.macsShare).mean,
    stages: cells[0].figures.stages.map(({ stage }, index) => {
      const { mean: accuracy, std } = of(({ figures }) => figures.stages[index].accuracy);
      const macs = Math.round(of(({ figures }) => figures.stages[index].macs).mean);
      const share = of(({ figures }) => figures.stages[index].share).mean;
      return { stage, accuracy, std, macs, share };
    }),
    std: named('std'),
    gain: { mean: gain.mean, std: gain.std },
    alarms: alarmsOf(cells),
  };
}

/** One summary for each number of labels, in the order of the cells. */
export function summariseCells(cells: readonly CaseCell[]): CaseSummary[] {
  return [...Map.groupBy(cells, ({ labels }) => labels).values()].map(summariseSeeds);
}
