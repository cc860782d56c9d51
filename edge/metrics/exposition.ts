// Prometheus' text format 0.0.4.

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  /** Behind the family's name, e.g. `_bucket`. @default {''} */
  readonly suffix?: string;
  readonly labels: Labels;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}

function line(name: string, { suffix = '', labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${suffix}{${pairs.join(',')}} ${valueText(value)}\n`;
}

/** One block per family; a family without samples is left out. */
export function exposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) => {
      const own = samples.map((sample) => line(name, sample)).join('');
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${own}`;
    })
    .join('');
}

/**
 * Samples of a histogram.
 *
 * @param counts by bin, of which the last has no upper bound beyond its own.
 * @param bounds upper bounds of the bins, ascending.
 */
export function histogramSamples(
  labels: Labels,
  counts: readonly number[],
  bounds: readonly number[],
  sum: number,
): Sample[] {
  let below = 0;
  const buckets = bounds.map((bound, i) => {
    below += counts[i] ?? 0;
    return { suffix: '_bucket', labels: { ...labels, le: String(bound) }, value: below };
  });
  return [
    ...buckets,
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: below },
    { suffix: '_sum', labels, value: sum },
    { suffix: '_count', labels, value: below },
  ];
}
