// Cuts an entry into strips: runs of primitives over the same rows that can be computed block
// of rows by block of rows, so that what they hand on stays in the cache.
import { type Expression, type Input, topologicalOrder } from '../../expression.ts';
import type { Entry } from '../../program.ts';
import { completesLate, domainOf, readsOf } from './reads.ts';

export interface Strip {
  readonly pass: number;
  /** Rows that the strip runs over. */
  readonly rows: number;
  /** In an order that computes operands before their users. */
  readonly nodes: ReadonlySet<Expression>;
}

export interface Schedule {
  /** In order of execution. */
  readonly strips: readonly Strip[];
  /** First and last pass in which a computed value is needed in memory, for those that are. */
  readonly stored: ReadonlyMap<Expression, { readonly first: number; readonly last: number }>;
  /** Updates that a strip may write over the state, as nothing reads the old rows any more. */
  readonly inPlace: ReadonlySet<string>;
}

export const isLeaf = (node: Expression) => node.kind === 'input' || node.kind === 'constant';

/** Later than any pass: outputs stay until the run ends. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;

function passesOf(order: readonly Expression[]): Map<Expression, number> {
  const passOf = new Map<Expression, number>();
  for (const node of order) {
    let pass = 0;
    for (const { operand, how } of readsOf(node)) {
      if (isLeaf(operand)) continue;
      const ready = how === 'whole' || completesLate(operand) ? 1 : 0;
      pass = Math.max(pass, (passOf.get(operand) as number) + ready);
    }
    passOf.set(node, pass);
  }
  return passOf;
}

/** Names of the updates whose old state has no reader left once their own rows are computed. */
function inPlaceUpdates(
  order: readonly Expression[],
  { outputs, updates = {} }: Entry,
  passOf: ReadonlyMap<Expression, number>,
): Set<string> {
  const roots = [...Object.values(outputs), ...Object.values(updates)];
  const inputs = new Map<string, Input>();
  for (const node of order) if (node.kind === 'input') inputs.set(node.name, node);
  const names = Object.entries(updates).filter(([name, update]) => {
    const state = inputs.get(name);
    if (isLeaf(update) || completesLate(update) || roots.some((root) => root === state))
      return false;
    const pass = passOf.get(update) as number;
    return order.every((node) =>
      readsOf(node).every(({ operand, how }) => {
        if (operand !== state) return true;
        const reader = passOf.get(node) as number;
        const sameStrip = reader === pass && domainOf(node) === domainOf(update);
        return reader < pass || (sameStrip && how === 'rows');
      }),
    );
  });
  return new Set(names.map(([name]) => name));
}

/** The strips of an entry and the values that must be stored between them. */
export function scheduleEntry(entry: Entry): Schedule {
  const { outputs, updates = {} } = entry;
  const order = topologicalOrder([...Object.values(outputs), ...Object.values(updates)]);
  const passOf = passesOf(order);
  const inPlace = inPlaceUpdates(order, entry, passOf);
  const stored = new Map<Expression, { first: number; last: number }>();
  const store = (node: Expression, last: number) => {
    if (isLeaf(node)) return;
    const first = passOf.get(node) as number;
    stored.set(node, { first, last: Math.max(last, stored.get(node)?.last ?? first) });
  };
  for (const output of Object.values(outputs)) store(output, FOR_EVER);
  for (const [name, update] of Object.entries(updates)) {
    if (!inPlace.has(name)) store(update, FOR_EVER);
  }
  for (const node of order) {
    const pass = passOf.get(node) as number;
    if (completesLate(node)) store(node, pass);
    for (const { operand, how } of readsOf(node)) {
      // Cutting a mask again costs less than keeping it from the forward to the backward pass.
      if (operand.kind === 'mask' && how === 'rows') continue;
      const sameStrip =
        passOf.get(operand) === pass && domainOf(operand) === domainOf(node) && how === 'rows';
      if (!sameStrip || completesLate(operand)) store(operand, pass);
    }
  }

  const strips = new Map<string, Strip & { readonly nodes: Set<Expression> }>();
  for (const node of order) {
    if (isLeaf(node) || (node.kind === 'mask' && !stored.has(node))) continue;
    const pass = passOf.get(node) as number;
    const rows = domainOf(node);
    const key = `${pass} ${rows}`;
    const strip = strips.get(key) ?? { pass, rows, nodes: new Set() };
    strips.set(key, strip);
    for (const { operand, how } of readsOf(node)) {
      if (operand.kind === 'mask' && how === 'rows') strip.nodes.add(operand);
    }
    strip.nodes.add(node);
  }
  return { strips: [...strips.values()].sort((a, b) => a.pass - b.pass), stored, inPlace };
}
