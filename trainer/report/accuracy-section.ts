// Table 2: accuracy of every method by set, beside the published figures, and whether
// the cascade is above its teacher and each baseline.
import type { CellMethod } from '../reproduce/cell.ts';
import { publishedAccuracy } from '../reproduce/published.ts';
import { pairedDifference, type Summary } from '../reproduce/statistics.ts';
import { bySeed, type Results } from './collect.ts';
import { type Block, heading, type TableCell, text } from './document.ts';
import { type DotRow, dotPanel } from './dot-panel.ts';
import type { Chart } from './svg.ts';
import { METHOD_STYLES } from './theme.ts';
import {
  chartId,
  listed,
  methodName,
  setName,
  settingName,
  summaryCell,
  teacherName,
} from './words.ts';

interface Column {
  readonly set: string;
  readonly teacher: string;
  readonly setting: 'tran' | 'ind';
}

const CASCADES: readonly CellMethod[] = [
  'progmlp-paper',
  'progmlp-incremental',
  'progmlp-additive',
];

const accuracyOf = (results: Results, column: Column, method: CellMethod) =>
  results.over({ ...column, method }, ({ accuracy }) => accuracy);

function accuracyTable(results: Results, teacher: string, setting: Column['setting']): Block {
  const { sets, methods, seeds } = results;
  const columns = sets.map(({ set }): Column => ({ set, teacher, setting }));
  const means = columns.map((column) =>
    methods.map((method) => accuracyOf(results, column, method)),
  );
  const best = means.map((column) => Math.max(...column.map((cell) => cell?.mean ?? 0)));
  const rows = methods.map((method, row) => ({
    name: method === 'teacher' ? `${teacherName(teacher)} teacher` : methodName(method),
    cells: columns.map((column, c): TableCell => {
      const published = publishedAccuracy({ ...column, method });
      const summary = means[c][row];
      return summaryCell(summary, {
        seeds: seeds.length,
        note: published === undefined ? undefined : `paper ${published.toFixed(2)}`,
        best: summary !== undefined && summary.mean === best[c],
      });
    }),
  }));
  const published = rows.some(({ cells }) => cells.some(({ note }) => note?.includes('paper')));
  return {
    kind: 'table',
    caption: `Test accuracy in percent, ${settingName(setting)}, ${teacherName(teacher)} teacher; mean ± standard deviation, best of each column in bold.${published ? ' "paper": figure of the ProGMLP paper, whose split is not stated, so it indicates only.' : ''}`,
    columns: sets.map(({ set }) => setName(set)),
    rows,
  };
}

/** Mean difference with its 95 % interval, e.g. `+0.82 ± 0.31 (9 of 10)`. */
function differenceTable(results: Results, teacher: string, setting: Column['setting']): Block[] {
  const { sets, methods } = results;
  const ours = CASCADES.filter((method) => methods.includes(method)).at(-1);
  if (ours === undefined) return [];
  const others = methods.filter((method) => method !== ours);
  const accuracies = (set: string, method: CellMethod) =>
    bySeed(results.cells({ set, teacher, setting, method }), ({ accuracy }) => accuracy);
  const rows = others.map((method) => ({
    name: `against ${method === 'teacher' ? `the ${teacherName(teacher)} teacher` : methodName(method)}`,
    cells: sets.map(({ set }): TableCell => {
      const difference = pairedDifference(accuracies(set, ours), accuracies(set, method));
      if (difference === undefined) return { text: '—', missing: true };
      const { mean, halfWidth, wins, n } = difference;
      const sign = mean >= 0 ? '+' : '−';
      const interval = halfWidth === undefined ? '' : ` ± ${halfWidth.toFixed(2)}`;
      return {
        text: `${sign}${Math.abs(mean).toFixed(2)}${interval}`,
        note: `higher on ${wins} of ${n}`,
        best: halfWidth !== undefined && mean > halfWidth,
      };
    }),
  }));
  return [
    {
      kind: 'table',
      caption: `${methodName(ours)} minus the other, in points: mean over the seeds that both have, with its 95 % confidence interval (paired, Student's t). Bold where the interval is above 0.`,
      columns: sets.map(({ set }) => setName(set)),
      rows,
    },
  ];
}

/** In which columns the cascade is not above the others, in words. */
function shortcomings(results: Results, teacher: string, setting: Column['setting']): string[] {
  return results.sets.flatMap(({ set }) => {
    const column: Column = { set, teacher, setting };
    const of = (method: CellMethod) => accuracyOf(results, column, method);
    const cascades = CASCADES.map((method) => ({ method, summary: of(method) }));
    const known = cascades.filter(
      (entry): entry is { method: CellMethod; summary: Summary } => entry.summary !== undefined,
    );
    if (known.length === 0) return [];
    const ours = known.reduce((a, b) => (a.summary.mean >= b.summary.mean ? a : b));
    const accuracies = (method: CellMethod) =>
      bySeed(results.cells({ ...column, method }), ({ accuracy }) => accuracy);
    // Over the seeds that both have: a method run on three of ten may have had the easy ones.
    const names = results.methods.flatMap((method) => {
      const ahead = pairedDifference(accuracies(method), accuracies(ours.method));
      if (CASCADES.includes(method) || ahead === undefined || ahead.mean < 0) return [];
      const name = method === 'teacher' ? 'its teacher' : methodName(method);
      return [
        `${name} (${ahead.mean.toFixed(2)} points ahead over ${ahead.n} ${ahead.n === 1 ? 'seed' : 'seeds'})`,
      ];
    });
    if (names.length === 0) return [];
    return [
      `${setName(set)}: ${methodName(ours.method)} reaches ${ours.summary.mean.toFixed(2)} and is not above ${listed(names)}.`,
    ];
  });
}

function panel(results: Results, column: Column): Chart {
  const rows = results.methods.map((method): DotRow => {
    const summary = accuracyOf(results, column, method);
    return {
      style: METHOD_STYLES[method],
      value: summary?.mean,
      spread: summary?.std,
      published: publishedAccuracy({ ...column, method }),
    };
  });
  const words = rows.map(({ style, value, spread = 0, published }) => {
    const own = value === undefined ? 'missing' : `${value.toFixed(2)} ± ${spread.toFixed(2)}`;
    return `${style.name} ${own}${published === undefined ? '' : ` (paper ${published})`}`;
  });
  const title = `${setName(column.set)}, ${teacherName(column.teacher)}, ${settingName(column.setting)}`;
  return dotPanel({
    id: chartId('accuracy', column.set, column.teacher, column.setting),
    title,
    alt: `Test accuracy in percent on ${title}: ${words.join('; ')}.`,
    rows,
    reference: accuracyOf(results, column, 'teacher')?.mean,
    xLabel: 'test accuracy, %',
  });
}

/** Tables and charts of all settings and teachers at hand. */
export function accuracySection(results: Results): Block[] {
  const { settings, teachers, sets } = results;
  return (settings as Column['setting'][]).flatMap((setting) => [
    heading(`Accuracy, ${settingName(setting)}`),
    ...teachers.flatMap((teacher): Block[] => {
      const short = shortcomings(results, teacher, setting);
      const charts = sets.map(({ set }) => panel(results, { set, teacher, setting }));
      return [
        heading(`${teacherName(teacher)} teacher`, 3),
        accuracyTable(results, teacher, setting),
        ...differenceTable(results, teacher, setting),
        ...(short.length === 0
          ? []
          : [text('Where the cascade is not the best:'), { kind: 'list', items: short } as const]),
        text(
          'Marks: mean, whiskers: standard deviation over seeds; dashed line: the teacher; upright strokes: figures of the paper.',
        ),
        { kind: 'charts', charts },
      ];
    }),
  ]);
}
