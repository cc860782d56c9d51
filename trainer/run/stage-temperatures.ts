// T_k of every stage, fitted on the validation nodes as a bundle has them.
import { fitTemperature } from '../certify/temperature.ts';
import type { GraphData } from '../graph/graph-data.ts';
import type { PreparedData } from './prepare.ts';

export interface StageTemperaturesOptions {
  readonly graph: Pick<GraphData, 'labels' | 'classes'>;
  readonly data: Pick<PreparedData, 'classWeights'> & {
    readonly split: Pick<PreparedData['split'], 'validation'>;
  };
  /** Per stage float32 [N, C]. */
  readonly logits: readonly Float32Array[];
}

export const stageTemperatures = ({ graph, data, logits }: StageTemperaturesOptions): number[] =>
  logits.map((matrix) =>
    fitTemperature({
      logits: matrix,
      classes: graph.classes.length,
      labels: graph.labels,
      nodes: data.split.validation,
      classWeights: data.classWeights,
    }),
  );
