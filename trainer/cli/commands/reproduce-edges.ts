// `dandan reproduce edges`: what each kind of edge is worth on the embedded plant.
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { PLANT } from '../../data/load-data.ts';
import {
  EDGE_VARIANTS,
  edgeTable,
  measureEdges,
  plantHistory,
} from '../../reproduce/edges/index.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput } from '../output.ts';

/** Its name among the tables. */
export const EDGES = 'edges';

export interface ReproduceEdgesFlags {
  readonly data: readonly string[];
  readonly seeds: readonly number[];
  readonly work: string;
  readonly out: string;
  readonly fresh: boolean;
  readonly json: boolean;
}

/** The files of other graphs do not say what an edge is there for. */
function checkData(data: readonly string[]): void {
  if (data.length === 1 && data[0] === PLANT) return;
  throw new InputError('option-invalid', 'The kinds of edges are measured on a history', {
    field: '--data',
    value: data.join(' '),
    allowed: PLANT,
  });
}

/** Prints the table and writes it, with every measurement, below `out`. */
export async function reproduceEdges(flags: ReproduceEdgesFlags): Promise<void> {
  const { data, seeds, work, out, fresh, json } = flags;
  checkData(data);
  const output = createOutput(json);
  const total = seeds.length * EDGE_VARIANTS.length;
  let done = 0;
  const measured = await withInterrupt(
    (signal) =>
      measureEdges({
        historyOf: plantHistory,
        seeds,
        dir: join(work, EDGES),
        fresh,
        signal,
        onMeasured({ variant, seed, teacher, student }) {
          const percent = `teacher ${teacher.toFixed(1)} %, student ${student.toFixed(1)} %`;
          output.line(`[${++done}/${total}] seed ${seed}, ${variant}: ${percent}`);
        },
      }),
    'Stopped. Finished measurements are kept; run the same command to go on.',
  );
  const table = edgeTable(measured);
  const dir = join(out, EDGES);
  const command = `dandan reproduce ${EDGES} --data ${PLANT} --seeds ${seeds.join(',')}`;
  const text = ['# Value of each kind of edge', '', `\`${command}\``, '', ...table, ''].join('\n');
  await writeFileAtomic(join(dir, 'report.md'), text);
  await writeFileAtomic(join(dir, 'results.json'), `${JSON.stringify(measured, null, 1)}\n`);
  output.line();
  for (const line of table) output.line(line);
  output.line(`\nResults: ${dir}`);
  output.result({ table: EDGES, measured, results: dir });
}
