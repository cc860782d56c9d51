// Table 4: what an answer costs, in time and in multiply-accumulates, against the teacher.
import { PUBLISHED_INFERENCE } from '../reproduce/published.ts';
import type { InferenceTimes } from '../reproduce/time-inference.ts';
import type { Results } from './collect.ts';
import { type Block, heading, type TableCell, text } from './document.ts';
import { shortNumber } from './scale.ts';
import { listed, methodName, setName, summaryCell, teacherName } from './words.ts';

/** Three digits, whatever the size. */
const ms = (value: number) => `${Number(value.toPrecision(3))} ms`;

const MISSING: TableCell = { text: '—', missing: true };

function timeTable(results: Results, teacher: string, times: readonly InferenceTimes[]): Block {
  const rows = results.methods.map((method) => ({
    name: method === 'teacher' ? `${teacherName(teacher)} teacher` : methodName(method),
    cells: results.sets.map(({ set }): TableCell => {
      const own = times.find((one) => one.set === set && one.teacher === teacher);
      const value = own?.milliseconds[method];
      if (own === undefined || value === undefined) return MISSING;
      const ratio = (own.milliseconds.teacher ?? Number.NaN) / value;
      const note = method === 'teacher' || Number.isNaN(ratio) ? undefined : `${ratio.toFixed(1)}×`;
      return { text: ms(value), note };
    }),
  }));
  const nodes = results.sets.map(({ set, nodes: count }) => `${setName(set)} ${count}`);
  return {
    kind: 'table',
    caption: `Time for all nodes of a set (${listed(nodes)}), all students, float32, one thread, median; below: how many times faster than the teacher. The teacher reads the whole graph.`,
    columns: results.sets.map(({ set }) => setName(set)),
    rows,
  };
}

function costTable(results: Results, teacher: string, setting: string): Block {
  const seeds = results.seeds.length;
  const rows = results.methods
    .filter((method) => method !== 'teacher')
    .map((method) => ({
      name: methodName(method),
      cells: results.sets.map(({ set }): TableCell => {
        const macs = results.over({ set, teacher, setting, method }, (result) => result.macs);
        return macs ? { text: shortNumber(macs.mean) } : MISSING;
      }),
    }));
  return {
    kind: 'table',
    caption: `Multiply-accumulates a node, all students, non-zero features only; ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}.`,
    columns: results.sets.map(({ set }) => setName(set)),
    rows,
  };
}

/** The paper's batch-level rule and the per-node one at a shared threshold. */
const THRESHOLD = 0.9;

function exitTable(results: Results, teacher: string, setting: string): Block[] {
  const cascades = results.methods.filter((method) => method.startsWith('progmlp'));
  const seeds = results.seeds.length;
  const rows = cascades.flatMap((method) => {
    const over = (pick: Parameters<Results['over']>[1]) =>
      results.sets.map(({ set }) => results.over({ set, teacher, setting, method }, pick));
    const node = (result: Parameters<typeof exitAt>[0]) => exitAt(result);
    return [
      {
        name: `${methodName(method)}: accuracy`,
        cells: over((result) => node(result)?.accuracy).map((one) => summaryCell(one, { seeds })),
      },
      {
        name: `${methodName(method)}: students`,
        cells: over((result) => node(result)?.students).map((one) => summaryCell(one, { seeds })),
      },
      {
        name: `${methodName(method)}: share of the MACs, %`,
        cells: over((result) => {
          const exit = node(result);
          return exit && result.macs > 0 ? (100 * exit.macs) / result.macs : undefined;
        }).map((one) => summaryCell(one, { seeds })),
      },
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: `Per-node exit at one shared confidence of ${THRESHOLD}: test accuracy in percent, executed students and multiply-accumulates, mean over the test nodes.`,
      columns: results.sets.map(({ set }) => setName(set)),
      rows,
    },
  ];
}

type Result = Parameters<Parameters<Results['over']>[1]>[0];

const exitAt = ({ exits }: Result) => exits?.node.find(({ threshold }) => threshold === THRESHOLD);

export function inferenceSection(results: Results, times: readonly InferenceTimes[]): Block[] {
  const { teacherMs, progmlpMs, set } = PUBLISHED_INFERENCE;
  const machines = [...new Set(times.map(({ machine }) => machine))];
  return [
    heading('Cost of inference'),
    text(
      `Measured on ${machines.length === 0 ? 'no machine yet' : listed(machines)}. The paper: ${teacherMs} ms for the teacher and ${progmlpMs} ms for ProGMLP on ${set} (${(teacherMs / progmlpMs).toFixed(0)}×), on other hardware.`,
    ),
    ...results.teachers.flatMap((teacher) => [
      heading(`${teacherName(teacher)} teacher`, 3),
      timeTable(results, teacher, times),
      ...results.settings.flatMap((setting) => [
        costTable(results, teacher, setting),
        ...exitTable(results, teacher, setting),
      ]),
    ]),
  ];
}
