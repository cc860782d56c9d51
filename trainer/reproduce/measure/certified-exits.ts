// A cell of the table of certified exits: the int8 cascade with thresholds proved on calibration
// nodes, measured on test nodes that neither training nor calibration reports on.
import { createCascade, exitStages, traceCascade } from '@dandan/shared/cascade';
import { selectRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { measureStudents } from '../../baselines/measure-students.ts';
import { staircaseOf } from '../../baselines/staircase.ts';
import { structureOf, trainCascade } from '../../baselines/train-cascade.ts';
import { CERTIFY_METHODS, type Certification, certify } from '../../certify/certify.ts';
import { countExits } from '../../certify/count-exits.ts';
import { percent } from '../../evaluate/figures.ts';
import { shareCorrect } from '../../metrics/accuracy.ts';
import { auroc } from '../../metrics/auroc.ts';
import type { CellResult, CertifiedExit, CertifiedExits } from '../cell.ts';
import { cellBundle, type StaircaseCell } from './cell-bundle.ts';
import { compactResult } from './compact-result.ts';

/** What every cell promises: the disagreement α and the probability δ that it fails. */
export const PROMISE = { alpha: 0.01, delta: 0.1 } as const;

/** Quantises and traces the cascade on calibration and test nodes. */
async function tracedBundle(
  given: StaircaseCell,
  stages: Awaited<ReturnType<typeof trainCascade>>['stages'],
  temperatures?: readonly number[],
) {
  const { data } = given;
  const { bundle, quantised } = await cellBundle(given, stages, temperatures);
  const cascade = createCascade(bundle);
  const trace = (nodes: Int32Array) => traceCascade(cascade, selectRows(data.rows, nodes));
  const { unlabelled, test } = data.split;
  return { quantised, calibration: trace(unlabelled), test: trace(test) };
}

type Traced = Awaited<ReturnType<typeof tracedBundle>>;

function proved(
  { graph, cell }: StaircaseCell,
  calibration: Traced['calibration'],
  method?: (typeof CERTIFY_METHODS)[number],
): Certification {
  return certify({
    trace: calibration,
    classes: graph.classes.length,
    promises: { alpha: PROMISE.alpha },
    delta: PROMISE.delta,
    seed: cell.options.seed,
    ...(method && { method }),
  });
}

function onTestNodes(
  { graph, data }: StaircaseCell,
  { test: trace }: Traced,
  { certified, thresholds }: Certification,
): CertifiedExit {
  const { test } = data.split;
  const last = trace.classes.length - 1;
  const gateway = Math.floor(trace.classes.length / 2);
  const { n, disagreements, escalations, macs } = countExits(
    trace,
    thresholds,
    graph.classes.length,
    gateway,
  );
  const fullMacs = trace.macs[last].reduce((sum, each) => sum + each, 0);
  const stages = exitStages(trace, thresholds);
  const answers = Int32Array.from(stages, (k, i) => trace.classes[k][i]);
  return {
    certified,
    accuracy: percent(shareCorrect(answers, graph.labels, test)),
    gatewayShare: percent(1 - escalations / Math.max(1, n)),
    macsShare: percent(macs / fullMacs),
    disagreement: percent(disagreements / Math.max(1, n)),
  };
}

/** @throws {InputError} `training-diverged`. */
export async function measureCertified(given: StaircaseCell): Promise<CellResult> {
  const { graph, data, cell, teacherLogits, onEpoch = () => {}, method } = given;
  const started = performance.now();
  const random = createRandom(cell.options.seed);
  const prepared = { ...given, options: cell.options, random, onEpoch, teacherLogits, method };
  const trained = await trainCascade(structureOf(method), prepared);
  const measured = measureStudents(staircaseOf(trained, method, cell.options), { graph, data });
  const tempered = await tracedBundle(given, trained.stages);
  const untempered = await tracedBundle(
    given,
    trained.stages,
    trained.stages.map(() => 1),
  );
  const [fixedSequence, pareto] = CERTIFY_METHODS.map((way) =>
    onTestNodes(given, tempered, proved(given, tempered.calibration, way)),
  );
  const { test } = tempered;
  const last = test.classes.length - 1;
  const chosen = proved(given, tempered.calibration);
  const exits: CertifiedExits = {
    n: chosen.n,
    method: chosen.method,
    full: percent(shareCorrect(test.classes[last], graph.labels, data.split.test)),
    int8: tempered.quantised,
    ranking: test.classes
      .slice(0, last)
      .map((own, k) => auroc(test.confidence[k], (i) => own[i] === test.classes[last][i]) ?? null),
    ways: {
      chosen: onTestNodes(given, tempered, chosen),
      fixedSequence,
      pareto,
      untempered: onTestNodes(given, untempered, proved(given, untempered.calibration)),
    },
  };
  const seconds = (performance.now() - started) / 1000;
  return { ...compactResult({ method, ...measured, seconds }), certified: exits };
}
