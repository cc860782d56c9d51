import { expect, test } from 'vitest';
import { type DescribedSet, groupCells, type PlanRequest, planPlaces } from './plan.ts';
import { readSettings } from './settings.ts';
import { TABLE_DEFINITIONS, TABLES, type TableName } from './tables.ts';

const SET: DescribedSet = {
  name: 'elm',
  path: 'data/elm',
  data: 'a'.repeat(64),
  publicSplitSha256: '',
  nodes: 100,
  edges: 300,
  features: 24,
  classes: ['a', 'b'],
};

const requestOf = async (table: TableName): Promise<PlanRequest> => ({
  sets: [SET],
  ...TABLE_DEFINITIONS[table],
  seeds: [1, 2, 3],
  split: 'random',
  recommended: await readSettings('no such folder'),
});

const cellsOf = async (table: TableName) =>
  groupCells(
    planPlaces(await requestOf(table)).map(({ cell }) => cell),
    () => SET.path,
  );

test('planPlaces() has a place for every method, teacher, setting and seed of Table 2', async () => {
  const places = planPlaces(await requestOf('table2'));
  expect(places).toHaveLength(8 * 4 * 2 * 3);
  expect(new Set(places.map(({ cell }) => cell.options.seed))).toEqual(new Set([1, 2, 3]));
});

test('planPlaces() of robustness measures students on disturbed rows, and the teacher as ever', async () => {
  const sets: DescribedSet[] = [{ ...SET, classes: ['normal', 'a', 'b'], isPlant: true }];
  const places = planPlaces({ ...(await requestOf('robustness')), sets, seeds: [1] });
  for (const { cell } of places) {
    expect(cell.measure).toBe(cell.method === 'teacher' ? undefined : 'disturbances');
  }
  const [group, ...others] = groupCells(
    places.map(({ cell }) => cell),
    () => SET.path,
  );
  expect(others).toEqual([]);
  expect(group.teacher.measure).toBeUndefined();
  expect(group.cells).toHaveLength(1 + TABLE_DEFINITIONS.robustness.variants.length);
});

test('planPlaces() of robustness knows which rules a set can keep', async () => {
  const request = { ...(await requestOf('robustness')), seeds: [1] };
  const pairsOf = (set: DescribedSet) =>
    planPlaces({ ...request, sets: [set] }).find(
      ({ variant }) => variant === 'domain PMA, near windows',
    )?.cell.options.mixupPairs;
  const classes = ['leak', 'normal', 'slip'];
  expect(pairsOf({ ...SET, classes, isPlant: true })).toEqual({
    partners: 'plant',
    rows: 'taught',
    windows: 4,
    exclusive: [['leak', 'slip']],
  });
  expect(pairsOf(SET)).toEqual({ partners: 'any', rows: 'taught', windows: 0, exclusive: [] });
});

test('groupCells() runs a plain MLP once for all teachers', async () => {
  const groups = await cellsOf('table2');
  expect(groups).toHaveLength(4 * 2 * 3);
  const all = groups.flatMap(({ cells }) => cells);
  // Of 8 methods the MLP is needed once, the others once per teacher; 2 settings, 3 seeds.
  expect(all).toHaveLength((1 + 7 * 4) * 2 * 3);
  expect(all.filter(({ method }) => method === 'mlp')).toHaveLength(2 * 3);
  for (const { cells, teacher } of groups) {
    expect(cells[0].method).toBe('teacher');
    expect(cells.every(({ options }) => options.teacher === teacher.options.teacher)).toBe(true);
  }
});

test.each(TABLES)('planPlaces() of %s shares the recommended cells with Table 2', async (table) => {
  const recommended = new Set(
    planPlaces(await requestOf('table2')).map(({ cell }) => JSON.stringify(cell)),
  );
  const places = planPlaces(await requestOf(table));
  expect(places.length).toBeGreaterThan(0);
  for (const { cell, variant } of places) {
    if (variant === 'default') expect(recommended).toContain(JSON.stringify(cell));
  }
});

test('groupCells() gives every sensitivity of a seed the same teacher', async () => {
  const groups = await cellsOf('fig6');
  expect(groups).toHaveLength(3);
  expect(groups[0].cells.filter(({ method }) => method === 'teacher')).toHaveLength(1);
  expect(groups[0].cells.length).toBeGreaterThan(15);
});

test('groupCells() gives every noise level a teacher of its own', async () => {
  expect(await cellsOf('noise')).toHaveLength(11 * 3);
});
