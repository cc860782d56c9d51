// From an entry to strips with addresses: what every thread runs, as plain data.
import type { Expression } from '../../expression.ts';
import type { Entry } from '../../program.ts';
import { type Arena, createArena } from './arena.ts';
import { emit, workOf } from './emit.ts';
import { WORK_AREA_BYTES } from './emit-sparse.ts';
import {
  type Argument,
  type Instruction,
  number,
  type PlannedStrip,
  rowsTimes,
} from './instruction.ts';
import { alignedBytes, type Leaves } from './leaves.ts';
import { call, type Places } from './places.ts';
import { accumulates, readsOf, scatters } from './reads.ts';
import { scratchSlots } from './scratch.ts';
import { isLeaf, type Schedule, type Strip, scheduleEntry } from './strips.ts';

/** What one block reads and writes beside its slots should stay in a core's second-level cache. */
const BLOCK_BYTES = 128 * 1024;
/** Below 32 rows the calls would cost more than the work, above 4,096 nothing is gained. */
const BLOCK_ROWS = { least: 32, most: 4096 };
/** Partial sums per reduction: enough for any number of threads, fixed so that they do not matter. */
const CHUNKS = 16;

export interface PlannedEntry {
  readonly strips: readonly PlannedStrip[];
  readonly outputs: readonly {
    readonly name: string;
    readonly address: number;
    readonly length: number;
  }[];
  /** Scratch bytes that every thread needs. */
  readonly scratchBytes: number;
}

export interface PlanContext {
  readonly leaves: Leaves;
  /** Where stored values begin, the mask pool, and the state by name. */
  readonly arenaStart: number;
  readonly pool: number;
}

const sizeOf = ({ shape }: Expression) => shape[0] * shape[1];

function blockRowsOf(strip: Strip, slotColumns: number): number {
  let columns = slotColumns;
  for (const node of strip.nodes) {
    // A scattered product walks through all entries for every tile: a tile is a thread's share.
    if (scatters(node)) return 1;
    for (const { operand, how } of readsOf(node)) {
      if (how === 'rows' && !strip.nodes.has(operand)) columns += operand.shape[1];
    }
  }
  const fitting = BLOCK_BYTES / (4 * Math.max(1, columns));
  const rows = 2 ** Math.floor(Math.log2(fitting));
  return Math.min(BLOCK_ROWS.most, Math.max(BLOCK_ROWS.least, rows));
}

export function planEntry(entry: Entry, { leaves, arenaStart, pool }: PlanContext) {
  const schedule = scheduleEntry(entry);
  const arena = createArena();
  const addresses = new Map<Expression, number>();
  for (const [node, lifetime] of schedule.stored) {
    addresses.set(node, arenaStart + arena.place(alignedBytes(4 * sizeOf(node)), lifetime));
  }
  const addressOf = (node: Expression): number => {
    if (node.kind === 'constant') return leaves.constant(node.data);
    if (node.kind === 'input') return leaves.input(node);
    return addresses.get(node) as number;
  };
  let scratchBytes = 0;
  const strips = schedule.strips.map((strip) => {
    const planned = planStrip(strip, {
      entry,
      schedule,
      arena,
      arenaStart,
      leaves,
      pool,
      addressOf,
    });
    scratchBytes = Math.max(scratchBytes, planned.scratchBytes);
    return planned.strip;
  });
  const copies = Object.entries(entry.updates ?? {}).filter(
    ([name]) => !schedule.inPlace.has(name),
  );
  const last: PlannedStrip = {
    rows: 0,
    blockRows: 1,
    chunkRows: 1,
    work: 0,
    before: copies.map(([name, update]) =>
      call('copy', leaves.input(stateInput(name, update)), addressOf(update), sizeOf(update)),
    ),
    after: [],
    atChunk: [],
    body: [],
  };
  const outputs = Object.entries(entry.outputs).map(([name, node]) => ({
    name,
    address: addressOf(node),
    length: sizeOf(node),
  }));
  const planned: PlannedEntry = { strips: [...strips, last], outputs, scratchBytes };
  return { planned, arenaBytes: arena.bytes };
}

const stateInput = (name: string, { shape }: Expression) =>
  ({ kind: 'input', name, shape }) as const;

interface StripContext extends PlanContext {
  readonly entry: Entry;
  readonly schedule: Schedule;
  readonly arena: Arena;
  addressOf(node: Expression): number;
}

function planStrip(strip: Strip, context: StripContext) {
  const { entry, schedule, arena, arenaStart, leaves, pool, addressOf } = context;
  const nodes = [...strip.nodes];
  const lifetime = { first: strip.pass, last: strip.pass };
  const storedHere = (node: Expression) => schedule.stored.get(node)?.first === strip.pass;
  const updates = Object.entries(entry.updates ?? {}).filter(
    ([name, update]) => schedule.inPlace.has(name) && strip.nodes.has(update),
  );
  const local = new Set(nodes.filter((node) => !storedHere(node)));
  const { slotOf, columns } = scratchSlots(nodes, local, new Set(updates.map(([, node]) => node)));
  const blockRows = blockRowsOf(
    strip,
    columns.reduce((a, b) => a + b, 0),
  );
  const slotStarts: number[] = [];
  let scratchBytes = WORK_AREA_BYTES;
  for (const width of columns) {
    slotStarts.push(scratchBytes);
    scratchBytes += alignedBytes(4 * width * blockRows);
  }
  const chunkRows = Math.ceil(strip.rows / CHUNKS / blockRows) * blockRows;
  const chunks = Math.ceil(strip.rows / chunkRows);

  const before: Instruction[] = [];
  const after: Instruction[] = [];
  const atChunk: Instruction[] = [];
  const transposes = new Map<Expression, number>();

  function accumulator(node: Expression): Argument {
    const size = sizeOf(node);
    const base = addressOf(node);
    const identity = node.kind === 'maximum' ? Number.NEGATIVE_INFINITY : 0;
    if (chunks === 1) {
      atChunk.push(call('fill', base, identity, size));
      return number(base);
    }
    const stride = alignedBytes(4 * size);
    const partial = arenaStart + arena.place(stride * chunks, lifetime);
    const own: Argument = { base: partial, chunkScale: stride };
    atChunk.push(call('fill', own, identity, size));
    after.push(call('fill', base, identity, size));
    const merge = node.kind === 'maximum' ? 'maximumRows' : 'sumRows';
    for (let chunk = 0; chunk < chunks; chunk++) {
      after.push(call(merge, base, partial + chunk * stride, 1, size));
    }
    return own;
  }

  /** Every chunk adds to columns of its own. */
  function zeroed(node: Expression): Argument {
    before.push(call('fill', addressOf(node), 0, sizeOf(node)));
    return number(addressOf(node));
  }

  const rows = (node: Expression): Argument => {
    const slot = slotOf.get(node);
    if (slot !== undefined) return { base: slotStarts[slot], scratch: true };
    return { base: addressOf(node), fromScale: 4 * node.shape[1] };
  };
  const places: Places = {
    leaves,
    pool,
    rows,
    whole: (node) => number(addressOf(node)),
    result(node) {
      if (accumulates(node)) return accumulator(node);
      return scatters(node) ? zeroed(node) : rows(node);
    },
    transposed(node) {
      const known = transposes.get(node);
      const address = known ?? arenaStart + arena.place(alignedBytes(4 * sizeOf(node)), lifetime);
      if (known === undefined) {
        before.push(call('transpose', address, addressOf(node), node.shape[0], node.shape[1]));
      }
      transposes.set(node, address);
      return number(address);
    },
  };
  const body = nodes.flatMap((node) => (isLeaf(node) ? [] : (emit(node, places) ?? [])));
  for (const [name, update] of updates) {
    const width = update.shape[1];
    const state = { base: leaves.input(stateInput(name, update)), fromScale: 4 * width };
    body.push(call('copy', state, rows(update), rowsTimes(width)));
  }
  const work = nodes.reduce((total, node) => total + workOf(node), 0);
  const planned: PlannedStrip = {
    rows: strip.rows,
    blockRows,
    chunkRows,
    work,
    before,
    after,
    atChunk,
    body,
  };
  return { strip: planned, scratchBytes };
}
