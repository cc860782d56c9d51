// How well each class is found, and which are taken for each other.
import { heatMap } from '../../heat-map.ts';
import { METHOD_STYLES } from '../../theme.ts';
import { shareBars } from '../charts/share-bars.ts';
import { MODEL_LOOKS } from '../charts/styles.ts';
import {
  balancedAccuracy,
  classFigures,
  confusionOf,
  macroF1,
  mistakesOf,
} from '../facts/class-figures.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { cell, type RunBlock, section } from '../run-block.ts';
import type { Say } from '../say.ts';
import { CLASS_WORDS } from './class-words.ts';
import { MODEL_WORDS } from './model-words.ts';

/** A matrix of more rows has cells that no screen shows with their figures. */
const MAX_MATRIX = 40;
const MAX_MISTAKES = 6;

export function classSection({ manifest, truth, models }: RunFacts, say: Say): RunBlock[] {
  const w = CLASS_WORDS[say.language];
  const { classes } = manifest;
  const figures = classFigures(confusionOf(truth, models.cascade.classes, classes.length));
  const precisions = figures.flatMap(({ precision }) => precision ?? []);
  const meanPrecision = precisions.reduce((a, b) => a + b, 0) / Math.max(1, precisions.length);
  const rows = classes.map((name, c) => {
    const { support, told, right, precision, recall, f1 } = figures[c];
    const cells = [support, told, right].map((count) => cell(say.count(count)));
    return { name, cells: [...cells, ...[precision, recall, f1].map((v) => cell(say.percent(v)))] };
  });
  const means = [meanPrecision, balancedAccuracy(figures), macroF1(figures)];
  const total = say.count(truth.length);
  const correct = say.count(figures.reduce((sum, { right }) => sum + right, 0));
  const recall = { ...MODEL_LOOKS.cascade, name: w.recall };
  const precision = { ...METHOD_STYLES.glnn, name: w.precision };
  const words = classes.map(
    (name, c) => `${name} ${say.percent(figures[c].recall)}, ${say.percent(figures[c].precision)}`,
  );
  return [
    section('classes', w.classes),
    {
      kind: 'table',
      caption: w.classCaption(say),
      columns: w.classColumns,
      rows: [
        ...rows,
        {
          name: w.macro,
          cells: [total, total, correct, ...means.map((v) => say.percent(v))].map((t) => cell(t)),
        },
      ],
    },
    {
      kind: 'charts',
      charts: [
        shareBars({
          id: `${say.language}-classes`,
          title: w.f1Chart,
          alt: `${w.chartAlt}: ${words.join('; ')}.`,
          rows: classes.map((name, c) => ({
            name,
            bars: [
              { style: recall, share: figures[c].recall },
              { style: precision, share: figures[c].precision },
            ],
          })),
        }),
      ],
    },
  ];
}

export function confusionSection({ manifest, truth, models }: RunFacts, say: Say): RunBlock[] {
  const w = CLASS_WORDS[say.language];
  const { quoted } = MODEL_WORDS[say.language];
  const { classes } = manifest;
  const counts = confusionOf(truth, models.cascade.classes, classes.length);
  const items = mistakesOf(counts)
    .slice(0, MAX_MISTAKES)
    .map(({ truth: from, answer, count }) => {
      const share = count / counts[from].reduce((sum, value) => sum + value, 0);
      const names = [quoted(classes[from]), quoted(classes[answer])] as const;
      return w.mistake(say, ...names, say.count(count), say.percent(share, 0));
    });
  const list: RunBlock[] =
    items.length === 0
      ? [{ kind: 'text', text: w.noMistakes }]
      : [
          { kind: 'text', text: w.mistakes },
          { kind: 'list', items },
        ];
  if (classes.length > MAX_MATRIX) {
    const text = w.tooMany(classes.length);
    return [section('confusion', w.confusion), { kind: 'text', text }, ...list];
  }
  return [
    section('confusion', w.confusion),
    { kind: 'text', text: w.confusionText(say) },
    {
      kind: 'charts',
      charts: [
        heatMap({
          id: `${say.language}-confusion`,
          title: w.confusionChart,
          alt: `${w.confusionChart}. ${items.join(' ') || w.noMistakes}`,
          classes,
          counts,
          answered: w.answered,
          trueClass: w.trueClass,
        }),
      ],
    },
    ...list,
  ];
}
