// Variants of a method against one of them: accuracies as a table, paired changes as bars.
import type { CellResult } from '../reproduce/cell.ts';
import { pairedDifference } from '../reproduce/statistics.ts';
import { type Bar, barChart } from './bar-chart.ts';
import { bySeed, type CellKey, type Results } from './collect.ts';
import { type Block, heading, type TableCell } from './document.ts';
import type { SeriesStyle } from './theme.ts';
import { chartId, methodName, setName, settingName, summaryCell, teacherName } from './words.ts';

/** Whose accuracy: `accuracy` is that of the test nodes. */
type Measure = 'accuracy' | 'validation';

const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  accuracy: 'Test accuracy',
  validation: 'Validation accuracy',
};

export interface Comparison {
  /** First part of the charts' ids. */
  readonly id: string;
  /** The variant that others are compared with. */
  readonly base: string;
  /** Named after their variants. */
  readonly others: readonly SeriesStyle[];
  readonly measures: readonly Measure[];
  /** What makes the change, e.g. `when a component is left out`. */
  readonly when: string;
}

type Place = Omit<CellKey, 'set' | 'variant'>;

const nameOf = ({ method, teacher, setting }: Place) =>
  `${methodName(method)}, ${teacherName(teacher)} teacher, ${settingName(setting)}`;

function measureBlocks(
  results: Results,
  place: Place,
  { id, base, others, when }: Comparison,
  measure: Measure,
): Block[] {
  const { sets, seeds } = results;
  const what = MEASURE_NAMES[measure];
  const of = (result: CellResult) => result[measure];
  const name = nameOf(place);
  const values = (set: string, variant: string) =>
    bySeed(results.cells({ ...place, set, variant }), of);
  const bars = sets.flatMap(({ set }) =>
    others.map((style): Bar => {
      const change = pairedDifference(values(set, style.name), values(set, base));
      return {
        group: setName(set),
        name: style.name,
        style,
        value: change?.mean,
        spread: change?.halfWidth,
      };
    }),
  );
  const words = bars.map(
    ({ group, name: variant, value }) =>
      `${group} ${variant} ${value === undefined ? 'missing' : value.toFixed(2)}`,
  );
  const rows = [base, ...others.map((style) => style.name)].map((variant) => ({
    name: variant,
    cells: sets.map(
      ({ set }): TableCell =>
        summaryCell(results.over({ ...place, set, variant }, of), { seeds: seeds.length }),
    ),
  }));
  return [
    {
      kind: 'table',
      caption: `${what} in percent, mean ± standard deviation.`,
      columns: sets.map(({ set }) => setName(set)),
      rows,
    },
    {
      kind: 'charts',
      charts: [
        barChart({
          id: chartId(id, measure, place.method, place.teacher, place.setting),
          title: `Change of ${what.toLowerCase()}, points`,
          alt: `Change of ${what.toLowerCase()} in points ${when}, ${name}: ${words.join('; ')}.`,
          xLabel: 'points; lines: 95 % confidence interval of the mean',
          bars,
        }),
      ],
    },
  ];
}

/** For every setting, teacher and method that has results, the teacher's own aside. */
export function changeBlocks(results: Results, comparison: Comparison): Block[] {
  const { settings, teachers, methods } = results;
  const places = settings.flatMap((setting) =>
    teachers.flatMap((teacher) =>
      methods
        .filter((method) => method !== 'teacher')
        .map((method): Place => ({ teacher, setting, method })),
    ),
  );
  return places.flatMap((place) => [
    heading(nameOf(place), 3),
    ...comparison.measures.flatMap((measure) => measureBlocks(results, place, comparison, measure)),
  ]);
}
