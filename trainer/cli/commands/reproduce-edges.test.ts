import { expect, test } from 'vitest';
import { type ReproduceEdgesFlags, reproduceEdges } from './reproduce-edges.ts';

const FLAGS: ReproduceEdgesFlags = {
  data: ['plant'],
  seeds: [1],
  work: 'work',
  out: 'out',
  fresh: false,
  json: false,
};

test.each<[string, Partial<ReproduceEdgesFlags>, string]>([
  ['a graph without a history', { data: ['cora'] }, '--data'],
  ['several histories', { data: ['plant', 'plant'] }, '--data'],
  ['an option of other tables', { split: 'public' }, '--split'],
  ['a mean of teachers', { teachers: ['gcn', 'ensemble'] }, '--teachers'],
])('reproduceEdges() refuses %s', async (_, flags, field) => {
  await expect(reproduceEdges({ ...FLAGS, ...flags })).rejects.toMatchObject({
    code: 'option-invalid',
    field,
  });
});
