// Parquet inputs: a row group is a chunk, because its columns lie one after the other.
import { InputError } from '@dandan/shared/error';
import { columnsOf, readFooter } from '../input/parquet-file.ts';
import type { PlanContext, Planner } from './planner.ts';

function checkGroup(group: number, rows: number, { spec, profile, groupRows }: PlanContext): void {
  const most = Math.min(groupRows, Math.floor(profile.maxGroupBytes / (4 * spec.width)));
  if (rows <= most) return;
  throw new InputError('rows-too-many', `Row group ${group} has ${rows} rows`, {
    field: `row_groups[${group}]`,
    value: rows,
    allowed: `at most ${most} rows a row group under this profile`,
  });
}

/** The footer is read again where it is needed: beside it a layout would say nothing new. */
export const parquetPlanner: Planner<null> = {
  open: async () => ({ layout: null, start: { begin: 0, place: 0 } }),
  async cut(context, _layout, { begin, place }) {
    const { source, spec, profile } = context;
    const { row_groups: groups } = await readFooter(source, profile.maxFooterBytes);
    const end = Math.min(groups.length, begin + profile.chunksPerStep);
    let row = place;
    const chunks = groups.slice(begin, end).map((group, i) => {
      const rows = Number(group.num_rows);
      checkGroup(begin + i, rows, context);
      columnsOf(group, spec.features);
      const bytes = Number(group.total_compressed_size ?? group.total_byte_size);
      const chunk = { rows, place: row, begin: begin + i, bytes };
      row += rows;
      return chunk;
    });
    const filled = chunks.filter(({ rows }) => rows > 0);
    return { chunks: filled, next: end < groups.length ? { begin: end, place: row } : undefined };
  },
};
