// The logits of a teacher trained elsewhere, so that any model of any library can be
// distilled: a NumPy array or a safetensors file, one row per node.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '@dandan/shared/error';
import {
  NPY_PREFIX_BYTES,
  type NpyHeader,
  npyHeaderBytes,
  parseNpyHeader,
} from '../../data/npz/npy-header.ts';
import { npyNumbers } from '../../data/npz/npy-values.ts';
import { LENGTH_BYTES, locateLogits, MAX_HEADER_BYTES } from './safetensors-header.ts';

export interface ReadTeacherLogitsOptions {
  /** `.npy` or `.safetensors`. */
  readonly path: string;
  readonly nodeCount: number;
  readonly classes: number;
}

export interface TeacherLogits {
  /** float32 [nodes, classes], in the order of the node numbers and of the class names. */
  readonly logits: Float32Array;
  /** Of the file. */
  readonly sha256: string;
}

/** Where the matrix lies in the file. */
interface Located extends NpyHeader {
  readonly field: string;
  readonly begin: number;
}

async function readAt(handle: FileHandle, begin: number, length: number) {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, begin + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return { bytes, filled };
}

function refuse(field: string, value: unknown, allowed: string): never {
  throw new InputError('data-invalid', "The teacher's logits cannot be used", {
    field,
    value,
    allowed,
  });
}

async function locateNpy(handle: FileHandle, file: string, size: number): Promise<Located> {
  const prefix = await readAt(handle, 0, Math.min(NPY_PREFIX_BYTES, size));
  const begin = npyHeaderBytes(Buffer.from(prefix.bytes), file);
  const header = await readAt(handle, 0, Math.min(begin, size));
  return { ...parseNpyHeader(Buffer.from(header.bytes), file), field: file, begin };
}

async function locateSafetensors(handle: FileHandle, file: string, size: number): Promise<Located> {
  const { bytes, filled } = await readAt(handle, 0, LENGTH_BYTES);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  if (filled < LENGTH_BYTES || length > Math.min(MAX_HEADER_BYTES, size - LENGTH_BYTES)) {
    refuse(file, `${size} bytes`, 'a whole safetensors file');
  }
  const header = await readAt(handle, LENGTH_BYTES, length);
  const { name, begin, ...layout } = locateLogits(header.bytes, file);
  return { ...layout, field: `${file}:${name}`, begin: LENGTH_BYTES + length + begin };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw new InputError('data-missing', "The file of the teacher's logits cannot be opened", {
      field: path,
      value: (cause as NodeJS.ErrnoException).code,
      allowed: 'a .npy or .safetensors file',
      cause,
    });
  }
}

async function hashFile(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/**
 * Reads the logits of a teacher: float16, float32 or float64, rows or columns first, either
 * byte order. Shape and size are checked before a number is read.
 *
 * @throws {InputError} `data-missing` without a file, `data-invalid` unless it holds
 * [nodes, classes] finite numbers.
 */
export async function readTeacherLogits(options: ReadTeacherLogitsOptions): Promise<TeacherLogits> {
  const { path, nodeCount, classes } = options;
  await using handle = await openFile(path);
  const file = basename(path);
  const { size } = await handle.stat();
  const locate = path.endsWith('.safetensors') ? locateSafetensors : locateNpy;
  const { begin, field, ...header } = await locate(handle, file, size);
  const { kind, shape, itemBytes } = header;
  if (kind !== 'float') refuse(`${field}:descr`, kind, 'float16, float32 or float64');
  if (shape.length !== 2 || shape[0] !== nodeCount || shape[1] !== classes) {
    refuse(`${field}:shape`, shape, `[${nodeCount} nodes, ${classes} classes]`);
  }
  const length = nodeCount * classes * itemBytes;
  if (begin + length > size) refuse(field, `${size} bytes`, `at least ${begin + length} bytes`);
  const { bytes } = await readAt(handle, begin, length);
  const logits = Float32Array.from(npyNumbers({ ...header, field, bytes }) as Float64Array);
  const odd = logits.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) {
    const place = `${field}[${Math.floor(odd / classes)}, ${odd % classes}]`;
    refuse(place, logits[odd], 'a finite float32');
  }
  return { logits, sha256: await hashFile(handle) };
}
