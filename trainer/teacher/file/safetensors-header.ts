// Finds the logits in a safetensors file that others wrote: any tensors of any dtype may lie
// around them, so only the header is checked and only one tensor is ever read.
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import type { NpyHeader } from '../../data/npz/npy-header.ts';

/** The format's reference reader has the same limit. */
export const MAX_HEADER_BYTES = 100_000_000;

/** The header's length stands in front of it, as a little-endian 64-bit number. */
export const LENGTH_BYTES = 8;

/** The tensor to take where a file has several matrices. */
const TENSOR = 'logits';

const ITEM_BYTES: Readonly<Record<string, number>> = { F16: 2, F32: 4, F64: 8 };

const size = z.number().int().min(0);
const tensorSchema = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});
const headerSchema = z
  .looseObject({ __metadata__: z.unknown() })
  .transform(({ __metadata__: _, ...tensors }) => tensors)
  .pipe(z.record(z.string(), tensorSchema));

export interface LocatedTensor extends NpyHeader {
  readonly name: string;
  /** First byte, counted from the end of the header. */
  readonly begin: number;
}

function refuse(message: string, field: string, value: unknown, allowed: string): never {
  throw new InputError('data-invalid', message, { field, value, allowed });
}

/**
 * The tensor named `logits`, else the only matrix of the file.
 *
 * @param header bytes between the length and the data.
 * @param file the file as errors call it.
 * @throws {InputError} `data-invalid` for another header, no or several such tensors, or
 * items that are not float16, float32 or float64.
 */
export function locateLogits(header: Uint8Array, file: string): LocatedTensor {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
  } catch {
    refuse(`${file} is no safetensors file`, `${file}:header`, undefined, 'a JSON object');
  }
  const { data, error } = headerSchema.safeParse(json);
  if (error) {
    const [{ path, message }] = error.issues;
    refuse(
      `${file} is no safetensors file`,
      `${file}:${path.join('.')}`,
      message,
      'tensors by name',
    );
  }
  const names = Object.keys(data);
  const matrices = names.filter((name) => data[name].shape.length === 2);
  const name = names.includes(TENSOR) ? TENSOR : matrices.length === 1 ? matrices[0] : undefined;
  if (name === undefined) {
    const allowed = `one matrix, or one named '${TENSOR}'`;
    refuse(`${file} does not say which tensor holds the logits`, file, names.join(', '), allowed);
  }
  const { dtype, shape, data_offsets: offsets } = data[name];
  const itemBytes = ITEM_BYTES[dtype];
  const field = `${file}:${name}`;
  if (itemBytes === undefined) {
    refuse(`${field} holds no floats`, `${field}.dtype`, dtype, Object.keys(ITEM_BYTES).join(', '));
  }
  const count = shape.reduce((product, length) => product * length, 1);
  if (offsets[1] - offsets[0] !== count * itemBytes) {
    const allowed = `${count * itemBytes} bytes`;
    refuse(`${field} is cut off`, `${field}.data_offsets`, offsets, allowed);
  }
  const layout = { kind: 'float', bigEndian: false, fortranOrder: false } as const;
  return { ...layout, name, itemBytes, shape, count, begin: offsets[0] };
}
