// What a run of an entry must be fed.
import { type Expression, topologicalOrder } from './expression.ts';
import type { Entry } from './program.ts';

/** Names of the inputs, row indices and mask offsets that an entry reads, state included. */
export function fedNames({ outputs, updates = {} }: Entry): readonly string[] {
  const names = new Set<string>();
  const visit = (node: Expression) => {
    if (node.kind === 'input' || node.kind === 'mask') names.add(node.name);
    if (node.kind !== 'gather-rows' && node.kind !== 'scatter-rows') return;
    if (!(node.indices instanceof Int32Array)) names.add(node.indices.name);
  };
  topologicalOrder([...Object.values(outputs), ...Object.values(updates)]).forEach(visit);
  return [...names];
}
