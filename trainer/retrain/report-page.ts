// The champion/challenger report as a page: the verdict on top, what it rests on below.
import { type Block, heading, type Report, type TableCell, text } from '../report/document.ts';
import type { CheckName } from './decide.ts';
import type { MeasuredContender } from './measure-contenders.ts';
import { cell, pair, percent, pValue } from './report-cells.ts';
import { classesChart, classesTable } from './report-classes.ts';
import type { RetrainReport } from './retrain-report.ts';

function verdict({ decision, comparison }: RetrainReport): string {
  const { accuracy, n } = comparison;
  const change = `${percent(accuracy.champion)} → ${percent(accuracy.challenger)} of ${n} held-out rows right`;
  return decision.outcome === 'release'
    ? `The challenger may be released as a candidate: ${change}.`
    : `The champion stays: ${change}.`;
}

const CHECK_NAMES: Readonly<Record<CheckName, string>> = {
  'held-out': 'Enough to compare on',
  accuracy: 'Accuracy',
  classes: 'Every class',
  cost: 'Cost',
  certificate: 'Certificate',
};

function checks({ decision }: RetrainReport): Block[] {
  const rule =
    decision.rule === 'better'
      ? `The challenger must be shown to be better (level ${decision.level}).`
      : `The challenger must be shown to lose less than ${(100 * decision.margin).toFixed(1)} points (level ${decision.level}).`;
  return [
    text(`${rule} All checks must pass; the rule was fixed before anything was measured.`),
    {
      kind: 'list',
      items: decision.checks.map(
        ({ name, passed, text: found }) => `${passed ? '✓' : '✗'} ${CHECK_NAMES[name]}: ${found}`,
      ),
    },
  ];
}

function overallTable({ comparison, champion, challenger }: RetrainReport): Block {
  const full = (each: MeasuredContender) => each.stages[each.stages.length - 1].accuracy;
  const rows: { name: string; cells: TableCell[] }[] = [
    {
      name: 'Right, by day with early exit',
      cells: pair(comparison.accuracy.champion, comparison.accuracy.challenger, percent),
    },
    {
      name: 'Right, last stage for every row',
      cells: pair(full(champion), full(challenger), (v) => `${v.toFixed(1)} %`),
    },
    {
      name: 'Multiply-accumulates a row',
      cells: pair(champion.macs, challenger.macs, (v) => v.toFixed(0), true),
    },
    {
      name: 'Share of the full cascade',
      cells: pair(champion.exit.macsShare, challenger.exit.macsShare, percent, true),
    },
    {
      name: 'Rows that early exit changes',
      cells: pair(champion.exit.disagreement, challenger.exit.disagreement, percent, true),
    },
    {
      name: 'Thresholds certified',
      cells: [champion, challenger].map(({ certified }) => cell(certified ? 'yes' : 'no')),
    },
  ];
  return {
    kind: 'table',
    caption:
      'The better figure of each line is bold. Both bundles answered the same held-out rows.',
    columns: ['champion', 'challenger'],
    rows,
  };
}

function stagesTable({ champion, challenger }: RetrainReport): Block {
  const at = ({ stages }: MeasuredContender, k: number) => {
    const stage = stages[k];
    return stage === undefined
      ? [cell('–'), cell('–')]
      : [cell(`${stage.accuracy.toFixed(1)} %`), cell(percent(stage.share))];
  };
  const count = Math.max(champion.stages.length, challenger.stages.length);
  return {
    kind: 'table',
    caption: 'Accuracy of each stage on its own, and the share of rows that stop there.',
    columns: ['champion right', 'stop here', 'challenger right', 'stop here'],
    rows: Array.from({ length: count }, (_, k) => ({
      name: `Stage ${k + 1}`,
      cells: [...at(champion, k), ...at(challenger, k)],
    })),
  };
}

function discordantTable({ comparison }: RetrainReport): Block {
  const { both, neither, onlyChampion, onlyChallenger, test, perAsset } = comparison;
  const rows = [
    {
      name: 'Rows',
      cells: [
        ...[both, onlyChampion, onlyChallenger, neither].map((n) => cell(String(n))),
        cell(pValue(test.better)),
        cell(pValue(test.worse)),
      ],
    },
  ];
  if (perAsset) {
    const { champion, challenger, equal } = perAsset;
    rows.push({
      name: 'Assets, run by run',
      cells: [
        cell(String(equal), 'equally often'),
        cell(String(champion)),
        cell(String(challenger)),
        cell('–'),
        cell(pValue(perAsset.test.better)),
        cell(pValue(perAsset.test.worse)),
      ],
    });
  }
  return {
    kind: 'table',
    caption:
      'Exact McNemar test, one-sided: only rows of which exactly one of the two is right decide. Windows of one machine follow each other and are not independent, so that the line of the rows is too sure; that of the assets counts each machine once and is the careful one.',
    columns: [
      'both right',
      'champion only',
      'challenger only',
      'neither',
      'p: not better',
      'p: not worse',
    ],
    rows,
  };
}

function dataList({ data, warmStart, model }: RetrainReport): Block {
  const { hardCases } = data;
  const items = [
    `Model ${model}, data ${data.name}: ${data.trainingLabels} training labels, ${data.heldOut} held-out rows (${data.split} split).`,
    hardCases === null
      ? 'No hard cases from the edge.'
      : `Hard cases from the edge: ${hardCases.given} labelled, ${hardCases.used} learnt from, ${hardCases.heldOut} left out because they are held-out rows.`,
    ...Object.entries(hardCases?.unknownClasses ?? {}).map(
      ([name, count]) =>
        `Labelled '${name}', which is no class of the data: ${count}. Label some of its time in the data to have it learnt.`,
    ),
    data.asChampion
      ? 'The champion was trained on the same data: these rows were held out from it too.'
      : 'The champion was trained on other data. Where it has seen some of these rows, the comparison favours the champion.',
    warmStart
      ? "The students started half-way between the champion's weights and fresh ones."
      : 'The students started afresh.',
  ];
  return { kind: 'list', items };
}

const idOf = (name: string, { sha256, version, created, bytes }: MeasuredContender) =>
  `${name}: version ${version}, made ${created}, ${bytes} bytes, SHA-256 ${sha256}`;

/** The page before it is HTML. */
export function reportPage(report: RetrainReport): Report {
  return {
    title: `${report.model}: ${report.decision.outcome === 'release' ? 'a better model is ready' : 'the model in use stays'}`,
    summary: verdict(report),
    blocks: [
      heading('Why'),
      ...checks(report),
      heading('Champion and challenger'),
      overallTable(report),
      heading('Class by class'),
      classesTable(report),
      classesChart(report),
      heading('How sure'),
      discordantTable(report),
      heading('What it was trained on'),
      dataList(report),
      heading('Stage by stage'),
      text('For engineers: what each stage of the cascade does on the held-out rows.'),
      stagesTable(report),
    ],
    provenance: [
      `dandan retrain ${report.codeVersion}, ${report.created}`,
      idOf('Champion', report.champion),
      idOf('Challenger', report.challenger),
      `Data SHA-256 ${report.data.sha256}`,
    ],
  };
}
