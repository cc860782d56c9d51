// A cell of the table of robustness: the int8 cascade, trained on rows as they are, on test rows
// that noise, dead sensors and drift have been at.
import { createCascade, runCascade, traceCascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type { FloatRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { measureStudents } from '../../baselines/measure-students.ts';
import { staircaseOf } from '../../baselines/staircase.ts';
import { structureOf, trainCascade } from '../../baselines/train-cascade.ts';
import { percent } from '../../evaluate/figures.ts';
import { channelColumns } from '../../graph/channel-columns.ts';
import { shareCorrect } from '../../metrics/accuracy.ts';
import { columnScales } from '../../quantise/column-scale.ts';
import { quantiseFeatures } from '../../quantise/input.ts';
import { featuresRead } from '../../run/prepare.ts';
import type { CellResult, DisturbedAccuracy } from '../cell.ts';
import { cellBundle, type StaircaseCell } from './cell-bundle.ts';
import { compactResult } from './compact-result.ts';
import { type Disturbance, type DisturbanceKind, disturbRows } from './disturb-rows.ts';

/** Besides 0, which is the rows as they are. */
export const LEVELS: Readonly<Record<DisturbanceKind, readonly number[]>> = {
  noise: [0.1, 0.2, 0.5, 1],
  silence: [0.1, 0.2, 0.4],
  shift: [0.5, 1],
  drift: [1, 2],
};

/** Disturbances of one cell and level that are averaged: a tenth of a point of chance is left. */
const DRAWS = 5;

const CLEAN: Disturbance = { kind: 'noise', level: 0 };

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

function studentRows({ graph, data, cell }: StaircaseCell): FloatRows {
  const random = createRandom(cell.options.seed);
  const { students } = featuresRead(graph, cell.options, data.visible, random);
  if (students.kind === 'dense') return students.rows;
  throw new InputError('option-invalid', 'Sparse features are counts of words, not readings', {
    field: '--data',
    value: graph.name,
    allowed: 'data with dense features, e.g. plant',
  });
}

/** @throws {InputError} `option-invalid` for sparse features; `training-diverged`. */
export async function measureRobustness(given: StaircaseCell): Promise<CellResult> {
  const { graph, data, cell, teacherLogits, onEpoch = () => {}, method } = given;
  const started = performance.now();
  const rows = studentRows(given);
  const random = createRandom(cell.options.seed);
  const prepared = { ...given, options: cell.options, random, onEpoch, teacherLogits, method };
  const trained = await trainCascade(structureOf(method), prepared);
  const measured = measureStudents(staircaseOf(trained, method, cell.options), { graph, data });
  const { bundle } = await cellBundle(given, trained.stages);
  const cascade = createCascade(bundle);
  const policy = bundle.manifest.policies.day;
  const gateway = Math.max(1, Math.floor(bundle.stages.length / 2));
  const { test } = data.split;
  const channels = channelColumns(graph.featureSpec);
  const scales = columnScales(rows.values, rows.width, data.visible);
  const deviation = Float64Array.from(scales, ({ spread }) => spread);
  const correct = (classes: ArrayLike<number>) =>
    100 * shareCorrect(Int32Array.from(classes), graph.labels, test);

  function measure(disturbance: Disturbance, draw: number) {
    // Every method and variant meets the same disturbances.
    const chance = random.fork(`${disturbance.kind} ${disturbance.level} ${draw}`);
    const { places } = graph;
    const disturbed = disturbRows({
      ...{ rows, nodes: test, disturbance, channels, deviation, places },
      random: chance,
    });
    const codes = quantiseFeatures({ kind: 'dense', rows: disturbed }, bundle.input);
    const exit = runCascade(cascade, codes, policy);
    return {
      stages: traceCascade(cascade, codes).classes.map(correct),
      exit: correct(exit.classes),
      gatewayShare: 100 * mean(Array.from(exit.stage, (stage) => Number(stage <= gateway))),
    };
  }

  function averaged(disturbance: Disturbance): DisturbedAccuracy {
    const count = disturbance.level === 0 ? 1 : DRAWS;
    const draws = Array.from({ length: count }, (_, draw) => measure(disturbance, draw));
    const round = (value: number) => percent(value / 100);
    return {
      ...disturbance,
      stages: trained.stages.map((_, k) => round(mean(draws.map(({ stages }) => stages[k])))),
      exit: round(mean(draws.map(({ exit }) => exit))),
      gatewayShare: round(mean(draws.map(({ gatewayShare }) => gatewayShare))),
    };
  }

  const disturbed = Object.entries(LEVELS).flatMap(([kind, levels]) =>
    levels.map((level) => averaged({ kind: kind as DisturbanceKind, level })),
  );
  const seconds = (performance.now() - started) / 1000;
  return {
    ...compactResult({ method, ...measured, seconds }),
    disturbed: [averaged(CLEAN), ...disturbed],
  };
}
