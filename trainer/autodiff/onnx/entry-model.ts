// One ONNX graph per entry of a program: straight for an entry that only computes, a Loop over
// the steps for one that updates state, so that weights and moments stay on the device.
import type { OnnxGraph, OnnxNode, OnnxValue } from '../../onnx/model.ts';
import type { Expression } from '../expression.ts';
import type { Entry, Program } from '../program.ts';
import { createGraphWriter, type GraphWriter } from './graph-writer.ts';
import { lowerInto } from './lower.ts';

/** Length of stacked feeds and results, known at the run only. */
const STEPS = 'steps';

export const TRIP_COUNT = 'loop.steps';
const CONDITION = 'loop.condition';
const ITERATION = 'loop.iteration';
const GOES_ON = 'loop.goes_on';
const STILL_GOES_ON = 'loop.still_goes_on';

/** Name of an output's value in the graph; a new state has the name of the state it replaces. */
export const resultName = (output: string) => `result.${output}`;
export const stateName = (state: string) => `state.${state}`;

export interface EntryModel {
  readonly graph: OnnxGraph;
  /** `true`: feeds and results are stacked over the steps along a first axis. */
  readonly loops: boolean;
  /** What each step must be fed. */
  readonly feeds: readonly OnnxValue[];
  /** State that the graph reads, as it is before the first step. */
  readonly reads: readonly OnnxValue[];
  /** State that it returns, as it is after the last. */
  readonly updates: readonly string[];
  readonly outputs: readonly OnnxValue[];
}

const floatValue = (name: string, { shape }: Expression): OnnxValue => ({
  name,
  type: 'float',
  dims: shape,
});

const stacked = (value: OnnxValue): OnnxValue => ({ ...value, dims: [STEPS, ...value.dims] });

/** Declares inputs as feeds or as state, whichever they are. */
function declaredInputs(program: Program) {
  const states = new Set(program.state.map(({ name }) => name));
  const feeds: OnnxValue[] = [];
  const reads: OnnxValue[] = [];
  return {
    feeds,
    reads,
    /** @returns whether it is state. */
    declare(value: OnnxValue): boolean {
      const isState = states.has(value.name);
      (isState ? reads : feeds).push(value);
      return isState;
    },
  };
}

/** Results must not be inputs or constants themselves. */
function nameResults(writer: GraphWriter, results: readonly string[], names: readonly string[]) {
  results.forEach((result, index) => {
    writer.emitAs([result], 'Identity', [names[index]]);
  });
}

function straightModel(program: Program, entry: Entry): EntryModel {
  const { feeds, reads, declare } = declaredInputs(program);
  const writer = createGraphWriter({
    declareInput: (value) => (declare(value) ? stateName(value.name) : value.name),
  });
  const outputs = Object.entries(entry.outputs).map(([name, root]) => floatValue(name, root));
  const values = lowerInto(writer, Object.values(entry.outputs));
  const results = outputs.map((value) => ({ ...value, name: resultName(value.name) }));
  nameResults(
    writer,
    results.map(({ name }) => name),
    values,
  );
  const graph = {
    nodes: [...writer.fixedNodes, ...writer.nodes],
    initializers: writer.initializers,
    inputs: [...feeds, ...reads.map((value) => ({ ...value, name: stateName(value.name) }))],
    outputs: results,
  };
  return { graph, loops: false, feeds, reads, updates: [], outputs };
}

/** State within the loop's body, and what the body makes of it. */
const carriedIn = (name: string) => `carried.${name}`;
const carriedOut = (name: string) => `updated.${name}`;

function loopModel(program: Program, entry: Entry): EntryModel {
  const newStates = entry.updates ?? {};
  const updates = Object.keys(newStates);
  const carried = updates.map((name) => floatValue(name, newStates[name]));
  const { feeds, reads, declare } = declaredInputs(program);
  const writer = createGraphWriter({
    declareInput(value, emit) {
      if (!declare(value)) return emit('Gather', [value.name, ITERATION], { axis: 0 });
      // State that no step changes is read from outside the loop.
      return value.name in newStates ? carriedIn(value.name) : stateName(value.name);
    },
  });
  const outputs = Object.entries(entry.outputs).map(([name, root]) => floatValue(name, root));
  const values = lowerInto(writer, [...Object.values(newStates), ...Object.values(entry.outputs)]);
  const results = outputs.map((value) => ({ ...value, name: resultName(value.name) }));
  const scanned = results.map((value) => ({ ...value, name: `step.${value.name}` }));
  const renamed = (rename: (name: string) => string) =>
    carried.map((value) => ({ ...value, name: rename(value.name) }));
  const bodyOutputs = [...renamed(carriedOut), ...scanned];
  writer.emitAs([STILL_GOES_ON], 'Identity', [GOES_ON]);
  nameResults(
    writer,
    bodyOutputs.map(({ name }) => name),
    values,
  );
  const body: OnnxGraph = {
    nodes: writer.nodes,
    initializers: [],
    inputs: [
      { name: ITERATION, type: 'int64', dims: [] },
      { name: GOES_ON, type: 'bool', dims: [] },
      ...renamed(carriedIn),
    ],
    outputs: [{ name: STILL_GOES_ON, type: 'bool', dims: [] }, ...bodyOutputs],
  };
  const finalState = renamed((name) => resultName(stateName(name)));
  const loop: OnnxNode = {
    operator: 'Loop',
    inputs: [TRIP_COUNT, CONDITION, ...updates.map(stateName)],
    outputs: [...finalState, ...results].map(({ name }) => name),
    attributes: { body },
  };
  const constantReads = reads.filter(({ name }) => !(name in newStates));
  const allReads = [...carried, ...constantReads];
  const graph: OnnxGraph = {
    nodes: [...writer.fixedNodes, loop],
    initializers: [
      ...writer.initializers,
      { name: CONDITION, type: 'bool', dims: [], data: Uint8Array.of(1) },
    ],
    inputs: [
      { name: TRIP_COUNT, type: 'int64', dims: [] },
      ...feeds.map(stacked),
      ...allReads.map((value) => ({ ...value, name: stateName(value.name) })),
    ],
    outputs: [...finalState, ...results.map(stacked)],
  };
  return { graph, loops: true, feeds, reads: allReads, updates, outputs };
}

/** @throws {RangeError} when an entry updates what is no state, or with another shape. */
export function entryModel(program: Program, entry: Entry): EntryModel {
  const updates = Object.entries(entry.updates ?? {});
  for (const [name, { shape }] of updates) {
    const state = program.state.find((input) => input.name === name);
    if (String(state?.shape) === String(shape)) continue;
    throw new RangeError(
      `Cannot update '${name}' to shape [${shape}]: ${state ? `it has [${state.shape}]` : 'it is no state'}`,
    );
  }
  return updates.length > 0 ? loopModel(program, entry) : straightModel(program, entry);
}
