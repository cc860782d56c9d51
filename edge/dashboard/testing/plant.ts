// A plant for the dashboard's tests and pictures: a model that is being replaced, and one without
// promises. Seeded; the weights are random, so that answers mean nothing.
import { createCascade, runCascade } from '@dandan/shared/cascade';
import { type DenseRows, type QuantisedRows, selectRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { createTestBundle, type TestBundle } from '@dandan/shared/testing';

const FAULTS = ['normal', 'bearing wear', 'misalignment', 'leak', 'overheating'];

const telemetry = {
  kind: 'telemetry' as const,
  channels: ['vibration', 'temperature', 'current', 'flow', 'pressure'].map((name) => ({
    name,
    unit: '',
  })),
  statistics: ['last' as const, 'mean' as const, 'deviation' as const, 'slope' as const],
  windowMs: 1000,
  strideMs: 1000,
};

/** The column that drifts: temperature.mean. */
export const DRIFTING_COLUMN = 5;

/** Rows of a calm process; `moved` codes are added to {@linkcode DRIFTING_COLUMN}. */
export function calmRows(width: number, count: number, seed: number, moved = 0): DenseRows {
  const random = createRandom(seed);
  const codes = Uint8Array.from({ length: count * width }, (_, e) => {
    const code = 64 + 20 * random.normal() + (e % width === DRIFTING_COLUMN ? moved : 0);
    return Math.max(0, Math.min(127, Math.round(code)));
  });
  return { kind: 'dense', count, width, codes };
}

/** Rows of which the last stage is unsure: what people label. */
export function unsureRows({ bundle }: TestBundle, count: number, seed: number): QuantisedRows {
  const rows = calmRows(bundle.input.width, 4000, seed);
  const { stage, confidence } = runCascade(
    createCascade(bundle),
    rows,
    bundle.manifest.policies.day,
  );
  const last = bundle.stages.length;
  const unsure = Array.from(stage.keys()).filter((i) => stage[i] === last && confidence[i] < 0.5);
  return selectRows(rows, unsure.slice(0, count));
}

const press = (seed: number): Promise<TestBundle> =>
  createTestBundle({
    model: 'press',
    seed,
    telemetry,
    units: [8, 16, 32, 64],
    structure: 'additive',
    classNames: FAULTS,
    thresholds: [0.62, 0.6, 0.58],
    certificate: { alpha: 0.05, delta: 0.1, n: 800, method: 'fixed-sequence', disagreements: 24 },
    trainedOn: ({ width }) => calmRows(width, 1000, seed),
  });

export interface Plant {
  /** What all gateways run, and what takes its place on some. */
  readonly good: TestBundle;
  readonly next: TestBundle;
  /** Another model, whose bundle carries no reference and no promise. */
  readonly mixer: TestBundle;
}

export async function createPlant(): Promise<Plant> {
  const [good, next, mixer] = await Promise.all([
    press(1),
    press(2),
    createTestBundle({ model: 'mixer', seed: 3, width: 16, classNames: ['normal', 'blocked'] }),
  ]);
  return { good, next, mixer };
}
