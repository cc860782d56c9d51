// `dandan reproduce edges`: what each kind of edge is worth, on the embedded plant or one's own.
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { PLANT } from '../../data/load-data.ts';
import { isProject } from '../../history/project/find-project.ts';
import {
  EDGE_VARIANTS,
  measureEdges,
  plantHistory,
  projectHistories,
  writeEdgeReport,
} from '../../reproduce/edges/index.ts';
import type { TeacherChoice } from '../../run/train-options.ts';
import { TEACHERS, type TeacherKind } from '../../teacher/create-teacher.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput } from '../output.ts';

/** Its name among the tables. */
export const EDGES = 'edges';

export interface ReproduceEdgesFlags {
  readonly data: readonly string[];
  readonly teachers?: readonly TeacherChoice[];
  readonly seeds: readonly number[];
  readonly work: string;
  readonly out: string;
  readonly fresh: boolean;
  readonly json: boolean;
  /** What tables of graphs are asked for, and this one is not. */
  readonly sets?: unknown;
  readonly methods?: unknown;
  readonly setting?: unknown;
  readonly split?: unknown;
}

function checkOthers(flags: ReproduceEdgesFlags): void {
  for (const name of ['sets', 'methods', 'setting', 'split'] as const) {
    if (flags[name] === undefined) continue;
    throw new InputError('option-invalid', 'Kinds of edges are measured on unseen runs alone', {
      field: `--${name}`,
      value: flags[name],
      allowed: `left out for ${EDGES}`,
    });
  }
}

/** The files of other graphs do not say what an edge is there for. */
async function historiesOf(data: readonly string[], signal: AbortSignal) {
  if (data.length === 1) {
    if (data[0] === PLANT) return plantHistory;
    if (await isProject(data[0])) return projectHistories({ path: data[0], signal });
  }
  throw new InputError('option-invalid', 'The kinds of edges are measured on a history', {
    field: '--data',
    value: data.join(' '),
    allowed: `${PLANT}, or one folder with a plant.yaml`,
  });
}

/** Kinds of edges are told apart by one network at a time. */
function networksOf(teachers: readonly TeacherChoice[]): TeacherKind[] {
  return teachers.map((teacher) => {
    if (teacher !== 'ensemble') return teacher;
    throw new InputError('option-invalid', 'Edges are measured with one teacher at a time', {
      field: '--teachers',
      value: teacher,
      allowed: TEACHERS.join(', '),
    });
  });
}

/** Prints the table and writes it, with every measurement, below `out`. */
export async function reproduceEdges(flags: ReproduceEdgesFlags): Promise<void> {
  const { data, teachers = ['gcn'], seeds, work, out, fresh, json } = flags;
  checkOthers(flags);
  const networks = networksOf(teachers);
  const output = createOutput(json);
  const total = seeds.length * networks.length * EDGE_VARIANTS.length;
  let done = 0;
  const measured = await withInterrupt(
    async (signal) =>
      measureEdges({
        historyOf: await historiesOf(data, signal),
        seeds,
        networks,
        dir: join(work, EDGES),
        fresh,
        signal,
        onMeasured({ variant, network, seed, teacher, student }) {
          const percent = `${network} ${teacher.toFixed(1)} %, student ${student.toFixed(1)} %`;
          output.line(`[${++done}/${total}] seed ${seed}, ${variant}: ${percent}`);
        },
      }),
    'Stopped. Finished measurements are kept; run the same command to go on.',
  );
  const dir = join(out, EDGES);
  const command = `dandan reproduce ${EDGES} --data ${data[0] === PLANT ? PLANT : 'DIR'} --teachers ${networks.join(',')} --seeds ${seeds.join(',')}`;
  output.line(await writeEdgeReport({ measured, dir, command }));
  output.line(`Results: ${dir}`);
  output.result({ table: EDGES, measured, results: dir });
}
