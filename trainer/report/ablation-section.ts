// Figure 5: what leaving PTS, PKD or PMA out costs.
import { pairedDifference } from '../reproduce/statistics.ts';
import { ABLATIONS } from '../reproduce/variants.ts';
import { type Bar, barChart } from './bar-chart.ts';
import { bySeed, type CellKey, type Results } from './collect.ts';
import { type Block, heading, type TableCell, text } from './document.ts';
import type { SeriesStyle } from './theme.ts';
import { chartId, methodName, setName, settingName, summaryCell, teacherName } from './words.ts';

const [ALL_ON, ...WITHOUT] = ABLATIONS.map(({ name }) => name);

const STYLES: readonly SeriesStyle[] = [
  { name: WITHOUT[0], class: 'eglnn', marker: 'triangle' },
  { name: WITHOUT[1], class: 'incremental', marker: 'circle' },
  { name: WITHOUT[2], class: 'paper', marker: 'ring' },
];

type Place = Omit<CellKey, 'set' | 'variant'>;

function changesOf(results: Results, place: Place, set: string, variant: string) {
  const accuracies = (name: string) =>
    bySeed(results.cells({ ...place, set, variant: name }), ({ accuracy }) => accuracy);
  return pairedDifference(accuracies(variant), accuracies(ALL_ON));
}

function blocksOf(results: Results, place: Place): Block[] {
  const { sets, seeds } = results;
  const name = `${methodName(place.method)}, ${teacherName(place.teacher)} teacher, ${settingName(place.setting)}`;
  const bars = sets.flatMap(({ set }) =>
    WITHOUT.map((variant, index): Bar => {
      const change = changesOf(results, place, set, variant);
      return {
        group: setName(set),
        name: variant,
        style: STYLES[index],
        value: change?.mean,
        spread: change?.halfWidth,
      };
    }),
  );
  const words = bars.map(
    ({ group, name: variant, value }) =>
      `${group} ${variant} ${value === undefined ? 'missing' : value.toFixed(2)}`,
  );
  const rows = [ALL_ON, ...WITHOUT].map((variant) => ({
    name: variant,
    cells: sets.map(({ set }): TableCell => {
      const accuracy = results.over({ ...place, set, variant }, (result) => result.accuracy);
      return summaryCell(accuracy, { seeds: seeds.length });
    }),
  }));
  return [
    heading(name, 3),
    {
      kind: 'table',
      caption: 'Test accuracy in percent, mean ± standard deviation.',
      columns: sets.map(({ set }) => setName(set)),
      rows,
    },
    {
      kind: 'charts',
      charts: [
        barChart({
          id: chartId('ablation', place.method, place.teacher, place.setting),
          title: 'Change of test accuracy, points',
          alt: `Change of test accuracy in points when a component is left out, ${name}: ${words.join('; ')}.`,
          xLabel: 'points; lines: 95 % confidence interval of the mean',
          bars,
        }),
      ],
    },
  ];
}

export function ablationSection(results: Results): Block[] {
  const { settings, teachers, methods } = results;
  return [
    heading('Ablation'),
    text(
      'PTS: students trained one after the other, each reading and starting from its predecessor; without it they are independent, with the same widths and losses. PKD: distillation; without it α = 1, the labels alone. PMA: progressive mixup. The paper reports that leaving PTS out costs about 4 points on CS.',
    ),
    ...settings.flatMap((setting) =>
      teachers.flatMap((teacher) =>
        methods
          .filter((method) => method !== 'teacher')
          .flatMap((method) => blocksOf(results, { teacher, setting, method })),
      ),
    ),
  ];
}
