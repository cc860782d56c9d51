// Sparse products: which of the kernels, on which lists of entries.
import type { ScatterRows, SparseMatMul } from '../../expression.ts';
import { csrOfPattern, csrOfScatter, valuesInOrder } from './csr.ts';
import { type Argument, FROM, type Instruction, TO } from './instruction.ts';
import { call, type Places } from './places.ts';
import { scatters } from './reads.ts';

/** The first bytes of a thread's scratch area are for kernels that need room of their own. */
export const WORK_AREA_BYTES = 8 * 512;
const WORK_AREA: Argument = { base: 0, scratch: true };

/** S · b or Sᵀ · b. */
export function emitSparse(node: SparseMatMul, places: Places): Instruction {
  const { pattern, values, transpose } = node;
  const { leaves, whole, result } = places;
  const [, columns] = node.shape;
  if (scatters(node)) {
    const { offsets, indices } = csrOfPattern(pattern, false);
    const entries = [leaves.constant(offsets), leaves.constant(indices)] as const;
    const list = [...entries, values ? whole(values) : 0, whole(node.b), pattern.rows] as const;
    return call('sparseScatter', result(node), ...list, columns, FROM, TO);
  }
  const csr = csrOfPattern(pattern, transpose);
  const rows = [leaves.constant(csr.offsets), leaves.constant(csr.indices)] as const;
  const b = whole(node.b);
  if (!values) return call('sparseSum', result(node), ...rows, b, columns, FROM, TO);
  const groups = values.shape[1];
  if (values.kind === 'constant' && groups === 1) {
    // In row order once and for all, instead of looked up at every run.
    const weights = leaves.constant(valuesInOrder(values.data, csr));
    return call('sparseWeighted', result(node), ...rows, weights, b, columns, FROM, TO);
  }
  const order = csr.order ? leaves.constant(csr.order) : 0;
  const list = [...rows, whole(values), order, b, columns, groups, WORK_AREA] as const;
  return call('sparseMatmul', result(node), ...list, FROM, TO);
}

/** Rows added at constant numbers: a sparse product of ones. */
export function emitScatter(
  node: ScatterRows,
  indices: Int32Array,
  { leaves, whole, result }: Places,
): Instruction {
  const csr = csrOfScatter(indices, node.shape[0]);
  const rows = [leaves.constant(csr.offsets), leaves.constant(csr.indices)] as const;
  return call('sparseSum', result(node), ...rows, whole(node.a), node.shape[1], FROM, TO);
}
