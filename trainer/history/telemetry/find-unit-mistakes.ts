// Stretches of a channel whose values would fit the others if they were in another unit.
import { unitConversion } from '@dandan/shared/features';
import type { Series, Telemetry } from '@dandan/shared/telemetry-table';
import { stretchOf } from './find-gaps.ts';
import type { Stretch, Suspicion } from './summary.ts';

/** Units that plants mix up; those of the channel's quantity are tried. */
const UNITS = [
  ...['°C', '°F', 'K', 'Pa', 'kPa', 'MPa', 'mbar', 'bar', 'psi', 'mm', 'in', 'm', 'ft', 'mm/s'],
  ...['in/s', 'm/s', 'm/s²', 'g', 'A', 'mA', 'W', 'kW', 'L/min', 'm³/h'],
];

/** Readings judged together: one outlier is no unit. */
const BLOCK = 30;

/** How far the middle of a block lies from that of the channel, in middle halves of its values. */
const FAR = 8;

/** Beyond this share it is the rest of the channel that is odd. */
const MOST = 0.4;

interface Reading {
  /** Unit that it seems to be in, or a factor. */
  readonly looksLike: string;
  readonly convert: (value: number) => number;
}

function readingsOf(unit: string): Reading[] {
  if (unit === '') {
    return [
      { looksLike: '×1000', convert: (value) => value / 1000 },
      { looksLike: '÷1000', convert: (value) => value * 1000 },
    ];
  }
  return UNITS.flatMap((looksLike) => {
    const conversion = looksLike === unit ? undefined : unitConversion(looksLike, unit);
    if (conversion === undefined) return [];
    const { factor, shift, divisor } = conversion;
    return factor === divisor && shift === 0
      ? []
      : [{ looksLike, convert: (value: number) => (value * factor + shift) / divisor }];
  });
}

function median(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1];
}

export function findUnitMistakes(options: {
  readonly telemetry: Telemetry;
  readonly series: readonly Series[];
  /** Of all series, ascending. */
  readonly values: Float64Array;
  readonly unit: string;
}): Suspicion[] {
  const { telemetry, series, values, unit } = options;
  const quantile = (share: number) => values[Math.floor(share * (values.length - 1))];
  const [low, middle, high] = [quantile(0.25), quantile(0.5), quantile(0.75)];
  const spread = high - low;
  const readings = readingsOf(unit);
  if (spread === 0 || readings.length === 0) return [];
  const near = (value: number) => Math.abs(value - middle) <= 2 * spread;
  const found = new Map<string, { count: number; first: Stretch }>();
  for (const each of series) {
    for (let from = 0; from + BLOCK <= each.values.length; from += BLOCK) {
      const own = median(each.values.subarray(from, from + BLOCK));
      if (Math.abs(own - middle) <= FAR * spread) continue;
      const reading = readings.find(({ convert }) => near(convert(own)));
      if (reading === undefined) continue;
      const known = found.get(reading.looksLike);
      const end = each.times[from + BLOCK - 1];
      const first = known?.first ?? stretchOf(telemetry, each, each.times[from], end);
      found.set(reading.looksLike, { count: (known?.count ?? 0) + BLOCK, first });
    }
  }
  return [...found]
    .filter(([, { count }]) => count <= MOST * values.length)
    .map(([looksLike, { count, first }]) => ({ kind: 'unit', looksLike, count, first }));
}
