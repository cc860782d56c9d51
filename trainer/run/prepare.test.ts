import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { prepare } from './prepare.ts';
import { teacherRows } from './teacher-network.ts';
import { DEFAULTS, type TrainOptions } from './train-options.ts';

const { graph, split } = createClusterGraph();

const prepared = (more: Partial<TrainOptions>) =>
  prepare(graph, split, { ...DEFAULTS, widths: [4], setting: 'tran', ...more }, createRandom(1));

test('prepare() lets students learn from all nodes, or from no held-out and no validation node', () => {
  const { taught, visible } = prepared({ setting: 'tran' });
  expect(taught).toEqual(visible);
  expect(taught).toHaveLength(graph.labels.length);
  const inductive = prepared({ setting: 'ind' });
  const told = new Set(inductive.taught);
  for (const node of [...inductive.split.test, ...inductive.split.validation]) {
    expect(told.has(node)).toBe(false);
  }
  for (const node of inductive.split.train) expect(told.has(node)).toBe(true);
  expect(told.size).toBe(inductive.visible.length - inductive.split.validation.length);
});

test('prepare() cuts parts from the taught nodes', () => {
  const { parts, taught } = prepared({ setting: 'ind', batch: 20 });
  const cut = (parts ?? []).flatMap(({ nodes }) => [...nodes]);
  expect(parts?.length).toBeGreaterThan(1);
  expect(cut.sort((a, b) => a - b)).toEqual([...taught]);
});

test('teacherRows() scales the same features in another way', () => {
  const raw = prepared({ teacherInput: 'raw' });
  const unit = prepared({ teacherInput: 'unit' });
  const scaled = teacherRows(unit, { teacherInput: 'unit' });
  expect(teacherRows(raw, { teacherInput: 'unit' })).toEqual(scaled);
  expect(teacherRows(raw, { teacherInput: 'raw' })).not.toEqual(scaled);
});
