// Time of inference on all nodes of a set: the teacher over its graph against each
// method's students over their rows, on one engine and one thread.
import { createRandom, type Random } from '@dandan/shared/random';
import { cpuEngine, type Expression } from '../../autodiff/index.ts';
import type { Method } from '../../baselines/method.ts';
import type { GraphData } from '../../graph/graph-data.ts';
import { evaluationMode } from '../../network/dropout.ts';
import { glorotWeights, parameterInputs, type WeightShapes } from '../../network/weights.ts';
import { teacherMember } from '../../run/ensemble-teacher.ts';
import type { PreparedData } from '../../run/prepare.ts';
import { teacherFeatures, teacherNetwork } from '../../run/teacher-network.ts';
import type { TeacherChoice, TeacherMember, TrainOptions } from '../../run/train-options.ts';
import { singleWidths } from '../../run/train-single.ts';
import { createStudent, type Structure } from '../../student/student.ts';
import { cascadeWidths } from '../../student/widths.ts';
import type { CellMethod } from '../cell.ts';

export interface MeasureInferenceOptions {
  readonly graph: GraphData;
  readonly data: PreparedData;
  readonly options: TrainOptions & { readonly teacher: TeacherChoice };
  readonly method: Exclude<CellMethod, 'progmlp-independent'>;
}

/** A forward pass: what it computes and the shapes of its weights. */
interface Forward {
  readonly shapes: WeightShapes;
  build(parameters: ReturnType<typeof parameterInputs>): Expression;
}

/** Runs of which the median is kept: at least so many, and more while they are short. */
const LEAST_RUNS = 5;
const MOST_RUNS = 50;
const ENOUGH_MS = 1500;

/** The networks of an ensemble, or the only one. */
function membersOf({ options }: MeasureInferenceOptions): readonly TeacherMember[] {
  const { teacher, teacherMembers = [] } = options;
  return teacher === 'ensemble' ? teacherMembers : [teacherMember(teacher, options)];
}

function teacherForward({ graph, data }: MeasureInferenceOptions, member: TeacherMember): Forward {
  const features = teacherFeatures(data, member);
  const network = teacherNetwork({ member, graph, features, adjacency: graph.adjacency });
  return { shapes: network.shapes, build: (p) => network.forward(p, evaluationMode) };
}

function single({ graph, data, options }: MeasureInferenceOptions): Forward {
  const student = createStudent({
    features: data.studentFeatures,
    previous: undefined,
    structure: 'paper',
    widths: singleWidths(options),
    classes: graph.classes.length,
    dropout: 0,
  });
  return { shapes: student.shapes, build: (p) => student.forward(p, evaluationMode).logits };
}

/** The K students; each reads units of its predecessors, whose values do not change the time. */
function staircase(
  structure: Structure,
  { graph, data, options }: MeasureInferenceOptions,
  random: Random,
): Forward[] {
  const { count } = data.studentFeatures;
  const widths = cascadeWidths(structure, options);
  return widths.map((width, k) => {
    const before = k === 0 ? 0 : widths[k - 1];
    const own = structure === 'paper' ? width : width - before;
    const reads = structure === 'additive' ? graph.classes.length : before;
    const values = Float32Array.from({ length: count * reads }, () => random.next());
    const student = createStudent({
      features: data.studentFeatures,
      previous: k === 0 ? undefined : { width: reads, values },
      structure,
      widths: Array<number>(options.hiddenLayers).fill(own),
      classes: graph.classes.length,
      dropout: 0,
    });
    return { shapes: student.shapes, build: (p) => student.forward(p, evaluationMode).logits };
  });
}

function forwardsOf(given: MeasureInferenceOptions, random: Random): Forward[] {
  const students = given.options.widths.length;
  const byMethod: Readonly<Record<'teacher' | Method, () => Forward[]>> = {
    teacher: () => membersOf(given).map((member) => teacherForward(given, member)),
    mlp: () => [single(given)],
    glnn: () => [single(given)],
    'e-glnn': () => Array.from({ length: students }, () => single(given)),
    adagmlp: () => Array.from({ length: students }, () => single(given)),
    'progmlp-paper': () => staircase('paper', given, random),
    'progmlp-incremental': () => staircase('incremental', given, random),
    'progmlp-additive': () => staircase('additive', given, random),
  };
  return byMethod[given.method]();
}

/** Median milliseconds of a forward pass over all rows, compiled before. */
async function medianMs({ shapes, build }: Forward, random: Random): Promise<number> {
  const parameters = parameterInputs(shapes);
  const session = await cpuEngine().createSession({
    state: Object.values(parameters),
    entries: { main: { outputs: { logits: build(parameters) } } },
  });
  try {
    await session.write(glorotWeights(shapes, random));
    // The first run warms caches and the compiler.
    await session.run('main', [{}]);
    const times: number[] = [];
    let total = 0;
    while (times.length < LEAST_RUNS || (total < ENOUGH_MS && times.length < MOST_RUNS)) {
      const started = performance.now();
      await session.run('main', [{}]);
      times.push(performance.now() - started);
      total += times[times.length - 1];
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  } finally {
    await session.release();
  }
}

/**
 * Milliseconds for all nodes of the set: the sum over a method's students. Weights are random,
 * as the time of a full pass does not depend on them.
 */
export async function measureInference(given: MeasureInferenceOptions): Promise<number> {
  const random = createRandom(given.options.seed).fork('inference');
  let sum = 0;
  for (const forward of forwardsOf(given, random)) sum += await medianMs(forward, random);
  return sum;
}
