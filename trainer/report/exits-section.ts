// What certified exits save and keep, and what each idea behind them bought.
import type { CellMethod, CellResult, CertifiedExit } from '../reproduce/cell.ts';
import { DEFAULT_VARIANT, EXITS } from '../reproduce/variants.ts';
import { type Bar, barChart } from './bar-chart.ts';
import type { Results } from './collect.ts';
import { type Block, heading, text } from './document.ts';
import { METHOD_STYLES } from './theme.ts';
import { chartId, setName, summaryCell, teacherName } from './words.ts';

/** A way to train and prove: one row of every table. */
interface Row {
  readonly name: string;
  readonly method: CellMethod;
  readonly variant: string;
  readonly way: keyof NonNullable<CellResult['certified']>['ways'];
}

const ADDITIVE = 'progmlp-additive';
const DEFAULT = DEFAULT_VARIANT.name;
const [UNGATED, EVEN] = EXITS.map(({ name }) => name);

const ROWS: readonly Row[] = [
  { name: 'Additive', method: ADDITIVE, variant: DEFAULT, way: 'chosen' },
  { name: 'without gatekeeper', method: ADDITIVE, variant: UNGATED, way: 'chosen' },
  { name: 'evenly growing widths', method: ADDITIVE, variant: EVEN, way: 'chosen' },
  { name: 'without temperatures', method: ADDITIVE, variant: DEFAULT, way: 'untempered' },
  { name: 'by fixed sequence', method: ADDITIVE, variant: DEFAULT, way: 'fixedSequence' },
  { name: 'by Pareto Testing', method: ADDITIVE, variant: DEFAULT, way: 'pareto' },
  { name: 'Incremental', method: 'progmlp-incremental', variant: DEFAULT, way: 'chosen' },
  { name: 'Paper', method: 'progmlp-paper', variant: DEFAULT, way: 'chosen' },
];

type Pick = (
  exits: NonNullable<CellResult['certified']>,
  exit: CertifiedExit,
  result: CellResult,
) => number | undefined;

/** α of every cell, percent. */
const PROMISED = 1;

const MEASURES: readonly { readonly caption: string; readonly pick: Pick }[] = [
  {
    caption: 'Nodes that stop at stages 1 and 2 of 4, percent of the test nodes.',
    pick: (_, { gatewayShare }) => gatewayShare,
  },
  {
    caption: 'Multiply-accumulates, percent of those of all stages.',
    pick: (_, { macsShare }) => macsShare,
  },
  {
    caption: 'Nodes with another class than all stages give, percent; promised: at most 1.',
    pick: (_, { disagreement }) => disagreement,
  },
  {
    caption:
      'Seeds whose test nodes differ more than promised, percent; over the draws of calibration nodes at most 10 may.',
    pick: (_, { disagreement }) => (disagreement > PROMISED ? 100 : 0),
  },
  {
    caption: 'Multiply-accumulates of a node.',
    pick: (_, { macsShare }, { macs }) => (macsShare / 100) * macs,
  },
  {
    caption: 'Test accuracy with exits, percent.',
    pick: (_, { accuracy }) => accuracy,
  },
  {
    caption: 'Test accuracy lost to exits, points.',
    pick: ({ full }, { accuracy }) => full - accuracy,
  },
];

const COMMON: readonly { readonly caption: string; readonly pick: Pick }[] = [
  {
    caption: 'Nodes with the same class in int8 as in float32, all stages, percent.',
    pick: ({ int8 }) => int8.agreement,
  },
  { caption: 'Test accuracy lost to int8, points.', pick: ({ int8 }) => int8.drop },
  {
    caption:
      'How well the confidence of stage 1 tells nodes that agree with the last stage from others: AUROC, percent.',
    pick: ({ ranking }) => (ranking[0] === null ? undefined : 100 * ranking[0]),
  },
];

/** One number of a row on one set, over all seeds. */
const measured = (
  results: Results,
  place: { readonly set: string; readonly teacher: string },
  { method, variant, way }: Row,
  pick: Pick,
) =>
  results.over({ ...place, setting: 'tran', method, variant }, (result) => {
    const { certified } = result;
    return certified && pick(certified, certified.ways[way], result);
  });

function table(
  results: Results,
  teacher: string,
  rows: readonly Row[],
  { caption, pick }: (typeof MEASURES)[number],
): Block {
  const { sets, seeds } = results;
  return {
    kind: 'table',
    caption: `${caption} Mean ± standard deviation.`,
    columns: sets.map(({ set }) => setName(set)),
    rows: rows.map((row) => ({
      name: row.name,
      cells: sets.map(({ set }) =>
        summaryCell(measured(results, { set, teacher }, row, pick), { seeds: seeds.length }),
      ),
    })),
  };
}

function costChart(results: Results, teacher: string) {
  const [, cost] = MEASURES;
  const bars = results.sets.flatMap(({ set }) =>
    ROWS.map((row): Bar => {
      const { name, method } = row;
      const summary = measured(results, { set, teacher }, row, cost.pick);
      const style = METHOD_STYLES[method];
      return {
        group: setName(set),
        name,
        style,
        value: summary?.mean,
        spread: summary && summary.n > 1 ? summary.std : undefined,
      };
    }),
  );
  const words = bars.map(
    ({ group, name, value }) => `${group} ${name} ${value?.toFixed(1) ?? '—'}`,
  );
  return barChart({
    id: chartId('exits', teacher),
    title: 'Cost with certified exits, percent of all stages',
    alt: `Multiply-accumulates with certified exits in percent of all stages: ${words.join('; ')}.`,
    xLabel: 'percent; lines: standard deviation',
    bars,
  });
}

export function exitsSection(results: Results): Block[] {
  return results.teachers.flatMap((teacher) => [
    heading(`Certified exits, ${teacherName(teacher)} teacher`),
    text(
      'Thresholds are proved on calibration nodes that are not tested: with probability 90 % over their draw, at most 1 % of nodes get another class than all four stages together would give. Every cascade is int8 and has 128 hidden units in all; additive widths double (16, 32, 64, 128), evenly growing ones are 32, 64, 96, 128. Each row takes one thing from the first, or puts another in its place.',
    ),
    ...MEASURES.map((measure) => table(results, teacher, ROWS, measure)),
    ...COMMON.map((measure) =>
      table(
        results,
        teacher,
        ROWS.filter(({ way }) => way === 'chosen'),
        measure,
      ),
    ),
    { kind: 'charts', charts: [costChart(results, teacher)] },
  ]);
}
