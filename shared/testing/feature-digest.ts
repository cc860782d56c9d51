// One digest for the feature rows of many made-up streams, to compare runtimes: units, both forms of
// windows, gaps, samples out of order, clocks that jump, a restart in the middle.
import { sha256Hex } from '../bundle/index.ts';
import {
  createRowAssembler,
  type Sample,
  type TelemetrySpec,
  toChannelUnit,
} from '../features/index.ts';
import { createRandom, type Random } from '../random/index.ts';

/** No row has it. */
const MISSING = 1e300;

const UNITS = ['°F', 'K', '℃', 'degF'];
const PRESSURES = ['psi', 'mbar', 'kPa', 'MPa'];

function specOf(random: Random): TelemetrySpec {
  const common = {
    kind: 'telemetry' as const,
    channels: [
      { name: 'temperature', unit: '°C' },
      { name: 'pressure', unit: 'bar', holdMs: 5000 },
    ],
    // Those of the first bundles, whose rows stay what they were.
    statistics: [
      'last' as const,
      'mean' as const,
      'deviation' as const,
      'slope' as const,
      'minimum' as const,
      'maximum' as const,
    ],
  };
  const stride = 1 + random.below(8);
  const window = stride + random.below(20);
  return random.next() < 0.5
    ? { ...common, windowMs: 100 * window, strideMs: 100 * stride }
    : { ...common, windowSamples: window, strideSamples: stride };
}

function nextTime(time: number, random: Random): number {
  const chance = random.next();
  if (chance < 0.8) return time + 100 * random.next();
  if (chance < 0.97) return Math.floor(time - 200 * random.next());
  return chance < 0.99 ? time + 30_000 * random.next() : time - 3_600_000;
}

function sampleOf(time: number, random: Random): Sample {
  const isTemperature = random.next() < 0.6;
  const units = isTemperature ? UNITS : PRESSURES;
  return {
    asset: 'press',
    channel: isTemperature ? 'temperature' : 'pressure',
    time,
    value: 100 * random.normal(),
    unit: units[random.below(units.length)],
  };
}

/** SHA-256, hex, of the rows of the streams of seeds 1..`streams`. */
export async function featureDigest(streams: number): Promise<string> {
  const numbers: number[] = [];
  for (let seed = 1; seed <= streams; seed++) {
    const random = createRandom(seed);
    const spec = specOf(random);
    const [temperature, pressure] = spec.channels;
    let assembler = createRowAssembler(spec);
    let time = 1_767_225_600_000;
    for (let i = 0; i < 200; i++) {
      time = nextTime(time, random);
      const sample = sampleOf(time, random);
      const channel = sample.channel === 'temperature' ? temperature : pressure;
      for (const row of assembler.push(toChannelUnit(sample, channel))) {
        numbers.push(row.time, ...row.values);
      }
      if (i !== 100) continue;
      const snapshot: unknown = JSON.parse(JSON.stringify(assembler.snapshot()));
      assembler = createRowAssembler(spec, { snapshot });
    }
  }
  // An engine may choose the bits of NaN.
  const plain = Float64Array.from(numbers, (number) => (Number.isNaN(number) ? MISSING : number));
  return sha256Hex(new Uint8Array(plain.buffer));
}
