// What noise, dead sensors, shift and drift leave of each stage's accuracy, and what mixup and
// disturbances in training save of it.
import type { Disturbance } from '../reproduce/measure/disturb-rows.ts';
import {
  disturbancesOf,
  type RobustnessPoint,
  robustnessPoints,
} from '../reproduce/robustness-summary.ts';
import { ROBUSTNESS } from '../reproduce/robustness-variants.ts';
import type { CellKey, Results } from './collect.ts';
import { type Block, heading, type TableCell, text } from './document.ts';
import { type LineSeries, lineChart } from './line-chart.ts';
import type { Marker } from './theme.ts';
import { chartId, setName, settingName, summaryCell, teacherName } from './words.ts';

const METHOD = 'progmlp-additive';
/** What gains are counted against. */
export const BASE_VARIANT = 'without PMA';

const KINDS: Readonly<Record<Disturbance['kind'], { name: string; axis: string }>> = {
  noise: { name: 'noise', axis: 'noise on every column, deviations' },
  silence: { name: 'dead', axis: 'share of channels that say nothing' },
  shift: { name: 'shift', axis: 'shift of every channel, deviations' },
  drift: { name: 'drift', axis: 'drift of every channel at the end, deviations' },
};

/** More lines than these hide each other. */
const LINES: readonly (readonly [variant: string, style: string, marker: Marker])[] = [
  ['one distilled MLP', 'glnn', 'triangle'],
  [BASE_VARIANT, 'teacher', 'square'],
  ['PMA', 'eglnn', 'ring'],
  ['domain PMA, all taught rows', 'paper', 'diamond'],
  ['domain PMA, all three', 'additive', 'circle'],
];

type Place = Omit<CellKey, 'method' | 'variant'>;

const pointName = ({ kind, level }: Disturbance) =>
  level === 0 ? 'none' : `${KINDS[kind].name} ${level}`;

const isAt = (place: Disturbance) => (point: Disturbance) =>
  point.kind === place.kind && point.level === place.level;

/** Points of the variants that have results, against the base. */
function pointsAt(results: Results, place: Place) {
  const cells = (variant: string) => results.cells({ ...place, method: METHOD, variant });
  return ROBUSTNESS.map(({ name }) => ({
    name,
    points: robustnessPoints(cells(name), name === BASE_VARIANT ? undefined : cells(BASE_VARIANT)),
  })).filter(({ points }) => points.length > 0);
}

type VariantPoints = ReturnType<typeof pointsAt>;

function table(
  variants: VariantPoints,
  columns: readonly Disturbance[],
  { caption, cell }: { caption: string; cell: (point: RobustnessPoint) => TableCell },
): Block {
  return {
    kind: 'table',
    caption,
    columns: columns.map(pointName),
    rows: variants.map(({ name, points }) => ({
      name,
      cells: columns.map((column) => {
        const point = points.find(isAt(column));
        return point ? cell(point) : { text: '—', missing: true };
      }),
    })),
  };
}

function gainCell({ gain }: RobustnessPoint): TableCell {
  if (!gain) return { text: '—', missing: true };
  const { mean, halfWidth, wins, n } = gain;
  const sign = mean > 0 ? '+' : '';
  const range = halfWidth === undefined ? '' : ` ± ${halfWidth.toFixed(2)}`;
  return { text: `${sign}${mean.toFixed(2)}${range}`, note: `${wins} of ${n} seeds` };
}

function charts(variants: VariantPoints, place: Place): Block {
  const title = `${setName(place.set)}, ${teacherName(place.teacher)}, ${settingName(place.setting)}`;
  return {
    kind: 'charts',
    charts: Object.entries(KINDS).map(([kind, { axis }]) => {
      const series = LINES.flatMap(([name, style, marker]): LineSeries[] => {
        const points = variants.find((variant) => variant.name === name)?.points ?? [];
        const own = points.filter((point) => point.level === 0 || point.kind === kind);
        return [
          {
            style: { name, class: style, marker },
            points: own.flatMap(({ level, stages }) => {
              const last = stages.at(-1);
              return last ? [{ x: level, y: last.mean, spread: last.std }] : [];
            }),
          },
        ];
      });
      const words = series.map(
        ({ style, points }) =>
          `${style.name}: ${points.map(({ x, y }) => `${x}: ${y.toFixed(1)}`).join(', ')}`,
      );
      return lineChart({
        id: chartId('robustness', kind, place.set, place.teacher, place.setting),
        title,
        alt: `Test accuracy of all stages in percent against ${axis} on ${title}. ${words.join('. ')}.`,
        xLabel: axis,
        yLabel: 'test accuracy, %',
        series,
      });
    }),
  };
}

function placeBlocks(results: Results, place: Place): Block[] {
  const variants = pointsAt(results, place);
  if (variants.length === 0) return [];
  const seeds = results.seeds.length;
  const columns = disturbancesOf(
    results.cells({ ...place, method: METHOD, variant: variants[0].name }),
  );
  const stages = Math.max(...variants.flatMap(({ points }) => points.map((p) => p.stages.length)));
  // A single network has no stage before its last.
  const staircases = variants.filter(({ points }) => points[0].stages.length > 1);
  const summary = (pick: (point: RobustnessPoint) => RobustnessPoint['exit'] | undefined) => ({
    cell: (point: RobustnessPoint) => summaryCell(pick(point), { seeds }),
  });
  const own = `${setName(place.set)}, ${teacherName(place.teacher)}, ${settingName(place.setting)}`;
  return [
    heading(own, 3),
    charts(variants, place),
    table(variants, columns, {
      caption: `Accuracy of all stages against ${BASE_VARIANT}, points; 95 % confidence interval of the mean over seeds.`,
      cell: gainCell,
    }),
    table(variants, columns, {
      caption: 'Accuracy of all stages in percent, mean ± standard deviation over seeds.',
      ...summary((point) => point.stages.at(-1)),
    }),
    ...Array.from({ length: stages - 1 }, (_, i) => stages - 1 - i).map((stage) =>
      table(staircases, columns, {
        caption: `Accuracy after stage ${stage} in percent, mean ± standard deviation over seeds.`,
        ...summary((point) => point.stages[stage - 1]),
      }),
    ),
    table(variants, columns, {
      caption: 'Accuracy with early exit in percent; thresholds were proved on undisturbed rows.',
      ...summary((point) => point.exit),
    }),
    table(variants, columns, {
      caption: 'Nodes that then stop in the lower half of the staircase, percent.',
      ...summary((point) => point.gatewayShare),
    }),
  ];
}

export function robustnessSection(results: Results): Block[] {
  const { sets, teachers, settings } = results;
  const places = sets.flatMap(({ set }) =>
    settings.flatMap((setting) => teachers.map((teacher) => ({ set, teacher, setting }))),
  );
  return [
    heading('Accuracy on disturbed rows'),
    text(
      'Training never sees the disturbances of the test rows; the int8 cascade answers them as a gateway would. Noise: added to every column, in deviations. Dead: share of the channels of a row that say nothing. Shift: every channel of an asset reads too high or too low by so many deviations. Drift: the same, growing from nothing at the beginning of the test rows to so much at their end. Trained with noise of up to 1 deviation, 20 % of the channels dead, offsets with a deviation of 0.5, or all three. The plain MLP and the one distilled MLP are as wide as the last stage.',
    ),
    ...places.flatMap((place) => placeBlocks(results, place)),
  ];
}

/** The same numbers for programs, one entry per set, teacher, setting and variant. */
export function robustnessJson(results: Results) {
  const { sets, teachers, settings, seeds } = results;
  return sets.flatMap(({ set, data }) =>
    settings.flatMap((setting) =>
      teachers.flatMap((teacher) =>
        pointsAt(results, { set, teacher, setting }).map(({ name: variant, points }) => ({
          ...{ set, data, setting, teacher, variant, seeds, points },
        })),
      ),
    ),
  );
}
