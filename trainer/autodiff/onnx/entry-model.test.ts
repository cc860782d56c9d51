import { expect, test } from 'vitest';
import type { OnnxGraph } from '../../onnx/model.ts';
import { coupledProgram } from '../../testing/coupled-program.ts';
import { PRIMITIVE_CASES, weighted } from '../../testing/primitive-cases.ts';
import { smallGcn } from '../../testing/small-gcn.ts';
import { constant, input, matmul, multiply, sum } from '../build.ts';
import { gradients } from '../gradients.ts';
import type { Program } from '../program.ts';
import { entryModel } from './entry-model.ts';

/**
 * What the CUDA provider computes at opset 17 on the types used here (onnxruntime's
 * docs/OperatorKernels.md), leaving out what adds with atomics: ScatterND and ScatterElements.
 */
const CUDA_OPERATORS = new Set(
  `Add Cast Concat Div Equal Exp Gather Gemm Identity Less Log Loop MatMul Mul ReduceMax ReduceSum
   Relu Reshape Sign Slice Sqrt Sub Where`.split(/\s+/),
);

function eachNode(graph: OnnxGraph, visit: (node: OnnxGraph['nodes'][number]) => void): void {
  for (const node of graph.nodes) {
    visit(node);
    for (const attribute of Object.values(node.attributes ?? {})) {
      if (typeof attribute === 'object' && 'nodes' in attribute) eachNode(attribute, visit);
    }
  }
}

function checkOperators(program: Program): void {
  for (const entry of Object.values(program.entries)) {
    const { graph } = entryModel(program, entry);
    const vectors = new Map(graph.initializers.map(({ name, data }) => [name, data]));
    eachNode(graph, ({ operator, inputs }) => {
      expect(CUDA_OPERATORS).toContain(operator);
      // CUDA adds rows with atomics, columns in a fixed order.
      if (operator === 'ReduceSum') expect(vectors.get(inputs[1])?.[0]).not.toBe(0n);
    });
  }
}

test('entryModel() uses only what CUDA has, and what adds in a fixed order there', () => {
  checkOperators(smallGcn().program);
  for (const { root, by } of Object.values(PRIMITIVE_CASES)) {
    const loss = weighted(root);
    const named = gradients(loss, by).map((gradient, i) => [`d${i}`, gradient]);
    const outputs = { loss, ...Object.fromEntries(named) };
    checkOperators({ state: [], entries: { main: { outputs } } });
  }
});

test('entryModel() loops where state is updated, and carries just that', () => {
  const program = coupledProgram();
  const { graph, loops, updates, reads, feeds } = entryModel(program, program.entries.step);
  expect(loops).toBe(true);
  expect(updates).toEqual(['x', 'y']);
  expect(reads.map(({ name }) => name)).toEqual(['x', 'y', 'kept']);
  expect(feeds.map(({ name }) => name)).toEqual(['fed']);
  expect(graph.nodes.map(({ operator }) => operator)).toEqual(['Loop']);
  expect(graph.inputs.find(({ name }) => name === 'fed')?.dims).toEqual(['steps', 1, 2]);
});

test('entryModel() computes once, before the loop, what no step changes', () => {
  const [x, y] = [1, 2].map((value) => constant(new Float32Array(9).fill(value), [3, 3]));
  const w = input('w', [3, 3]);
  const program: Program = {
    state: [w],
    entries: { main: { outputs: { sum: sum(w, 1) }, updates: { w: multiply(w, matmul(x, y)) } } },
  };
  const { graph } = entryModel(program, program.entries.main);
  expect(graph.nodes.map(({ operator }) => operator)).toEqual(['Gemm', 'Loop']);
});
