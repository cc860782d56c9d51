// Labels, masks and class names of a .npz graph.
import { MAX_CLASSES } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { createLabelTexts } from '../label-texts.ts';
import { MAX_CLASS_NAME_CHARACTERS } from '../limits.ts';
import { NO_SPLIT, TEST, TRAIN, VALIDATION } from '../split-codes.ts';
import { npyTexts, npyWhole } from './npy-values.ts';
import type { NpzFile } from './open-npz.ts';
import { readCsr } from './read-csr.ts';

/** Names of the masks in the wild; the first that a file has counts. */
const MASKS: readonly (readonly [code: number, names: readonly string[]])[] = [
  [TRAIN, ['train_mask']],
  [VALIDATION, ['val_mask', 'valid_mask', 'validation_mask']],
  [TEST, ['test_mask']],
];

function refuse(field: string, value: unknown, allowed: string): never {
  throw new InputError('data-invalid', `${field} does not fit the graph`, {
    field,
    value,
    allowed,
  });
}

/** The column of the one entry of every row, −1 for empty rows. */
async function readSparseLabels(npz: NpzFile, nodeCount: number): Promise<Int32Array> {
  const limits = { rows: nodeCount, columns: MAX_CLASSES, entries: nodeCount };
  const { rows, offsets, indices } = await readCsr(npz, 'labels', limits);
  if (rows !== nodeCount) refuse(`${npz.file}:labels_shape[0]`, rows, `${nodeCount} nodes`);
  return Int32Array.from({ length: rows }, (_, node) => {
    const entries = offsets[node + 1] - offsets[node];
    const field = `${npz.file}:labels_indptr[${node + 1}]`;
    if (entries > 1) refuse(field, `${entries} labels for node ${node}`, 'one label a node');
    return entries === 0 ? -1 : indices[offsets[node]];
  });
}

/** Class numbers [nodes], [nodes, 1], or one-hot [nodes, classes]. */
async function readDenseLabels(npz: NpzFile, nodeCount: number): Promise<Int32Array> {
  const array = await npz.read('labels');
  const { shape, field } = array;
  const [rows, width = 1] = shape;
  if (shape.length < 1 || shape.length > 2 || rows !== nodeCount) {
    refuse(`${field}:shape`, shape, `${nodeCount} class numbers, or one-hot rows of them`);
  }
  const maximum = width === 1 ? 2 ** 31 - 1 : 1;
  const values = npyWhole(array, { minimum: width === 1 ? -1 : 0, maximum });
  if (width === 1) return values;
  return Int32Array.from({ length: rows }, (_, node) => {
    const row = values.subarray(node * width, (node + 1) * width);
    const label = row.indexOf(1);
    const second = label < 0 ? -1 : row.indexOf(1, label + 1);
    if (second >= 0) refuse(`${field}[${node},${second}]`, 1, 'one class a node');
    return label;
  });
}

interface Masks {
  /** int32 [nodes]: codes of `split-codes.ts`. */
  readonly splits: Int32Array;
  readonly notes: string[];
}

/** Masks [nodes], or [nodes, splits] of which the first split is taken. */
async function readMasks(npz: NpzFile, nodeCount: number): Promise<Masks> {
  const splits = new Int32Array(nodeCount).fill(NO_SPLIT);
  const notes: string[] = [];
  for (const [code, names] of MASKS) {
    const name = names.find((candidate) => npz.has(candidate));
    if (name === undefined) continue;
    const array = await npz.read(name);
    const { shape, field } = array;
    const [rows, width = 1] = shape;
    if (shape.length < 1 || shape.length > 2 || rows !== nodeCount || width < 1) {
      refuse(`${field}:shape`, shape, `${nodeCount} booleans, or columns of them`);
    }
    const mask = npyWhole(array, { minimum: 0, maximum: 1 });
    if (width > 1) notes.push(`${name} holds ${width} splits; the first is used.`);
    for (let node = 0; node < nodeCount; node++) {
      if (mask[node * width] === 0) continue;
      if (splits[node] !== NO_SPLIT) refuse(`${field}[${node}]`, 1, 'every node in one set');
      splits[node] = code;
    }
  }
  return { splits, notes };
}

/** Names in plain text; a pickled list is left alone, since unpickling runs code of the file. */
async function readClassNames(npz: NpzFile): Promise<string[] | undefined> {
  if (!npz.has('class_names')) return undefined;
  try {
    const array = await npz.read('class_names');
    const usable = array.shape.length === 1 && array.count <= MAX_CLASSES;
    const names = usable ? npyTexts(array) : undefined;
    const fit = names?.every((name) => name !== '' && name.length <= MAX_CLASS_NAME_CHARACTERS);
    return fit && new Set(names).size === names?.length ? names : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/**
 * Reads labels, split and class names.
 *
 * @throws {InputError} `data-missing`, `data-invalid` naming array and item.
 */
export async function readNpzLabels(npz: NpzFile, nodeCount: number) {
  const sparse = !npz.has('labels') && npz.has('labels_indices');
  const numbers = await (sparse ? readSparseLabels : readDenseLabels)(npz, nodeCount);
  const { splits, notes } = await readMasks(npz, nodeCount);
  const labelField = `${npz.file}:${sparse ? 'labels_indices' : 'labels'}`;
  const classNames = await readClassNames(npz);
  const labelTexts = createLabelTexts();
  const labels = numbers.map((number, node) => {
    const read = labelTexts.read(`${number}`, splits[node] === NO_SPLIT ? '' : 'train');
    if (read.kind === 'read') return read.label;
    const { value, allowed } = read.problem;
    return refuse(`${labelField}[${node}]`, value, allowed);
  });
  const unnamed = npz.has('class_names') && classNames === undefined;
  if (unnamed) notes.push('class_names is not plain text; classes are called by number.');
  return { labels, labelTexts: labelTexts.texts, labelField, classNames, splits, notes };
}
