// The report of a worked case: accuracies by number of labels, stages, alarms.
import { join } from 'node:path';
import { type Block, heading, type Report, type TableCell, text } from '../report/document.ts';
import { lineChart } from '../report/line-chart.ts';
import { standaloneSvg } from '../report/svg.ts';
import { METHOD_STYLES, type SeriesStyle } from '../report/theme.ts';
import { toHtml } from '../report/to-html.ts';
import { toMarkdown } from '../report/to-markdown.ts';
import { writeFileAtomic } from '../run/write-file-atomic.ts';
import type { CaseCell } from './case-cell.ts';
import { type CaseSummary, summariseCells } from './summarise-cells.ts';
import type { LabelCount, WorkedCase } from './worked-case.ts';

type Compared = 'supervised' | 'glnn' | 'teacher' | 'output';

const COMPARED: readonly { key: Compared; name: string; style: SeriesStyle }[] = [
  { key: 'supervised', name: 'supervised MLP', style: METHOD_STYLES.mlp },
  { key: 'glnn', name: 'GLNN', style: METHOD_STYLES.glnn },
  { key: 'teacher', name: 'teacher', style: METHOD_STYLES.teacher },
  { key: 'output', name: 'cascade', style: METHOD_STYLES['progmlp-additive'] },
];

const labelText = (labels: LabelCount) => (labels === 'all' ? 'all' : String(labels));

const meanText = (mean: number, std: number) => `${mean.toFixed(1)} ± ${std.toFixed(1)}`;

function accuracyTable(summaries: readonly CaseSummary[]): Block {
  return {
    kind: 'table',
    caption:
      'Accuracy on windows of unseen runs, percent; mean ± standard deviation over seeds. Gain: cascade minus supervised MLP of the same seed.',
    columns: [...COMPARED.map(({ name }) => name), 'with early exits', 'work of it', 'gain'],
    rows: summaries.map((summary) => {
      const best = Math.max(summary.supervised, summary.glnn, summary.output);
      return {
        name: `${labelText(summary.labels)} labels per class`,
        cells: [
          ...COMPARED.map(
            ({ key }): TableCell => ({
              text: meanText(summary[key], summary.std[key]),
              // The teacher reads the graph, which nobody has at run time.
              best: key !== 'teacher' && summary[key] === best,
            }),
          ),
          { text: meanText(summary.exit, summary.std.exit) },
          { text: `${(100 * summary.macsShare).toFixed(0)} %` },
          { text: meanText(summary.gain.mean, summary.gain.std) },
        ],
      };
    }),
  };
}

function stageTable({ labels, stages }: CaseSummary): Block {
  return {
    kind: 'table',
    caption: `${labelText(labels)} labels per class: accuracy of every stage on its own, percent, what it costs with those before it, and how many windows stop there.`,
    columns: ['accuracy', 'MACs so far', 'stops here'],
    rows: stages.map(({ stage, accuracy, std, macs, share }) => ({
      name: `stage ${stage}`,
      cells: [
        { text: meanText(accuracy, std) },
        { text: String(macs) },
        { text: `${(100 * share).toFixed(1)} %` },
      ],
    })),
  };
}

function labelsChart({ name, title }: WorkedCase, summaries: readonly CaseSummary[]): Block[] {
  if (summaries.length < 2) return [];
  const chart = lineChart({
    id: `${name}-labels`,
    title,
    alt: summaries
      .map((summary) =>
        [
          `${labelText(summary.labels)} labels`,
          ...COMPARED.map((each) => `${each.name} ${summary[each.key].toFixed(1)} %`),
        ].join(', '),
      )
      .join('; '),
    xLabel: 'labels per class',
    yLabel: 'accuracy on unseen runs, %',
    xScale: 'step',
    xText: (index) => labelText(summaries[index].labels),
    series: COMPARED.map(({ key, name: method, style }) => ({
      style: { ...style, name: method },
      points: summaries.map((summary, x) => ({ x, y: summary[key], spread: summary.std[key] })),
    })),
  });
  return [{ kind: 'charts', charts: [chart] }];
}

function alarmTable({ alarms, labels }: CaseSummary): Block[] {
  if (alarms === undefined) return [];
  return [
    {
      kind: 'table',
      caption: `Alarms row by row, ${labelText(labels)} labels; mean ± standard deviation over the file-wise splits.`,
      columns: ['F1', 'false alarms, % of calm rows', 'missed, % of anomalous rows'],
      rows: Object.entries(alarms).map(([name, { f1, falseAlarmRate, missedAlarmRate }]) => ({
        name,
        cells: [
          { text: `${f1.mean.toFixed(3)} ± ${f1.std.toFixed(3)}` },
          { text: meanText(falseAlarmRate.mean, falseAlarmRate.std) },
          { text: meanText(missedAlarmRate.mean, missedAlarmRate.std) },
        ],
      })),
    },
  ];
}

export interface CaseReportOptions {
  readonly worked: WorkedCase;
  /** At least one. */
  readonly cells: readonly CaseCell[];
  /** As a person would type it. */
  readonly command: string;
}

export function caseReport({ worked, cells, command }: CaseReportOptions): Report {
  const summaries = summariseCells(cells);
  const seeds = Math.max(...summaries.map((summary) => summary.seeds));
  const codeVersions = [...new Set(cells.map((cell) => cell.codeVersion))];
  const { test, testRuns } = cells[0].counts;
  return {
    title: worked.title,
    summary: `${worked.protocol} ${seeds === 1 ? 'One seed' : `${seeds} seeds`}.`,
    blocks: [
      heading('Accuracy'),
      accuracyTable(summaries),
      ...labelsChart(worked, summaries),
      ...(summaries.some(({ alarms }) => alarms) ? [heading('Alarms')] : []),
      ...summaries.flatMap(alarmTable),
      heading('Stages'),
      text('A window stops at the first stage that is sure enough, by the certified thresholds.'),
      ...summaries.map(stageTable),
    ],
    provenance: [
      command,
      `Code ${codeVersions.join(', ')}; seed ${cells[0].seed} tests ${test} windows of ${testRuns} runs.`,
    ],
  };
}

const CHARTS = 'charts';

/**
 * Writes `cells.jsonl`, `report.html`, `report.md` and the charts.
 *
 * @returns path of the page.
 * @throws {InputError} `output-unwritable`.
 */
export async function writeCaseReport(dir: string, options: CaseReportOptions): Promise<string> {
  const report = caseReport(options);
  const lines = options.cells.map((cell) => `${JSON.stringify(cell)}\n`);
  await writeFileAtomic(join(dir, 'cells.jsonl'), lines.join(''));
  for (const block of report.blocks) {
    for (const chart of block.kind === 'charts' ? block.charts : []) {
      await writeFileAtomic(join(dir, CHARTS, `${chart.id}.svg`), standaloneSvg(chart));
    }
  }
  await writeFileAtomic(join(dir, 'report.md'), toMarkdown(report, CHARTS));
  const page = join(dir, 'report.html');
  await writeFileAtomic(page, toHtml(report));
  return page;
}
