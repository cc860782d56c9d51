// Feature noise and label rate: accuracy of all methods against what the data are like.
import { LABELS, NOISE, type Variant } from '../reproduce/variants.ts';
import type { Results } from './collect.ts';
import { curve, valueText } from './curve-points.ts';
import { type Block, heading, text } from './document.ts';
import { type LineSeries, lineChart } from './line-chart.ts';
import { METHOD_STYLES } from './theme.ts';
import { chartId, setName, settingName, teacherName } from './words.ts';

/** What a sweep varies, over all methods. */
interface Sweep {
  readonly id: string;
  readonly variants: readonly Variant[];
  readonly heading: string;
  readonly text: string;
  readonly axis: string;
  /** Whether the values have equal steps, whatever lies between them. */
  readonly steps: boolean;
}

/** One chart per set, one line per method. */
function sweepSection(results: Results, sweep: Sweep): Block[] {
  const { settings, teachers, methods, sets } = results;
  return [
    heading(sweep.heading),
    text(`${sweep.text} Points: mean over seeds; whiskers: standard deviation.`),
    ...settings.flatMap((setting) =>
      teachers.map((teacher): Block => {
        const charts = sets.map(({ set }) => {
          const series = methods.map(
            (method): LineSeries => ({
              style: METHOD_STYLES[method],
              points: curve(results, { set, teacher, setting, method }, sweep.variants),
            }),
          );
          const title = `${setName(set)}, ${teacherName(teacher)}, ${settingName(setting)}`;
          const words = series.map(({ style, points }) => `${style.name}: ${valueText(points)}`);
          return lineChart({
            id: chartId(sweep.id, set, teacher, setting),
            title,
            alt: `Test accuracy in percent against the ${sweep.axis} on ${title}. ${words.join('. ')}.`,
            xLabel: sweep.axis,
            yLabel: 'test accuracy, %',
            series,
            ...(sweep.steps ? { xScale: 'step' } : { xTicks: 10 }),
          });
        });
        return { kind: 'charts', charts };
      }),
    ),
  ];
}

export const noiseSection = (results: Results): Block[] =>
  sweepSection(results, {
    id: 'noise',
    variants: NOISE,
    heading: 'Accuracy against noise',
    text: "Teacher and students read X' = (1 − a) X + a N.",
    axis: 'share of noise a',
    steps: false,
  });

export const labelsSection = (results: Results): Block[] =>
  sweepSection(results, {
    id: 'labels',
    variants: LABELS,
    heading: 'Accuracy against labels',
    text: 'Training labels per class are drawn anew for every seed; 30 nodes per class validate, the whole rest is tested.',
    axis: 'labels per class',
    steps: true,
  });
