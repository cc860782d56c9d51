// Feature rows to answers by the stages at hand.
import { runCascade, STOP_REASONS } from '@dandan/shared/cascade';
import type { FeatureRow } from '@dandan/shared/features';
import type { QuantisedRows } from '@dandan/shared/kernel';
import type { PolicyName } from '@dandan/shared/policy';
import { type Prediction, predictionId } from '@dandan/shared/wire';
import type { LocalModel } from './local-model.ts';

export interface AnswerOptions {
  readonly policy: PolicyName;
  /** Deepest stage of the whole cascade that load leaves. @default {that of the policy} */
  readonly maxStage?: number | undefined;
}

export interface LocalAnswers {
  /** All rows, in order. */
  readonly rows: QuantisedRows;
  /** One per row: the gateway's answer. */
  readonly predictions: readonly Prediction[];
  /** Positions of the rows that the edge shall answer. */
  readonly unsure: readonly number[];
}

function quantise({ cascade }: LocalModel, rows: readonly FeatureRow[]): QuantisedRows {
  const { width } = cascade.input;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    values.set(row.values, i * width);
  });
  return cascade.quantise({ count: rows.length, width, values });
}

/** Quantises rows and runs the local stages over them. */
export function answerRows(
  model: LocalModel,
  featureRows: readonly FeatureRow[],
  { policy, maxStage = Number.POSITIVE_INFINITY }: AnswerOptions,
): LocalAnswers {
  const { cascade, sha256, stages, policies } = model;
  const { thresholds } = policies[policy];
  const deepest = Math.min(policies[policy].deepest, maxStage);
  const local = Math.min(stages, deepest);
  const rows = quantise(model, featureRows);
  const result = runCascade(cascade, rows, { thresholds, maxStage: local });
  const sure = STOP_REASONS.indexOf('confident');
  const unsure: number[] = [];
  const predictions = featureRows.map(({ asset, time }, i): Prediction => {
    if (local < deepest && result.stopped[i] !== sure) unsure.push(i);
    return {
      id: predictionId(sha256, asset, time),
      asset,
      model: model.name,
      t: time,
      class: result.classes[i],
      label: cascade.manifest.classes[result.classes[i]],
      confidence: result.confidence[i],
      stage: result.stage[i],
      tier: 'gateway',
      bundle: sha256,
      degraded: false,
    };
  });
  return { rows, predictions, unsure };
}
