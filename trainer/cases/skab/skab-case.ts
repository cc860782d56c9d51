// SKAB: anomalies of a real rig, whole files held back, beside detectors that learn from the
// beginning of each file.
import { fileURLToPath } from 'node:url';
import { createRandom } from '@dandan/shared/random';
import type { GraphData, NodePlaces } from '../../graph/graph-data.ts';
import { openHistory } from '../../history/open-history.ts';
import type { Telemetry } from '../../history/telemetry.ts';
import { DEFAULTS } from '../../run/train-options.ts';
import type { CaseAnswers, WorkedCase } from '../worked-case.ts';
import { type AlarmRates, alarmRates } from './alarm-rates.ts';
import {
  FIT_ROWS,
  isolationForest,
  raiseAlarms,
  tSquared,
  tSquaredAndQ,
} from './detectors/index.ts';
import { type RunReadings, runReadings } from './run-readings.ts';

const DETECTORS = [tSquared, tSquaredAndQ, isolationForest];

/** Position of the class that is an anomaly. */
const ANOMALY = 1;

/**
 * Places, among the test nodes, of those that are scored, and the row of the file that each ends at:
 * the detectors know the rows before.
 */
function scoredNodes(
  { run, time }: NodePlaces,
  nodes: Int32Array,
  readings: ReadonlyMap<number, RunReadings>,
) {
  const rowAt = new Map(
    Array.from(readings, ([own, { times }]) => [
      own,
      new Map(Array.from(times, (at, row) => [at, row])),
    ]),
  );
  return Array.from(nodes, (node, place) => ({
    place,
    run: run[node],
    row: rowAt.get(run[node])!.get(time[node])!,
  })).filter(({ row }) => row >= FIT_ROWS);
}

/** Every method on the same rows of the same files. */
export function judgeAlarms(
  telemetry: Telemetry,
  graph: GraphData,
  answers: CaseAnswers,
  seed: number,
): Record<string, AlarmRates> {
  const { nodes } = answers;
  const places = graph.places!;
  const runs = new Set(Array.from(nodes, (node) => places.run[node]));
  const readings = new Map(Array.from(runs, (run) => [run, runReadings(telemetry, run)]));
  const scored = scoredNodes(places, nodes, readings);
  const truth = scored.map(({ place }) => Number(graph.labels[nodes[place]] === ANOMALY));
  const ofClasses = (classes: ArrayLike<number>) =>
    alarmRates(
      truth,
      scored.map(({ place }) => Number(classes[place] === ANOMALY)),
    );
  const random = createRandom(seed).fork('detectors');
  const ofDetector = (detector: (typeof DETECTORS)[number]) => {
    const alarms = new Map(
      Array.from(readings, ([run, { rows }]) => {
        const stream = random.fork(`${detector.name} ${telemetry.runs[run].name}`);
        return [run, raiseAlarms(detector, rows, stream)];
      }),
    );
    return alarmRates(
      truth,
      scored.map(({ run, row }) => alarms.get(run)![row]),
    );
  };
  return {
    cascade: ofClasses(answers.cascade),
    teacher: ofClasses(answers.teacher.classes),
    GLNN: ofClasses(answers.glnn.classes),
    'supervised MLP': ofClasses(answers.mlp.classes),
    ...Object.fromEntries(DETECTORS.map((detector) => [detector.name, ofDetector(detector)])),
  };
}

/** The plant.yaml is the project's own, the readings are the user's. */
const PROJECT = fileURLToPath(new URL('plant.yaml', import.meta.url));

export const skabCase: WorkedCase = {
  name: 'skab',
  title: 'SKAB: anomalies of a real rig of motor, pump and tank',
  protocol: `Whole files go to training, validation, calibration and test, drawn anew for every seed. The detectors learn, as in the benchmark, from the first ${FIT_ROWS} rows of each test file, the others from the labels of other files, and measure each file against its first 120 rows; all are scored on the same rows after these ${FIT_ROWS}.`,
  data: 'factory/skab',
  labels: ['all'],
  // A channel that hardly moved in the beginning has wild values later, which must not set the scale.
  options: {
    batch: 1024,
    dropout: 0.5,
    inputDropout: 0.2,
    averaging: 0.99,
    inputScaling: 'robust',
    // Every window has a label: students learn it, and the teacher's word beside it.
    student: { ...DEFAULTS.student, alpha: 0.8 },
  },
  splitOf: (labels) =>
    labels === 'all' ? {} : { labelsPerClass: labels, validationPerClass: labels },
  async open(options) {
    const { history, nodes } = await openHistory({ ...options, path: PROJECT });
    return {
      nodesOf: () => nodes,
      judge: (graph, answers, seed) => judgeAlarms(history.telemetry, graph, answers, seed),
    };
  },
};
