// Families in the text format 0.0.4 of Prometheus.
import type { Family, HistogramSeries, Labels } from './family.ts';

export const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A backslash, a quote and a line end are written as two characters. */
function escapeValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    if (!NAME.test(name)) throw new RangeError(`'${name}' cannot be the name of a label`);
    return `${name}="${escapeValue(value)}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function histogramLines(name: string, series: HistogramSeries): string[] {
  const { labels = {}, bounds, counts, sum } = series;
  let below = 0;
  const lines = counts.map((count, i) => {
    below += count;
    const le = numberText(bounds[i] ?? Number.POSITIVE_INFINITY);
    return `${name}_bucket${labelsText({ ...labels, le })} ${below}`;
  });
  const own = labelsText(labels);
  return [...lines, `${name}_sum${own} ${numberText(sum)}`, `${name}_count${own} ${below}`];
}

function familyLines(family: Family): string[] {
  const { name: base, help, kind } = family;
  if (!NAME.test(base)) throw new RangeError(`'${base}' cannot be the name of a metric`);
  const name = kind === 'counter' ? `${base}_total` : base;
  const text = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  const head = [`# HELP ${name} ${text}`, `# TYPE ${name} ${kind}`];
  if (family.kind === 'histogram') {
    return [...head, ...family.series.flatMap((series) => histogramLines(name, series))];
  }
  const lines = family.series.map(
    ({ labels = {}, value }) => `${name}${labelsText(labels)} ${numberText(value)}`,
  );
  return [...head, ...lines];
}

/**
 * The text of all families; one without series is left out.
 *
 * @throws {RangeError} for a name that Prometheus does not take, or one given twice.
 */
export function renderFamilies(families: readonly Family[]): string {
  const names = new Set<string>();
  const lines: string[] = [];
  for (const family of families) {
    if (names.has(family.name)) throw new RangeError(`The metric ${family.name} is given twice`);
    names.add(family.name);
    if (family.series.length > 0) lines.push(...familyLines(family));
  }
  return lines.map((line) => `${line}\n`).join('');
}
