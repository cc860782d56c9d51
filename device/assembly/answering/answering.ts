// Feature rows to answers: what the stages at hand are sure of leaves, the rest goes to the edge.
import { type QuantisedRows, selectRows } from '@dandan/shared/kernel';
import type { Prediction } from '@dandan/shared/wire';
import type { Metrics } from '../../metrics/index.ts';
import { type AnswerOptions, answerRows, type LocalAnswers } from '../../models/cascade/index.ts';
import type { BuiltRow, Line } from '../../models/line/index.ts';
import type { Delivery } from '../../outputs/delivery/index.ts';
import type { Escalator } from '../../uplink/escalation/index.ts';
import type { EdgeReport } from '../../uplink/report/index.ts';

export interface AnsweringOptions {
  readonly metrics: Metrics;
  readonly delivery: Delivery;
  readonly escalator: Pick<Escalator, 'add'>;
  readonly report: Pick<EdgeReport, 'counts' | 'audits'> | undefined;
  /** Rows that a bundle has answered, for the trial that follows an update. */
  readonly onAnswered: (line: Line, figures: { rows: number; errors: number }) => void;
  readonly onFailed: (line: Line, error: Error) => void;
}

export interface Answering {
  /** Answers rows of a line that is served. @returns its answers; none where it failed. */
  answer(line: Line, built: readonly BuiltRow[], policy: AnswerOptions): readonly Prediction[];
  /** While the journal is read again: predictions with these ids have been delivered. */
  replayed: ReadonlySet<string> | undefined;
}

export function createAnswering(options: AnsweringOptions): Answering {
  const { metrics, delivery, escalator, report, onAnswered, onFailed } = options;
  let replayed: ReadonlySet<string> | undefined;

  function run(line: Line, built: readonly BuiltRow[], policy: AnswerOptions) {
    const rows = built.map(({ row }) => row);
    try {
      const answers = answerRows(line.model, rows, policy);
      if (replayed === undefined) onAnswered(line, { rows: rows.length, errors: 0 });
      return answers;
    } catch (error) {
      onAnswered(line, { rows: rows.length, errors: rows.length });
      onFailed(line, error as Error);
      return undefined;
    }
  }

  /** The edge is told of every own answer that no cap of load cut short. */
  function tell(prediction: Prediction, policy: AnswerOptions, row: () => QuantisedRows): void {
    if (report === undefined) return;
    const { model, bundle, asset, t: time, class: answered } = prediction;
    const what = { model, bundle, policy: policy.policy };
    report.counts.answered(what, prediction.stage);
    if (policy.maxStage === undefined) {
      report.audits.offer(what, { asset, time, class: answered, row });
    }
  }

  function deliver(answers: LocalAnswers, built: readonly BuiltRow[], policy: AnswerOptions): void {
    const { rows, predictions, unsure } = answers;
    const escalated = new Set(unsure);
    for (const [i, prediction] of predictions.entries()) {
      if (escalated.has(i) || replayed?.has(prediction.id)) continue;
      metrics.answeredAt(prediction.stage);
      tell(prediction, policy, () => selectRows(rows, [i]));
      delivery.deliver(prediction, built[i].receivedAt);
    }
    if (unsure.length === 0) return;
    escalator.add(unsure.map((i) => ({ prediction: predictions[i], row: selectRows(rows, [i]) })));
  }

  return {
    get replayed() {
      return replayed;
    },
    set replayed(ids) {
      replayed = ids;
    },
    answer(line, built, policy) {
      const answers = run(line, built, policy);
      if (answers === undefined) return [];
      if (replayed === undefined) metrics.add('rows', built.length);
      else metrics.add('replayedRows', built.length);
      deliver(answers, built, policy);
      return answers.predictions;
    },
  };
}
