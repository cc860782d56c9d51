// Where a value lies on an axis, and which values an axis names.

export interface Scale {
  /** Pixel of a value. */
  at(value: number): number;
  readonly ticks: readonly number[];
  /** A tick as text. */
  format(value: number): string;
}

export interface ScaleOptions {
  readonly from: number;
  readonly to: number;
  /** Pixels of `from` and `to`. */
  readonly range: readonly [number, number];
  /** About how many ticks. @default {5} */
  readonly ticks?: number;
}

/** 1, 2 or 5 times a power of ten: the step that gives about `count` ticks. */
export function niceStep(width: number, count: number): number {
  const rough = width / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}

/** Accuracies in percent have nothing above; whiskers of them may. */
const PERCENT = 100;

/** From and to, widened to whole steps; not above 100 where no value itself is. */
export function niceDomain(
  values: readonly number[],
  { count = 5, percent = false }: { count?: number; percent?: boolean } = {},
): readonly [number, number] {
  const smallest = Math.min(...values);
  const largest = Math.max(...values);
  // A single value stands in the middle of two percent of itself.
  const margin = largest > smallest ? 0 : Math.abs(largest) * 0.01 || 1;
  const [low, high] = [smallest - margin, largest + margin];
  const step = niceStep(high - low, count);
  const end = Math.ceil(high / step) * step;
  return [Math.floor(low / step) * step, percent ? Math.min(PERCENT, end) : end];
}

export function linearScale({ from, to, range, ticks: count = 5 }: ScaleOptions): Scale {
  const step = niceStep(to - from || 1, count);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
    ticks.push(i * step);
  }
  const [begin, end] = range;
  return {
    at: (value) => begin + ((value - from) / (to - from || 1)) * (end - begin),
    ticks,
    format: (value) => withMinus(value.toFixed(digits)),
  };
}

/** A minus sign is as wide as a digit; a hyphen is not. */
export const withMinus = (text: string): string => text.replace(/^-/, '−');

/** 1,500 as 1.5k, 2,000,000 as 2M. */
export function shortNumber(value: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= size) return `${Number((value / size).toPrecision(3))}${unit}`;
  }
  return String(Number(value.toPrecision(3)));
}

/** Logarithmic, with ticks at 1, 2 and 5 times the powers of ten. */
export function logScale({ from, to, range, ticks: count = 5 }: ScaleOptions): Scale {
  const all: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
    for (const factor of [1, 2, 5]) all.push(factor * power);
  }
  const inside = all.filter((value) => value >= from && value <= to);
  const powers = inside.filter((value) =>
    Number.isInteger(Math.round(Math.log10(value) * 1e9) / 1e9),
  );
  const ticks = inside.length > count + 2 && powers.length > 1 ? powers : inside;
  const [begin, end] = range;
  const share = (value: number) =>
    (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from) || 1);
  return { at: (value) => begin + share(value) * (end - begin), ticks, format: shortNumber };
}

/** Equal steps for values that have no distance, in their order. */
export function stepScale(values: readonly number[], range: readonly [number, number]): Scale {
  const [begin, end] = range;
  const slot = (end - begin) / Math.max(1, values.length);
  return {
    at: (value) => begin + slot * (values.indexOf(value) + 0.5),
    ticks: values,
    format: (value) => String(value),
  };
}
