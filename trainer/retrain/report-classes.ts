// Class by class: what the challenger recognises better or worse, and how far it can be trusted.
import { barChart } from '../report/bar-chart.ts';
import type { Block } from '../report/document.ts';
import { METHOD_STYLES } from '../report/theme.ts';
import type { ClassComparison } from './compare-answers.ts';
import { cell, pair, percent, pValue, signed } from './report-cells.ts';
import type { RetrainReport } from './retrain-report.ts';

const classRow = ({ name, n, recall, precision, test }: ClassComparison) => ({
  name,
  cells: [
    cell(String(n)),
    ...pair(recall.champion, recall.challenger, percent),
    ...pair(precision.champion, precision.challenger, percent),
    cell(pValue(test.better)),
    cell(pValue(test.worse)),
  ],
});

export function classesTable({ comparison }: Pick<RetrainReport, 'comparison'>): Block {
  return {
    kind: 'table',
    caption:
      'Recognised: share of the rows of a class that get it. Trusted: share of its answers that are right.',
    columns: [
      'rows',
      'recognised, champion',
      'challenger',
      'trusted, champion',
      'challenger',
      'p: not better',
      'p: not worse',
    ],
    rows: comparison.perClass.map(classRow),
  };
}

export function classesChart({ comparison }: Pick<RetrainReport, 'comparison'>): Block {
  const bars = comparison.perClass.map(({ name, recall }) => ({
    group: 'Recall',
    name,
    style: METHOD_STYLES['progmlp-paper'],
    value: 100 * (recall.challenger - recall.champion),
  }));
  const alt = comparison.perClass
    .map(({ name, recall }) => `${name} ${signed(100 * (recall.challenger - recall.champion))}`)
    .join(', ');
  const chart = barChart({
    id: 'classes',
    title: 'Where the challenger gains and loses: rows of a class recognised, less the champion',
    alt: `Points of recall gained by class: ${alt}`,
    xLabel: 'percentage points',
    bars,
  });
  return { kind: 'charts', charts: [chart] };
}
