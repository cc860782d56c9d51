// Telemetry of made-up assets, and what the shared code, called directly, makes of it.
import { createCascade, runCascade } from '@dandan/shared/cascade';
import {
  createRowAssembler,
  hasCountWindows,
  rowWidth,
  type Sample,
  type TelemetrySpec,
} from '@dandan/shared/features';
import { quantiseDense } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import type { TestBundle } from '@dandan/shared/testing';
import { type Prediction, predictionId } from '@dandan/shared/wire';

export interface TestMessage {
  readonly asset: string;
  readonly t: number;
  readonly values: Readonly<Record<string, number>>;
}

/** 2026-01-01: a history, as a replay has it. */
export const HISTORY_START = 1_767_225_600_000;

export interface MessagesOptions {
  readonly spec: TelemetrySpec;
  /** @default {4} */
  readonly assets?: number;
  /** Messages per asset. @default {40} */
  readonly count?: number;
  /** @default {HISTORY_START} */
  readonly start?: number;
  /** @default {1} */
  readonly seed?: number;
}

/** Five messages per stride (or a second, where windows go by count) and asset, in time order. */
export function createMessages(options: MessagesOptions): TestMessage[] {
  const { spec, assets = 4, count = 40, start = HISTORY_START, seed = 1 } = options;
  const random = createRandom(seed);
  const strideMs = hasCountWindows(spec) ? 1000 : spec.strideMs;
  return Array.from({ length: count * assets }, (_, i) => ({
    asset: `asset-${i % assets}`,
    t: start + (Math.floor(i / assets) * strideMs) / 5,
    values: Object.fromEntries(spec.channels.map(({ name }) => [name, 2 * random.normal()])),
  }));
}

/** Final predictions by id, given that the gateway runs the first `stages` stages. */
export function expectedPredictions(
  { bundle, sha256 }: TestBundle,
  spec: TelemetrySpec,
  messages: readonly TestMessage[],
  stages: number,
): Map<string, Prediction> {
  const assembler = createRowAssembler(spec);
  const rows = messages.flatMap(({ asset, t, values }) =>
    Object.entries(values).flatMap(([channel, value]) =>
      assembler.push({ asset, channel, time: t, value } satisfies Sample),
    ),
  );
  const width = rowWidth(spec);
  const values = Float32Array.from(rows.flatMap((row) => [...row.values]));
  const codes = quantiseDense({ count: rows.length, width, values }, bundle.input);
  const { thresholds } = bundle.manifest.policies.day;
  const result = runCascade(createCascade(bundle), codes, { thresholds });
  return new Map(
    rows.map(({ asset, time }, i) => {
      const id = predictionId(sha256, asset, time);
      const prediction: Prediction = {
        id,
        asset,
        model: bundle.manifest.model,
        t: time,
        class: result.classes[i],
        label: bundle.manifest.classes[result.classes[i]],
        confidence: result.confidence[i],
        stage: result.stage[i],
        // Early exit is the same on both sides: a deeper stage means the edge answered.
        tier: result.stage[i] > stages ? 'edge' : 'gateway',
        bundle: sha256,
        degraded: false,
      };
      return [id, prediction];
    }),
  );
}
