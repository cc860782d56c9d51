// Samples a second of one core into feature rows, by the code that trainer and gateway share.
import {
  type ChannelSpec,
  createRowAssembler,
  type Sample,
  type TelemetrySpec,
  toChannelUnit,
} from '@dandan/shared/features';
import { createRandom } from '@dandan/shared/random';
import type { BenchContext, CaseFigures } from '../benchmark.ts';
import { summarise } from '../figures.ts';

/** 2026-01-01. */
const START = 1_767_225_600_000;
const REPETITIONS = 7;

const CHANNELS = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, unit: 'bar' }));

export type Windows =
  | { readonly windowMs: number; readonly strideMs: number }
  | { readonly windowSamples: number; readonly strideSamples: number };

export interface RowCase {
  readonly name: string;
  readonly windows: Windows;
  readonly assets: number;
  /** Samples of each channel. */
  readonly steps: number;
  readonly stepMs: number;
  /** Samples come up to this much too late. @default {0} */
  readonly lateMs?: number;
  /** Unit that samples state. @default {none} */
  readonly unit?: string;
  /** What rows hold of each channel. @default {five statistics} */
  readonly features?: Omit<ChannelSpec, 'name' | 'unit'>;
  /** Every asset is fed by the one before it. @default {false} */
  readonly upstream?: boolean;
}

function createSamples({ assets, steps, stepMs, lateMs = 0, unit }: RowCase): Sample[] {
  const random = createRandom(1);
  const samples: Sample[] = [];
  for (let step = 0; step < steps; step++) {
    for (let asset = 0; asset < assets; asset++) {
      for (const { name } of CHANNELS) {
        const time = START + step * stepMs - Math.floor(lateMs * random.next());
        const sample = { asset: `asset-${asset}`, channel: name, time, value: 100 * random.next() };
        samples.push(unit === undefined ? sample : { ...sample, unit });
      }
    }
  }
  return samples;
}

/** Seconds of processor time: the machine may be busy with other work. */
function processorSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function specOf({ windows, features, upstream, assets }: RowCase): TelemetrySpec {
  const fedBy = Array.from({ length: assets - 1 }, (_, i) => [`asset-${i + 1}`, [`asset-${i}`]]);
  return {
    kind: 'telemetry',
    channels: CHANNELS.map((channel) => ({ ...channel, ...features })),
    statistics: ['mean', 'deviation', 'slope', 'minimum', 'maximum'],
    ...windows,
    ...(upstream && {
      upstream: {
        assets: Object.fromEntries(fedBy),
        columns: CHANNELS.map(({ name }) => ({ channel: name, statistic: 'mean' as const })),
      },
    }),
  };
}

export function measureRows(rowCase: RowCase, context: BenchContext): CaseFigures {
  const { name, unit } = rowCase;
  const spec = specOf(rowCase);
  const samples = createSamples(rowCase);
  const ours: number[] = [];
  let rows = 0;
  for (let i = 0; i < (context.repetitions ?? REPETITIONS); i++) {
    context.signal.throwIfAborted();
    const assembler = createRowAssembler(spec);
    rows = 0;
    const seconds = processorSeconds(() => {
      for (const sample of samples) {
        const converted = unit === undefined ? sample : toChannelUnit(sample, CHANNELS[0]);
        rows += assembler.push(converted).length;
      }
    });
    ours.push(samples.length / seconds);
  }
  context.line(`${name}: ${rows} rows of ${samples.length} samples`);
  return summarise({ name, unit: 'samples/s', ours, details: { rows, samples: samples.length } });
}
