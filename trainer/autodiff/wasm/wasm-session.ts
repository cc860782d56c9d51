// The CPU engine: programs planned into strips and run by WebAssembly kernels.
import { InputError } from '@dandan/shared/error';
import { fedNames } from '../fed-names.ts';
import type { Feeds, Program, Results, Session } from '../program.ts';
import { instantiateKernels } from './kernels.ts';
import { alignedBytes, createLeaves, type Leaves, sharedMaskPool } from './plan/leaves.ts';
import { type PlannedEntry, planEntry } from './plan/plan-entry.ts';
import { bindStrip } from './run/bind-strip.ts';
import { alone, createTeam } from './threads/team.ts';
import { Memory } from './web-assembly.ts';

const PAGE_BYTES = 65_536;
/** WebAssembly addresses are 32 bits wide. */
const MOST_PAGES = 65_536;

interface PlannedProgram {
  readonly entries: ReadonlyMap<string, PlannedEntry>;
  readonly leaves: Leaves;
  readonly pool: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly pages: number;
}

/** Two rounds: where the stored values begin is known once every leaf has its place. */
function planProgram(program: Program, threads: number): PlannedProgram {
  const leaves = createLeaves();
  for (const state of program.state) leaves.input(state);
  const plan = (arenaStart: number, pool: number) =>
    Object.entries(program.entries).map(
      ([name, entry]) => [name, planEntry(entry, { leaves, arenaStart, pool })] as const,
    );
  plan(0, 0);
  const pool = leaves.bytes;
  const poolBytes = leaves.largestMask === 0 ? 0 : sharedMaskPool(leaves.largestMask).length;
  const arenaStart = pool + alignedBytes(poolBytes);
  const planned = plan(arenaStart, pool);
  const arenaBytes = Math.max(0, ...planned.map(([, { arenaBytes }]) => arenaBytes));
  const scratch = arenaStart + alignedBytes(arenaBytes);
  const scratchBytes = Math.max(0, ...planned.map(([, entry]) => entry.planned.scratchBytes));
  const pages = Math.ceil((scratch + threads * alignedBytes(scratchBytes)) / PAGE_BYTES);
  if (pages > MOST_PAGES) {
    throw new InputError(
      'training-too-large',
      `Training in one piece needs ${((pages * PAGE_BYTES) / 2 ** 30).toFixed(1)} GiB, more than the 4 GiB an engine can address`,
      { field: 'batch', allowed: 'mini-batches: set --batch, e.g. 65536' },
    );
  }
  const entries = new Map(planned.map(([name, { planned: entry }]) => [name, entry]));
  return { entries, leaves, pool, scratch, scratchBytes, pages };
}

export interface WasmSessionOptions {
  /** Threads that share the work of large strips. @default {1} */
  readonly threads?: number;
}

/** @throws {InputError} `training-too-large` when the program needs more than 4 GiB. */
export function createWasmSession(
  program: Program,
  { threads = 1 }: WasmSessionOptions = {},
): Session {
  const { entries, leaves, pool, scratch, scratchBytes, pages } = planProgram(program, threads);
  const memory = new Memory({ initial: pages, maximum: pages, shared: true });
  leaves.copyInto(memory.buffer);
  if (leaves.largestMask > 0) {
    new Uint8Array(memory.buffer).set(sharedMaskPool(leaves.largestMask), pool);
  }
  const floats = new Float32Array(memory.buffer);
  const integers = new Int32Array(memory.buffer);
  const kernels = instantiateKernels(memory);
  const stateNames = new Set(program.state.map(({ name }) => name));
  const strips = [...entries.values()].flatMap((entry) => entry.strips);
  const bound = new Map(
    [...entries].map(([name, entry]) => [
      name,
      {
        outputs: entry.outputs,
        strips: entry.strips.map((strip) => bindStrip(strip, { kernels, integers, scratch })),
        firstStrip: strips.indexOf(entry.strips[0]),
        fed: fedNames(program.entries[name]).filter((fed) => !stateNames.has(fed)),
      },
    ]),
  );
  const helpers = Array.from({ length: threads - 1 }, (_, i) => ({
    memory,
    strips,
    scratch: scratch + (i + 1) * alignedBytes(scratchBytes),
  }));
  const team = helpers.length === 0 ? alone : createTeam(integers, helpers);

  function feed(name: string, values: Float32Array | Int32Array): void {
    const target = leaves.feeds.get(name);
    if (!target) return;
    if (values.length !== target.length) {
      throw new Error(`Input '${name}' has ${values.length} entries, not ${target.length}`);
    }
    (target.type === 'int32' ? integers : floats).set(values, target.address >> 2);
  }

  function feedAll(feeds: Feeds, needed: readonly string[]): void {
    for (const name of needed) {
      const values = feeds[name];
      if (values === undefined) throw new Error(`Input '${name}' was not fed`);
      feed(name, values);
    }
  }

  const copyOf = (address: number, length: number) =>
    floats.slice(address >> 2, (address >> 2) + length);

  return {
    async write(values) {
      for (const [name, data] of Object.entries(values)) feed(name, data);
    },
    async read(names) {
      const results: Record<string, Float32Array> = {};
      for (const name of names) {
        const place = leaves.feeds.get(name);
        if (!place) throw new Error(`There is no state '${name}'`);
        results[name] = copyOf(place.address, place.length);
      }
      return results;
    },
    async run(entryName, steps = [{}]) {
      const entry = bound.get(entryName);
      if (!entry) throw new Error(`There is no entry '${entryName}'`);
      const results: Results[] = [];
      for (const feeds of steps) {
        feedAll(feeds, entry.fed);
        entry.strips.forEach((strip, i) => {
          strip.before();
          team.run(strip, entry.firstStrip + i);
          strip.after();
        });
        results.push(
          Object.fromEntries(
            entry.outputs.map(({ name, address, length }) => [name, copyOf(address, length)]),
          ),
        );
      }
      return results;
    },
    release: async () => team.release(),
  };
}
