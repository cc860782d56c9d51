// Runs programs with onnxruntime, on CUDA or, to check what a CUDA graph means, on the CPU.
import './environment.ts';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel, type OnnxValue } from '../../onnx/model.ts';
import type { Feeds, Program, Results, Session } from '../program.ts';
import { type EntryModel, entryModel, resultName, stateName, TRIP_COUNT } from './entry-model.ts';

export type Provider = 'cuda' | 'cpu';

export interface OnnxSessionOptions {
  readonly provider: Provider;
  /** Threads on the CPU; with more than one, sums lose their order. @default {1} */
  readonly threads?: number;
}

const SESSION_OPTIONS = {
  interOpNumThreads: 1,
  // Only fatal ones: errors come as exceptions, and would stand twice on the terminal.
  logSeverityLevel: 4,
} as const;

interface CompiledEntry {
  readonly model: EntryModel;
  readonly session: InferenceSession;
}

const sizeOf = ({ dims }: OnnxValue) => dims.reduce<number>((size, dim) => size * Number(dim), 1);

function checkSize(value: OnnxValue, { length }: Float32Array | Int32Array): void {
  if (length === sizeOf(value)) return;
  throw new Error(`Input '${value.name}' has ${length} entries, not ${sizeOf(value)}`);
}

/** The feeds of all steps, one after the other. */
function stack(steps: readonly Feeds[], value: OnnxValue): Float32Array | BigInt64Array {
  const size = sizeOf(value);
  const stacked =
    value.type === 'int64'
      ? new BigInt64Array(size * steps.length)
      : new Float32Array(size * steps.length);
  steps.forEach((feeds, step) => {
    const data = feeds[value.name];
    if (data === undefined) throw new Error(`Input '${value.name}' was not fed`);
    checkSize(value, data);
    if (stacked instanceof BigInt64Array) {
      data.forEach((entry, i) => {
        stacked[step * size + i] = BigInt(entry);
      });
    } else stacked.set(data, step * size);
  });
  return stacked;
}

/**
 * Compiles a program: one onnxruntime session per entry. State lives on the host between runs and
 * on the device during one; a run of many steps copies it once each way.
 *
 * @throws {Error} when onnxruntime cannot be loaded or has no such provider; {InputError}
 * `training-too-large`.
 */
export async function createOnnxSession(
  program: Program,
  { provider, threads = 1 }: OnnxSessionOptions,
): Promise<Session> {
  // Loaded on demand: its 45 MB are for those who train on CUDA.
  const onnxruntime = await import('onnxruntime-node');
  onnxruntime.env.logLevel = 'fatal';
  const state = new Map<string, Float32Array>(
    program.state.map(({ name, shape }) => [name, new Float32Array(shape[0] * shape[1])]),
  );
  const entries = new Map<string, CompiledEntry>();
  for (const [name, entry] of Object.entries(program.entries)) {
    const model = entryModel(program, entry);
    const { bytes, externalData } = encodeModel(model.graph);
    const session = await onnxruntime.InferenceSession.create(bytes, {
      ...SESSION_OPTIONS,
      intraOpNumThreads: threads,
      executionProviders: [provider],
      externalData,
    });
    entries.set(name, { model, session });
  }

  function stateOf(name: string): Float32Array {
    const value = state.get(name);
    if (value) return value;
    throw new Error(`There is no state '${name}'`);
  }

  function tensor(value: OnnxValue, data: Float32Array | BigInt64Array, dims: number[]): Tensor {
    return value.type === 'int64'
      ? new onnxruntime.Tensor('int64', data as BigInt64Array, dims)
      : new onnxruntime.Tensor('float32', data as Float32Array, dims);
  }

  const stateTensors = (model: EntryModel) =>
    model.reads.map((value) => [
      stateName(value.name),
      tensor(value, stateOf(value.name), value.dims as number[]),
    ]);

  /** One call with the feeds of `steps`, stacked where the entry loops. */
  async function call({ model, session }: CompiledEntry, steps: readonly Feeds[]) {
    const leading = model.loops ? [steps.length] : [];
    const fed = model.feeds.map((value) => [
      value.name,
      tensor(value, stack(steps, value), [...leading, ...(value.dims as number[])]),
    ]);
    if (model.loops) {
      const count = BigInt64Array.of(BigInt(steps.length));
      fed.push([TRIP_COUNT, new onnxruntime.Tensor('int64', count, [])]);
    }
    const fetched = await session.run(Object.fromEntries([...fed, ...stateTensors(model)]));
    return (name: string) => fetched[name].data as Float32Array;
  }

  async function runLoop(entry: CompiledEntry, steps: readonly Feeds[]): Promise<Results[]> {
    const { updates, outputs } = entry.model;
    const fetched = await call(entry, steps);
    for (const name of updates) state.set(name, fetched(resultName(stateName(name))));
    return steps.map((_, step) =>
      Object.fromEntries(
        outputs.map((value) => {
          const size = sizeOf(value);
          const all = fetched(resultName(value.name));
          return [value.name, all.slice(step * size, (step + 1) * size)];
        }),
      ),
    );
  }

  async function runStraight(entry: CompiledEntry, steps: readonly Feeds[]): Promise<Results[]> {
    const results: Results[] = [];
    for (const feeds of steps) {
      const fetched = await call(entry, [feeds]);
      const named = entry.model.outputs.map(({ name }) => [name, fetched(resultName(name))]);
      results.push(Object.fromEntries(named));
    }
    return results;
  }

  return {
    async write(values) {
      for (const [name, value] of Object.entries(values)) {
        checkSize({ name, type: 'float', dims: [stateOf(name).length] }, value);
      }
      for (const [name, value] of Object.entries(values)) state.set(name, value.slice());
    },
    async read(names) {
      return Object.fromEntries(names.map((name) => [name, stateOf(name).slice()]));
    },
    async run(name, steps = [{}]) {
      const entry = entries.get(name);
      if (!entry) throw new Error(`There is no entry '${name}'`);
      if (steps.length === 0) return [];
      return entry.model.loops ? runLoop(entry, steps) : runStraight(entry, steps);
    },
    async release() {
      const sessions = [...entries.values()];
      entries.clear();
      await Promise.all(sessions.map(({ session }) => session.release()));
    },
  };
}
