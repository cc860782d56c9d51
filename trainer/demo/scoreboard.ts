// Counts what the demo shows: every row that should be answered, what was answered,
// and whether it is true.
import type { GatewayMetrics, Prediction } from '@dandan/shared/wire';

export interface DemoCounts {
  readonly samples: number;
  /** MQTT messages that carried them. */
  readonly messages: number;
  /** Rows due so far. */
  readonly rows: number;
  /** Final answers per stage; index 0 is stage 1. */
  readonly byStage: readonly number[];
  readonly byTier: { readonly gateway: number; readonly edge: number };
  /** Share of answered rows whose class is the truth, percent; NaN before the first. */
  readonly accuracy: number;
  readonly escalations: number;
  readonly bytesUp: number;
  /** Rows without a final answer. */
  readonly lost: number;
  /** Final answers that came more than once. */
  readonly duplicated: number;
  /** Rows whose only answer so far is the gateway's stand-in while the edge was away. */
  readonly degraded: number;
}

export interface Scoreboard {
  /** A message with so many samples goes out. */
  messageSent(samples: number): void;
  /** A row that the samples sent so far complete, with its true class. */
  rowDue(asset: string, time: number, truth: number): void;
  prediction(prediction: Prediction): void;
  metrics(metrics: GatewayMetrics): void;
  counts(): DemoCounts;
  /** The gateway has taken in every sample that was sent. */
  readonly samplesBehind: number;
}

/**
 * Answers kept to recognise a second one: about four minutes of the demo at full speed, far
 * longer than any answer is under way. Without a bound a demo left running would fill the memory.
 */
const REMEMBERED_ANSWERS = 100_000;

export function createScoreboard(stages: number): Scoreboard {
  const truths = new Map<string, number>();
  const answered = new Set<string>();
  const standIns = new Set<string>();
  const byStage = new Array<number>(stages).fill(0);
  const byTier = { gateway: 0, edge: 0 };
  let samples = 0;
  let messages = 0;
  let rows = 0;
  let answers = 0;
  let correct = 0;
  let duplicated = 0;
  let metrics: GatewayMetrics | undefined;
  const keyOf = (asset: string, time: number) => `${asset}@${time}`;

  function forgetOldest(): void {
    const [oldest] = answered;
    answered.delete(oldest);
    truths.delete(oldest);
  }

  return {
    messageSent(count) {
      messages++;
      samples += count;
    },
    rowDue(asset, time, truth) {
      rows++;
      truths.set(keyOf(asset, time), truth);
    },
    prediction({ asset, t, class: answer, stage, tier, degraded }) {
      const key = keyOf(asset, t);
      const truth = truths.get(key);
      if (truth === undefined) return;
      if (degraded) {
        if (!answered.has(key)) standIns.add(key);
        return;
      }
      if (answered.has(key)) {
        duplicated++;
        return;
      }
      answers++;
      answered.add(key);
      standIns.delete(key);
      if (answered.size > REMEMBERED_ANSWERS) forgetOldest();
      byStage[stage - 1]++;
      byTier[tier]++;
      if (answer === truth) correct++;
    },
    metrics(latest) {
      metrics = latest;
    },
    get samplesBehind() {
      return samples - (metrics?.samples ?? 0);
    },
    counts: () => ({
      samples,
      messages,
      rows,
      byStage: [...byStage],
      byTier: { ...byTier },
      accuracy: (100 * correct) / answers,
      escalations: metrics?.escalated ?? 0,
      bytesUp: metrics?.bytesUp ?? 0,
      lost: rows - answers,
      duplicated,
      degraded: standIns.size,
    }),
  };
}
