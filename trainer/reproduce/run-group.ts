// What a worker does with a group of cells: one graph, one split, one teacher, then the
// methods one after the other.
import { InputError } from '@dandan/shared/error';
import { createRandom } from '@dandan/shared/random';
import type { EpochReport } from '../fit/fit.ts';
import type { GraphData } from '../graph/graph-data.ts';
import { type PreparedData, prepare } from '../run/prepare.ts';
import type { TrainOptions } from '../run/train-options.ts';
import type { CellResult } from './cell.ts';
import { codeVersion } from './code-version.ts';
import { isSimulated, loadGraph, splitOf } from './load-graph.ts';
import { measureCell } from './measure/measure-cell.ts';
import { type MeasuredTeacher, measureTeacher } from './measure/measure-teacher.ts';
import type { Failure, GroupTask, Reply, TaskCell } from './messages.ts';

/** An error as data, for the way between processes. */
export function failureOf(error: unknown): Failure {
  if (error instanceof InputError) {
    const { code, message, field, allowed } = error;
    return { code, message, field, allowed };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', message };
}

/** All that `prepare` may read: cells that differ in nothing of it share prepared data. */
function preparationKey(options: TrainOptions): string {
  const unread = [
    'student',
    'structure',
    'widths',
    'dropout',
    'gatekeeper',
    'augmentation',
    'alpha',
    'worstClass',
    'escalation',
    'delta',
  ];
  const read = ([key]: [string, unknown]) => !unread.includes(key) && !key.startsWith('mixup');
  return JSON.stringify(Object.entries(options).filter(read));
}

function epochText(what: string, { epoch, maxEpochs, accuracy }: EpochReport): string {
  return `${what}, epoch ${epoch} of ${maxEpochs}, validation ${(100 * accuracy).toFixed(1)} %`;
}

/** Computes a value once; a failure is kept too. */
function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= compute();
    return result;
  };
}

async function runCells(
  group: GroupTask,
  graph: GraphData,
  { reply, version }: { reply: (reply: Reply) => void; version: string },
): Promise<void> {
  const { teacher: options, logits: folder, fresh } = group;
  const split = await splitOf(graph, { ...group, options });
  let prepared: { key: string; data: PreparedData } | undefined;
  function preparedFor(wanted: TrainOptions): PreparedData {
    const key = preparationKey(wanted);
    // One at a time: prepared features are the largest thing in memory.
    if (prepared?.key !== key) prepared = undefined;
    prepared ??= { key, data: prepare(graph, split, wanted, createRandom(wanted.seed)) };
    return prepared.data;
  }
  const teach = once<MeasuredTeacher>(() =>
    measureTeacher({
      graph,
      data: preparedFor(options),
      options,
      folder,
      fresh,
      onEpoch: (report) => reply({ kind: 'at', text: epochText('teacher', report) }),
    }),
  );
  async function measure(cell: TaskCell): Promise<CellResult> {
    const teacher = cell.method === 'mlp' ? undefined : await teach();
    if (cell.method === 'teacher' && teacher) return teacher.result;
    return measureCell({
      graph,
      data: { ...preparedFor(cell.options), classWeights: teacher?.classWeights },
      cell,
      teacherLogits: teacher?.logits ?? new Float32Array(0),
      teacherPredictions: teacher?.predictions,
      onEpoch: (student, report) =>
        reply({ kind: 'at', text: epochText(`student ${student}`, report) }),
    });
  }
  for (const cell of group.cells) {
    const { id } = cell;
    reply({ kind: 'started', id });
    try {
      reply({ kind: 'cell', id, result: await measure(cell), codeVersion: version });
    } catch (error) {
      reply({ kind: 'failed', id, failure: failureOf(error) });
    }
  }
}

/** A runner keeps the last graph it loaded: groups of one set follow each other. */
export function createGroupRunner() {
  let loaded: { path: string; seed: number; graph: GraphData } | undefined;
  const version = codeVersion();
  return {
    /** Replies with every cell as it is done. @throws {InputError} when the data cannot be read. */
    async run(group: GroupTask, reply: (reply: Reply) => void): Promise<void> {
      const { path } = group;
      const seed = isSimulated(path) ? group.teacher.seed : 1;
      // The old graph is let go first: two large ones need not fit at once.
      if (loaded?.path !== path || loaded.seed !== seed) loaded = undefined;
      loaded ??= { path, seed, graph: await loadGraph(path, seed) };
      await runCells(group, loaded.graph, { reply, version });
    },
  };
}
