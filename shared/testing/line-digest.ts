// One digest for the rows of made-up lines, to compare runtimes: spectra, shapes of signals, times
// since a change, what is missing, differences from upstream, positions, a restart in the middle; as
// they are, or measured against the beginning of each machine.
import { sha256Hex } from '../bundle/index.ts';
import {
  createRowAssembler,
  type FeatureRow,
  STATISTICS,
  type TelemetrySpec,
} from '../features/index.ts';
import { createRandom, type Random } from '../random/index.ts';

const ASSETS = ['press', 'oven', 'cooler'];

/** 100 readings a second, less a few. */
const SAMPLE_MS = 10;
const SAMPLES = 400;

function specOf(random: Random): TelemetrySpec {
  const middle = 5 + random.below(20);
  return {
    kind: 'telemetry',
    channels: [
      {
        name: 'vibration',
        unit: 'mm/s',
        statistics: ['rms', 'kurtosis', 'crest'],
        bands: [
          { fromHz: 0, toHz: middle },
          { fromHz: middle, toHz: 50 },
        ],
        sampleMs: SAMPLE_MS,
      },
      { name: 'valve', unit: '', holdMs: 500, statistics: ['last', 'sinceChange'] },
      { name: 'temperature', unit: '°C' },
    ],
    statistics: [...STATISTICS],
    windowMs: 1000 + 10 * random.below(100),
    strideMs: 200 + random.below(300),
    missing: 'indicate',
    upstream: {
      assets: { oven: ['press'], cooler: ['oven', 'press'] },
      columns: [
        { channel: 'vibration', statistic: 'rms' },
        { channel: 'temperature', statistic: 'mean' },
      ],
    },
    positions: { dimensions: 2, assets: { press: [1 / 3, -0.1], oven: [0.7, 1 / 7] } },
  };
}

function rowsOf(spec: TelemetrySpec, random: Random): FeatureRow[] {
  const rows: FeatureRow[] = [];
  let assembler = createRowAssembler(spec);
  const push = (asset: string, channel: string, time: number, value: number) =>
    rows.push(...assembler.push({ asset, channel, time, value }));
  for (let i = 0; i < SAMPLES; i++) {
    for (const asset of ASSETS) {
      if (random.next() < 0.05) continue;
      // Some come late, and not every asset at the same time.
      const time = 1_767_225_600_000 + i * SAMPLE_MS + Math.floor(20 * random.next() - 10);
      push(asset, 'vibration', time, random.normal());
      if (random.next() < 0.02) push(asset, 'valve', time, random.below(2));
      if (random.next() < 0.3) push(asset, 'temperature', time, 80 + random.normal());
    }
    if (i !== SAMPLES / 2) continue;
    const snapshot: unknown = JSON.parse(JSON.stringify(assembler.snapshot()));
    assembler = createRowAssembler(spec, { snapshot });
  }
  return [...rows, ...assembler.flush(2e12)];
}

/**
 * SHA-256, hex, of the rows of the lines of seeds 1..`lines`; NaN as a number that no row has.
 *
 * @param reference of the specs. @default {none}
 */
export async function lineDigest(
  lines: number,
  reference?: TelemetrySpec['reference'],
): Promise<string> {
  const numbers: number[] = [];
  for (let seed = 1; seed <= lines; seed++) {
    const random = createRandom(seed);
    const spec = { ...specOf(random), ...(reference && { reference }) };
    for (const { time, values } of rowsOf(spec, random)) numbers.push(time, ...values);
  }
  const plain = Float64Array.from(numbers, (number) => (Number.isNaN(number) ? 1e300 : number));
  return sha256Hex(new Uint8Array(plain.buffer));
}
