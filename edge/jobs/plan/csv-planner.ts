// CSV inputs: the header says which column is which feature.
import { InputError } from '@dandan/shared/error';
import { csvFields } from '../input/csv-fields.ts';
import { createRecordEnds, linesOf, trimmedEnd } from '../input/record-end.ts';
import type { Planner } from './planner.ts';
import { cutText } from './text-planner.ts';

export interface CsvLayout {
  /** Fields of every record. */
  readonly fields: number;
  /** Column of each feature. */
  readonly columns: readonly number[];
  /** Column of `id`, -1 without. */
  readonly id: number;
}

/** A header of 50,000 columns. */
const MAX_HEADER_BYTES = 1024 * 1024;

const BOM = 3;

function refuse(message: string, field: string, value: unknown, allowed: string): never {
  throw new InputError('rows-malformed', message, { field, value, allowed });
}

/** Where each feature stands. Columns of other names are passed over. */
export function layoutOf(names: readonly string[], features: readonly string[]): CsvLayout {
  const places = new Map(names.map((name, place) => [name, place]));
  if (places.size < names.length) {
    const twice = names.find((name, place) => places.get(name) !== place);
    refuse('The header names a column twice', 'header', twice, 'every name once');
  }
  const columns = features.map((name) => {
    const place = places.get(name);
    if (place !== undefined) return place;
    return refuse(
      `The header has no column '${name}'`,
      'header',
      name,
      'a column of every feature',
    );
  });
  return { fields: names.length, columns, id: places.get('id') ?? -1 };
}

export const csvPlanner: Planner<CsvLayout> = {
  async open({ source, spec }) {
    const head = await source.read(0, MAX_HEADER_BYTES);
    const begin = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? BOM : 0;
    const last = head.byteLength === source.bytes;
    const end = createRecordEnds(head, { quoted: true, last }).after(begin);
    if (end < 0)
      refuse('The header is too long', 'header', '', `at most ${MAX_HEADER_BYTES} bytes`);
    const text = new TextDecoder().decode(head.subarray(begin, trimmedEnd(head, begin, end)));
    const layout = layoutOf(csvFields(text), spec.features);
    return { layout, start: { begin: end, place: 1 + linesOf(head, begin, end) } };
  },
  cut: (context, _layout, from) => cutText(context, from, true),
};
