// Which expressions change from step to step.
import { type Expression, operandsOf } from '../expression.ts';

function readsFeed(node: Expression): boolean {
  if (node.kind === 'input' || node.kind === 'mask') return true;
  if (node.kind !== 'gather-rows' && node.kind !== 'scatter-rows') return false;
  return !(node.indices instanceof Int32Array);
}

/** The expressions of `order` (operands first) that depend on something fed. */
export function dependsOnInputs(order: readonly Expression[]): ReadonlySet<Expression> {
  const depends = new Set<Expression>();
  for (const node of order) {
    const inherited = operandsOf(node).some((operand) => depends.has(operand));
    if (inherited || readsFeed(node)) depends.add(node);
  }
  return depends;
}
