// Trains and measures one cell.
import { readBundle } from '@dandan/shared/bundle';
import { evaluateBundle } from '../evaluate/evaluate-bundle.ts';
import { type HistoryGraph, type HistoryNodes, historyGraph } from '../history/history-graph.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { Checkpoint } from '../run/checkpoint.ts';
import type { Progress } from '../run/progress.ts';
import { DEFAULTS, type TrainOptions } from '../run/train-options.ts';
import { type TrainRunResult, trainRun } from '../run/train-run.ts';
import { defaultWidths } from '../student/widths.ts';
import type { CaseCell } from './case-cell.ts';
import type { LabelCount, OpenCase, WorkedCase } from './worked-case.ts';

const STAGES = 4;
const HIDDEN = 64;

/** The day of the method's publication at AAAI-26: the same cell has the same bytes on any day. */
const CREATED = '2026-01-20T00:00:00Z';

export function caseOptions({ options }: WorkedCase, seed: number): TrainOptions {
  return {
    ...DEFAULTS,
    // Test runs are unseen, as the days to come are.
    setting: 'ind',
    widths: defaultWidths(DEFAULTS.structure, STAGES, HIDDEN),
    ...options,
    seed,
  };
}

export interface MeasureCellOptions {
  readonly worked: WorkedCase;
  readonly open: OpenCase;
  /** Those of the seed. */
  readonly nodes: HistoryNodes;
  readonly labels: LabelCount;
  readonly seed: number;
  readonly codeVersion: string;
  readonly checkpoint?: Checkpoint | undefined;
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MeasuredCell {
  readonly cell: CaseCell;
  readonly graph: HistoryGraph['graph'];
  readonly run: TrainRunResult;
}

/** @throws the signal's reason when aborted; finished phases stay in the checkpoint. */
export async function measureCell(options: MeasureCellOptions): Promise<MeasuredCell> {
  const { worked, open, nodes, labels, seed, codeVersion, checkpoint, progress, signal } = options;
  const { graph } = await historyGraph({
    nodes,
    name: worked.name,
    seed,
    split: worked.splitOf(labels),
    signal,
  });
  const { publicSplit: split } = graph;
  const run = await trainRun({
    graph,
    split,
    splitName: 'public',
    options: caseOptions(worked, seed),
    model: worked.name,
    version: packageJson.version,
    created: CREATED,
    codeVersion,
    ...(checkpoint && { checkpoint }),
    ...(progress && { progress }),
    signal,
  });
  const { fullClasses } = evaluateBundle(await readBundle(run.bytes), graph, split.test);
  const answers = { ...run.answers, cascade: fullClasses };
  return {
    graph,
    run,
    cell: {
      ...{ case: worked.name, labels, seed, codeVersion },
      counts: {
        train: split.train.length,
        test: split.test.length,
        testRuns: new Set(Array.from(split.test, (node) => graph.places.run[node])).size,
      },
      figures: run.figures,
      alarms: open.judge?.(graph, answers, seed),
      data: graph.sha256,
    },
  };
}
