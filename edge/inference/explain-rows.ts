// Answers with their reasons: what each stage thought, why the row stopped, which features moved it.
import type { Bundle } from '@dandan/shared/bundle';
import { type Cascade, traceCascade } from '@dandan/shared/cascade';
import { explainRow } from '@dandan/shared/explain';
import { columnNames } from '@dandan/shared/features';
import type { QuantisedRows } from '@dandan/shared/kernel';
import { policyOf } from '@dandan/shared/policy';
import type { ExplainOptions, ExplainResponse } from '@dandan/shared/wire';
import { type AnswerRowsOptions, answerRows } from './answer-rows.ts';

export interface ExplainRowsOptions
  extends Pick<ExplainOptions, 'maxStage' | 'top'>,
    Pick<AnswerRowsOptions, 'policy' | 'cap' | 'decided'> {
  readonly bundle: Bundle;
  /** Of the bundle. */
  readonly cascade: Cascade;
  readonly sha256: string;
  readonly rows: QuantisedRows;
}

/** The value that a code stands for. */
function featureValue({ input }: Bundle, column: number, code: number): number {
  const at = input.sparse ? 0 : column;
  return input.offset[at] + (code - input.zeroPoint) / input.multiplier[at];
}

/** @throws {InputError} `rows-*`, `stage-out-of-range`. */
export function explainRows(options: ExplainRowsOptions): ExplainResponse {
  const { bundle, cascade, sha256, rows, policy, decided, top } = options;
  const { manifest } = bundle;
  const { answers, model } = answerRows(options);
  const trace = traceCascade(cascade, rows);
  const names = columnNames(manifest.features);
  const { thresholds, certificate } = policyOf(manifest, policy);
  const explanations = answers.map((answer, row) => {
    const explained = explainRow({ bundle, rows, row, answer: answer.class, stages: answer.stage });
    const { probability, baseline, contributions, residual } = explained;
    const label = (classes: Int32Array) => manifest.classes[classes[row]];
    return {
      ...answer,
      stages: Array.from({ length: answer.stage }, (_, k) => ({
        stage: k + 1,
        alone: label(trace.stageClasses[k]),
        together: label(trace.classes[k]),
        confidence: trace.confidence[k][row],
        threshold: thresholds[k] ?? null,
      })),
      probability,
      baseline,
      features: contributions.slice(0, top).map(({ column, code, contribution }) => ({
        column,
        name: names[column],
        value: featureValue(bundle, column, code),
        contribution,
      })),
      others: contributions.slice(top).reduce((sum, each) => sum + each.contribution, 0),
      residual,
    };
  });
  return {
    model,
    bundle: sha256,
    policy,
    ...(decided !== undefined && { decided }),
    certificate,
    explanations,
  };
}
