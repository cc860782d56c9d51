// From values to pixels.
import { niceStep } from '../../report/scale.ts';
import type { Dimension, ParameterValue } from '../space.ts';

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface Scale<Value> {
  at(value: Value): number;
  readonly ticks: readonly Tick[];
}

export interface NumberScaleOptions {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  /** About so many ticks. */
  readonly count: number;
  readonly label: (value: number) => string;
}

export function linearScale(options: NumberScaleOptions): Scale<number> {
  const { domain, range, count, label } = options;
  const [low, high] = domain;
  const [from, to] = range;
  const at = (value: number) => from + ((to - from) * (value - low)) / (high - low || 1);
  const step = niceStep(high - low || 1, count);
  const ticks: Tick[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) {
    ticks.push({ at: at(i * step), label: label(i * step) });
  }
  return { at, ticks };
}

function logScale(options: NumberScaleOptions): Scale<number> {
  const { domain, label } = options;
  const [low, high] = domain.map(Math.log10);
  const inner = linearScale({ ...options, domain: [low, high] });
  const ends = [low, high].map((value) => ({ at: inner.at(value), label: label(10 ** value) }));
  return { at: (value) => inner.at(Math.log10(value)), ticks: ends };
}

const numberText = (value: number) => String(Number(value.toPrecision(3)));

/** Where the values of a dimension stand: a choice's in order, each with the same room. */
export function dimensionScale(
  dimension: Dimension,
  range: readonly [number, number],
): Scale<unknown> {
  if (dimension.kind === 'range') {
    const { minimum, maximum, scale } = dimension;
    const make = scale === 'log' ? logScale : linearScale;
    const made = make({ domain: [minimum, maximum], range, count: 4, label: numberText });
    return { at: (value) => made.at(Number(value)), ticks: made.ticks };
  }
  const { values } = dimension;
  const numeric = values.every((value) => typeof value === 'number');
  const ordered = numeric ? [...values].sort((a, b) => Number(a) - Number(b)) : [...values];
  const room = (range[1] - range[0]) / ordered.length;
  const at = (value: unknown) => range[0] + room * (ordered.indexOf(value as ParameterValue) + 0.5);
  return { at, ticks: ordered.map((value) => ({ at: at(value), label: String(value) })) };
}
