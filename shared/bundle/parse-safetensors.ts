// Reads a safetensors container from bytes nobody vouches for: every offset is
// checked before a byte of tensor data is touched or memory is allocated for it.
import { InputError } from '../error/index.ts';
import { MAX_HEADER_BYTES, MAX_RANK, MAX_TENSOR_NAME, MAX_TENSORS } from './limits.ts';
import { parseJson } from './parse-json.ts';

/** Bytes per element of the dtypes Dandan reads and writes. */
export const DTYPE_BYTES = { U8: 1, I8: 1, I32: 4, F32: 4 } as const;

export type Dtype = keyof typeof DTYPE_BYTES;

/** Where one tensor lies; `begin` and `end` count from the start of the data section. */
export interface TensorInfo {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Byte offset of the data section in the file. */
  readonly dataOffset: number;
  /** Length of the whole file in bytes, as the header states it. */
  readonly fileBytes: number;
}

export interface ParseSafetensorsOptions {
  /**
   * Accept a file whose tail is missing, as a gateway has that fetched only its stages.
   *
   * @default {false}
   */
  readonly prefix?: boolean;
}

const LENGTH_BYTES = 8;

function refuse(message: string, field: string, value: unknown, allowed: string): never {
  throw new InputError('bundle-header-invalid', message, { field, value, allowed });
}

function readHeader(bytes: Uint8Array): { json: unknown; dataOffset: number } {
  if (bytes.byteLength < LENGTH_BYTES) {
    throw new InputError(
      'bundle-truncated',
      `Cannot read safetensors: ${bytes.byteLength} bytes hold no header length`,
      { field: 'file', value: bytes.byteLength, allowed: `at least ${LENGTH_BYTES} bytes` },
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length < 2n || length > BigInt(MAX_HEADER_BYTES)) {
    refuse(
      `Cannot read safetensors: header length is ${length}`,
      'header.length',
      String(length),
      `2..${MAX_HEADER_BYTES} bytes`,
    );
  }
  const dataOffset = LENGTH_BYTES + Number(length);
  if (dataOffset > bytes.byteLength) {
    throw new InputError(
      'bundle-truncated',
      `Cannot read safetensors: header ends at byte ${dataOffset}, file at ${bytes.byteLength}`,
      { field: 'file', value: bytes.byteLength, allowed: `at least ${dataOffset} bytes` },
    );
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      bytes.subarray(LENGTH_BYTES, dataOffset),
    );
    return { json: parseJson(text), dataOffset };
  } catch (cause) {
    throw new InputError('bundle-header-invalid', 'Cannot read safetensors: header is not JSON', {
      field: 'header',
      allowed: 'a UTF-8 JSON object',
      cause,
    });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readTensor(name: string, entry: unknown): TensorInfo {
  if (name.length > MAX_TENSOR_NAME) {
    refuse('A tensor name is too long', 'header', name, `at most ${MAX_TENSOR_NAME} characters`);
  }
  if (!isRecord(entry)) refuse(`Tensor '${name}' is not an object`, name, entry, 'an object');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    const allowed = Object.keys(DTYPE_BYTES).join(', ');
    refuse(`Tensor '${name}' has an unknown dtype`, `${name}.dtype`, dtype, allowed);
  }
  if (!Array.isArray(shape) || shape.length > MAX_RANK || !shape.every(isCount)) {
    const allowed = `at most ${MAX_RANK} sizes >= 0`;
    refuse(`Tensor '${name}' has no valid shape`, `${name}.shape`, shape, allowed);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    const field = `${name}.data_offsets`;
    refuse(`Tensor '${name}' has no valid offsets`, field, offsets, '[begin, end]');
  }
  const elements = (shape as number[]).reduce((product, size) => product * size, 1);
  const expected = elements * DTYPE_BYTES[dtype as Dtype];
  const [begin, end] = offsets as [number, number];
  if (end - begin !== expected) {
    refuse(
      `Tensor '${name}' of shape [${shape}] and dtype ${dtype} needs ${expected} bytes, offsets give ${end - begin}`,
      `${name}.data_offsets`,
      offsets,
      `a range of ${expected} bytes`,
    );
  }
  return { dtype: dtype as Dtype, shape: shape as number[], begin, end };
}

/**
 * Parses the header of a safetensors file. Tensors come back in file order,
 * which must cover the data section without holes or overlaps.
 *
 * @param bytes the file, or with `prefix` at least its header.
 * @throws {InputError} `bundle-truncated` or `bundle-header-invalid`.
 */
export function parseSafetensors(
  bytes: Uint8Array,
  options: ParseSafetensorsOptions = {},
): Safetensors {
  const { prefix = false } = options;
  const { json, dataOffset } = readHeader(bytes);
  if (!isRecord(json)) refuse('Safetensors header is not an object', 'header', json, 'an object');
  const { __metadata__: metadata = {}, ...entries } = json;
  if (!isRecord(metadata) || !Object.values(metadata).every((v) => typeof v === 'string')) {
    refuse('Safetensors metadata is not text', '__metadata__', typeof metadata, 'strings by name');
  }
  const names = Object.keys(entries);
  if (names.length > MAX_TENSORS) {
    refuse('Too many tensors', 'header', names.length, `at most ${MAX_TENSORS}`);
  }
  const infos = names.map((name) => [name, readTensor(name, entries[name])] as const);
  infos.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const [name, info] of infos) {
    if (info.begin !== position) {
      const field = `${name}.data_offsets`;
      refuse(`Tensor '${name}' leaves a hole or overlaps`, field, info.begin, `${position}`);
    }
    position = info.end;
  }
  const fileBytes = dataOffset + position;
  if (bytes.byteLength > fileBytes || (!prefix && bytes.byteLength < fileBytes)) {
    throw new InputError(
      bytes.byteLength < fileBytes ? 'bundle-truncated' : 'bundle-header-invalid',
      `Cannot read safetensors: header states ${fileBytes} bytes, got ${bytes.byteLength}`,
      { field: 'file', value: bytes.byteLength, allowed: `${fileBytes} bytes` },
    );
  }
  return {
    metadata: metadata as Record<string, string>,
    tensors: new Map(infos),
    dataOffset,
    fileBytes,
  };
}
