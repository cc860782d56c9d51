// Figure 6: accuracy against one parameter, the others as recommended.
import type { CellMethod, CellResult } from '../reproduce/cell.ts';
import { summarise } from '../reproduce/statistics.ts';
import { SENSITIVITY } from '../reproduce/variants.ts';
import type { Results } from './collect.ts';
import { curve, type Place, valueText } from './curve-points.ts';
import { type Block, heading, text } from './document.ts';
import { type LineSeries, lineChart } from './line-chart.ts';
import type { Chart } from './svg.ts';
import type { SeriesStyle } from './theme.ts';
import { chartId, methodName, setName, settingName, teacherName } from './words.ts';

/** Styles of sets, where each is a line; a sixth set starts anew. */
const SET_STYLES: readonly Omit<SeriesStyle, 'name'>[] = [
  { class: 'incremental', marker: 'circle' },
  { class: 'eglnn', marker: 'triangle', dash: '6 3' },
  { class: 'paper', marker: 'ring' },
  { class: 'adagmlp', marker: 'diamond', dash: '8 3 2 3' },
  { class: 'glnn', marker: 'square', dash: '2 3' },
];

const setStyle = (set: string, index: number): SeriesStyle => ({
  ...SET_STYLES[index % SET_STYLES.length],
  name: setName(set),
});

const NAMES: Readonly<Record<string, { readonly title: string; readonly axis: string }>> = {
  alpha: { title: 'α, labels against teacher', axis: 'α' },
  beta: { title: 'β, weight of later students', axis: 'β' },
  gamma: { title: 'γ, step of the mixup schedule', axis: 'γ' },
  students: { title: 'Number of students', axis: 'students' },
};

const THRESHOLDS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

/** Accuracy when a batch stops at the first student with mean confidence above τ. */
function batchAccuracy({ exits }: CellResult, threshold: number): number | undefined {
  if (!exits) return undefined;
  const stop = exits.confidence.findIndex((confidence) => confidence > threshold);
  return exits.batch[stop < 0 ? exits.batch.length - 1 : stop];
}

function thresholdChart(results: Results, place: Place, method: CellMethod): Chart {
  const series = results.sets.map(({ set }, index): LineSeries => {
    const cells = [...results.cells({ ...place, set, method }).values()];
    const points = THRESHOLDS.flatMap((threshold) => {
      const values = cells.map((cell) => batchAccuracy(cell, threshold));
      const accuracy = summarise(values.filter((value) => value !== undefined));
      return accuracy ? [{ x: threshold, y: accuracy.mean, spread: accuracy.std }] : [];
    });
    return { style: setStyle(set, index), points };
  });
  return chartOf(
    'tau',
    { title: 'τ, threshold of the batch-level exit', axis: 'τ' },
    {
      place,
      method,
      series,
    },
  );
}

function chartOf(
  parameter: string,
  { title, axis }: { title: string; axis: string },
  { place, method, series }: { place: Place; method: CellMethod; series: LineSeries[] },
): Chart {
  const words = series.map(({ style, points }) => `${style.name}: ${valueText(points)}`);
  return lineChart({
    id: chartId('sensitivity', parameter, method, place.teacher, place.setting),
    title,
    alt: `Test accuracy in percent of ${methodName(method)} against ${title}. ${words.join('. ')}.`,
    xLabel: axis,
    yLabel: 'test accuracy, %',
    series,
    xScale: 'step',
    plotHeight: 200,
  });
}

/** One chart per hyper-parameter, one line per set. */
export function sensitivitySection(results: Results): Block[] {
  const { settings, teachers, methods, sets } = results;
  const parameters = [...new Set(SENSITIVITY.map(({ parameter = '' }) => parameter))];
  return [
    heading('Sensitivity'),
    text(
      'One hyper-parameter at a time, the others as recommended. Points: mean over seeds; whiskers: standard deviation. The paper finds α sensitive, and β, γ and the exit threshold without much influence.',
    ),
    ...settings.flatMap((setting) =>
      teachers.flatMap((teacher) =>
        methods
          .filter((method) => method !== 'teacher')
          .flatMap((method): Block[] => {
            const place = { teacher, setting };
            const charts = parameters.map((parameter) => {
              const variants = SENSITIVITY.filter((variant) => variant.parameter === parameter);
              const series = sets.map(
                ({ set }, index): LineSeries => ({
                  style: setStyle(set, index),
                  points: curve(results, { ...place, set, method }, variants),
                }),
              );
              return chartOf(parameter, NAMES[parameter], { place, method, series });
            });
            const name = `${methodName(method)}, ${teacherName(teacher)} teacher, ${settingName(setting)}`;
            return [
              heading(name, 3),
              { kind: 'charts', charts: [...charts, thresholdChart(results, place, method)] },
            ];
          }),
      ),
    ),
  ];
}
