// How many rows one request may carry.
import { InputError } from '@dandan/shared/error';
import { MAX_ROWS_PER_REQUEST } from '@dandan/shared/wire';

/** @throws {InputError} `rows-empty` or `rows-too-many`. */
export function checkRowCount(count: number): void {
  if (count >= 1 && count <= MAX_ROWS_PER_REQUEST) return;
  throw new InputError(count === 0 ? 'rows-empty' : 'rows-too-many', `There are ${count} rows`, {
    field: 'rows',
    value: count,
    allowed: `1..${MAX_ROWS_PER_REQUEST}`,
  });
}
