// What reading a chunk gives, whatever the format.
import { InputError } from '@dandan/shared/error';
import type { QuantisedRows } from '@dandan/shared/kernel';

export interface ChunkRows {
  readonly rows: QuantisedRows;
  /** One per row; absent where the input has none. */
  readonly ids?: readonly (string | null)[];
}

/** A row of the input that cannot be read. */
export class RowError extends InputError {
  /** Its index in the chunk. */
  readonly row: number;
  /** 1-based line of a text file. */
  readonly line: number | undefined;

  constructor(error: InputError, row: number, line?: number) {
    const { code, message, field, value, allowed } = error;
    super(code, message, { field, value, allowed, cause: error });
    this.row = row;
    this.line = line;
  }
}

/** @throws {RowError} for the first number that is not finite. */
export function checkFinite(
  values: Float32Array,
  width: number,
  features: readonly string[],
): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const field = features[bad % width];
  const error = new InputError('rows-not-finite', `'${field}' is ${values[bad]}`, {
    field,
    value: values[bad],
    allowed: 'a finite number',
  });
  throw new RowError(error, Math.floor(bad / width));
}
