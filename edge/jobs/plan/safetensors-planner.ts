// Safetensors inputs: float32 `x` [n, d], or codes of the job's bundle, cut by rows.
import { MAX_HEADER_BYTES, parseSafetensors, type Safetensors } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import type { InputSource } from '../input/input-source.ts';
import type { PlanContext, Planner, RowSpec } from './planner.ts';

/** Byte offsets of the tensors in the file. */
export type SafetensorsLayout =
  | { readonly kind: 'float' | 'codes'; readonly rows: number; readonly begin: number }
  | {
      readonly kind: 'sparse-codes';
      readonly rows: number;
      readonly entries: number;
      readonly offsets: number;
      readonly indices: number;
      readonly codes: number;
    };

/** The length and, of most files, the whole header. */
const HEAD_BYTES = 16 * 1024;

/** The container's complaints are about bundles; here the file holds rows. */
function asRowsError(error: unknown): unknown {
  if (!(error instanceof InputError) || !error.code.startsWith('bundle-')) return error;
  const { message, field, value, allowed } = error;
  return new InputError('rows-malformed', message, { field, value, allowed, cause: error });
}

async function readHeader(source: InputSource): Promise<Safetensors> {
  let head = await source.read(0, HEAD_BYTES);
  if (head.byteLength >= 8) {
    const length = new DataView(head.buffer).getBigUint64(0, true);
    if (length <= MAX_HEADER_BYTES) {
      const end = 8 + Number(length);
      if (end > head.byteLength) head = await source.read(0, end);
      head = head.subarray(0, end);
    }
  }
  const file = parseSafetensors(head, { prefix: true });
  if (file.fileBytes === source.bytes) return file;
  throw new InputError('rows-malformed', 'The file is not as long as its header says', {
    field: 'file',
    value: source.bytes,
    allowed: `${file.fileBytes} bytes`,
  });
}

function tensorOf(file: Safetensors, name: string, dtype: string, rank: number) {
  const info = file.tensors.get(name);
  if (info?.dtype === dtype && info.shape.length === rank) {
    return { shape: info.shape, begin: file.dataOffset + info.begin };
  }
  throw new InputError('rows-malformed', `Tensor '${name}' is not usable`, {
    field: name,
    value: info && `${info.dtype} [${info.shape}]`,
    allowed: `${dtype} of rank ${rank}`,
  });
}

function checkWidth(width: number, spec: RowSpec): void {
  if (width === spec.width) return;
  throw new InputError(
    'rows-wrong-width',
    `Rows have ${width} features, the model reads ${spec.width}`,
    { field: 'rows.width', value: width, allowed: `${spec.width}` },
  );
}

function checkCodes(file: Safetensors, spec: RowSpec): void {
  const { bundle } = file.metadata;
  if (bundle !== spec.bundle) {
    throw new InputError('rows-malformed', 'The codes were not made by the bundle of the job', {
      field: '__metadata__.bundle',
      value: bundle,
      allowed: spec.bundle,
    });
  }
  const sparse = file.tensors.has('offsets');
  if (sparse === spec.sparse) return;
  const allowed = spec.sparse ? 'sparse codes' : 'dense codes';
  throw new InputError('rows-malformed', `The model reads ${allowed}`, { field: 'codes', allowed });
}

function layoutOf(file: Safetensors, spec: RowSpec): SafetensorsLayout {
  if (file.tensors.has('x')) {
    const { shape, begin } = tensorOf(file, 'x', 'F32', 2);
    checkWidth(shape[1], spec);
    return { kind: 'float', rows: shape[0], begin };
  }
  checkCodes(file, spec);
  if (!spec.sparse) {
    const { shape, begin } = tensorOf(file, 'codes', 'U8', 2);
    checkWidth(shape[1], spec);
    return { kind: 'codes', rows: shape[0], begin };
  }
  checkWidth(Number(file.metadata.width), spec);
  const offsets = tensorOf(file, 'offsets', 'I32', 1);
  const indices = tensorOf(file, 'indices', 'I32', 1);
  const codes = tensorOf(file, 'codes', 'U8', 1);
  const [entries] = codes.shape;
  if (indices.shape[0] !== entries) {
    throw new InputError('rows-malformed', 'Sparse codes and indices differ in length', {
      field: 'codes',
      value: entries,
      allowed: `${indices.shape[0]}`,
    });
  }
  return {
    kind: 'sparse-codes',
    rows: Math.max(0, offsets.shape[0] - 1),
    entries,
    offsets: offsets.begin,
    indices: indices.begin,
    codes: codes.begin,
  };
}

/** Bytes of a row; of a sparse one, those of its offset: how many entries it has is not known yet. */
const rowBytes = (kind: SafetensorsLayout['kind'], width: number) =>
  kind === 'float' ? 4 * width : kind === 'codes' ? width : 4;

export const safetensorsPlanner: Planner<SafetensorsLayout> = {
  async open({ source, spec }) {
    try {
      const layout = layoutOf(await readHeader(source), spec);
      return { layout, start: { begin: 0, place: 0 } };
    } catch (error) {
      throw asRowsError(error);
    }
  },
  async cut({ spec, profile, rows }: PlanContext, layout, { place }) {
    const bytes = rowBytes(layout.kind, spec.width);
    const begin = layout.kind === 'sparse-codes' ? layout.offsets : layout.begin;
    const most = Math.max(1, Math.min(rows, Math.floor(profile.maxChunkBytes / bytes)));
    const chunks = [];
    let row = place;
    while (row < layout.rows && chunks.length < profile.chunksPerStep) {
      const count = Math.min(most, layout.rows - row);
      chunks.push({ rows: count, place: row, begin: begin + row * bytes, bytes: count * bytes });
      row += count;
    }
    return { chunks, next: row < layout.rows ? { begin: 0, place: row } : undefined };
  },
};
