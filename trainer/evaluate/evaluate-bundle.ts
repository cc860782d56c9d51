// Runs a bundle over a data set's test nodes and measures every stage and the exits.
import type { Bundle } from '@dandan/shared/bundle';
import {
  batchExit,
  createCascade,
  DEFAULT_BATCH_THRESHOLD,
  runCascade,
  stageProbabilities,
  traceCascade,
} from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import { selectRows } from '@dandan/shared/kernel';
import type { GraphData } from '../graph/graph-data.ts';
import { shareCorrect } from '../metrics/accuracy.ts';
import { quantiseFeatures } from '../quantise/input.ts';
import { type Figures, percent, type StageFigures } from './figures.ts';

export interface BundleEvaluation {
  readonly figures: Pick<Figures, 'stages' | 'output' | 'exit' | 'batchExit'>;
  /** Class per test node from the full cascade. */
  readonly fullClasses: Int32Array;
  /** Class and stage per test node with early exit. */
  readonly exitClasses: Int32Array;
  readonly exitStages: Uint8Array;
}

const mean = (values: ArrayLike<number>) =>
  values.length === 0 ? 0 : Array.from(values).reduce((a, b) => a + b) / values.length;

/** Equal widths do not make equal tasks: figures on other classes would mean nothing. */
function checkClasses(bundle: Bundle, graph: GraphData): void {
  const { classes } = bundle.manifest;
  if (classes.length === graph.classes.length && classes.every((c, i) => c === graph.classes[i])) {
    return;
  }
  throw new InputError('data-invalid', `${graph.name} has other classes than the bundle`, {
    field: 'classes',
    value: graph.classes.join(', '),
    allowed: classes.join(', '),
  });
}

/**
 * @param batchThreshold τ_conf of the batch-level exit.
 * @throws {InputError} `rows-wrong-width` or `data-invalid` when the data has other features or
 * classes than the bundle.
 */
export function evaluateBundle(
  bundle: Bundle,
  graph: GraphData,
  nodes: Int32Array,
  batchThreshold = DEFAULT_BATCH_THRESHOLD,
): BundleEvaluation {
  checkClasses(bundle, graph);
  const rows = selectRows(quantiseFeatures(graph.features, bundle.input), nodes);
  const cascade = createCascade(bundle);
  const trace = traceCascade(cascade, rows);
  const exit = runCascade(cascade, rows, bundle.manifest.policies.day);
  const batch = batchExit({
    probabilities: stageProbabilities(cascade, rows),
    classes: graph.classes.length,
    threshold: batchThreshold,
  });
  const last = bundle.stages.length - 1;
  const fullClasses = trace.classes[last];
  const correct = (classes: ArrayLike<number>) =>
    percent(shareCorrect(classes, graph.labels, nodes));
  const stages: StageFigures[] = bundle.manifest.stages.map(({ validation }, index) => ({
    stage: index + 1,
    accuracy: correct(trace.stageClasses[index]),
    validation: percent(validation.accuracy),
    macs: Math.round(mean(trace.macs[index])),
    share: mean(exit.stage.map((stage) => Number(stage === index + 1))),
  }));
  const fullMacs = Math.max(1, mean(trace.macs[last]));
  return {
    figures: {
      stages,
      output: correct(fullClasses),
      exit: {
        accuracy: correct(exit.classes),
        macsShare: mean(exit.macs) / fullMacs,
        disagreement: mean(exit.classes.map((value, i) => Number(value !== fullClasses[i]))),
      },
      batchExit: {
        threshold: batchThreshold,
        stage: batch.stage,
        accuracy: correct(batch.classes),
        macsShare: mean(trace.macs[batch.stage - 1]) / fullMacs,
      },
    },
    fullClasses,
    exitClasses: exit.classes,
    exitStages: exit.stage,
  };
}
