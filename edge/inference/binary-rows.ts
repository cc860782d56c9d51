// Rows from a safetensors body: float32 `x`, or codes a gateway has quantised.
import { parseSafetensors, readTensor } from '@dandan/shared/bundle';
import type { Cascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type { FloatRows, QuantisedRows } from '@dandan/shared/kernel';
import { decodeQuantisedRows } from '@dandan/shared/wire';
import { checkRowCount } from './row-count.ts';

export type BinaryRows =
  | { readonly kind: 'float'; readonly rows: FloatRows }
  | {
      readonly kind: 'quantised';
      readonly rows: QuantisedRows;
      readonly metadata: Readonly<Record<string, string>>;
    };

/** The container's own complaints are about a bundle file; here the file holds rows. */
function asRowsError(error: unknown): unknown {
  if (!(error instanceof InputError) || !error.code.startsWith('bundle-')) return error;
  const { message, field, value, allowed } = error;
  return new InputError('rows-malformed', message, { field, value, allowed, cause: error });
}

/** A loop: `findIndex` calls a function for every value, a third of a request's time. */
function firstNotFinite(values: Float32Array): number {
  for (let e = 0; e < values.length; e++) if (!Number.isFinite(values[e])) return e;
  return -1;
}

function decodeFloat(bytes: Uint8Array, file: ReturnType<typeof parseSafetensors>): FloatRows {
  const values = readTensor(bytes, file, 'x', { dtype: 'F32', shape: [-1, -1] }, 'rows-malformed');
  const [count = 0, width = 0] = file.tensors.get('x')?.shape ?? [];
  checkRowCount(count);
  const bad = firstNotFinite(values);
  if (bad >= 0) {
    const field = `x[${Math.floor(bad / width)}][${bad % width}]`;
    throw new InputError('rows-not-finite', `'${field}' is ${values[bad]}`, {
      field,
      value: values[bad],
      allowed: 'a finite number',
    });
  }
  return { count, width, values };
}

/**
 * Decodes a safetensors body that holds either `x` or quantised rows.
 *
 * @throws {InputError} `rows-malformed`, `rows-empty`, `rows-too-many` or `rows-not-finite`.
 */
export function decodeBinaryRows(bytes: Uint8Array): BinaryRows {
  try {
    const file = parseSafetensors(bytes);
    const float = file.tensors.has('x');
    if (float === file.tensors.has('codes')) {
      throw new InputError('rows-malformed', 'The file must hold either floats or codes', {
        field: 'x',
        value: [...file.tensors.keys()].join(', '),
        allowed: "one of the tensors 'x' (F32) and 'codes' (U8)",
      });
    }
    if (float) return { kind: 'float', rows: decodeFloat(bytes, file) };
    const { rows, metadata } = decodeQuantisedRows(bytes);
    checkRowCount(rows.count);
    return { kind: 'quantised', rows, metadata };
  } catch (error) {
    throw asRowsError(error);
  }
}

/** Codes for rows of either kind; codes are checked against the bundle when they run. */
export function quantiseRows(
  decoded: BinaryRows,
  { quantise }: Pick<Cascade, 'quantise'>,
): QuantisedRows {
  return decoded.kind === 'quantised' ? decoded.rows : quantise(decoded.rows);
}
