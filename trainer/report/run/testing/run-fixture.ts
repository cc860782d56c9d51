// A run to report on, without training: a random bundle over a small history of three assets whose
// names try to break out of a page.
import type { Bundle, Certificate } from '@dandan/shared/bundle';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import { createRandom } from '@dandan/shared/random';
import { createTestBundle } from '@dandan/shared/testing';
import type { GraphData, NodeFeatures, NodePlaces, Split } from '../../../graph/graph-data.ts';
import { quantiseFeatures } from '../../../quantise/input.ts';
import type { MethodAnswers } from '../../../run/answers/test-answers.ts';
import { createClusterGraph } from '../../../testing/cluster-graph.ts';
import type { RunFactsOptions } from '../facts/run-facts.ts';

export const HOSTILE_CLASSES = ['正常', '<script>alert(1)</script>', `wear & "tear" '1'`];
export const HOSTILE_ASSETS = ['<img src=http://example.com/x>', 'press-1', 'オーブン'];

const STEP_MS = 300_000;
const START = Date.UTC(2026, 0, 5);
const PER_CLASS = 200;
const WIDTH = 12;

/** Faults last this many windows, so that there are incidents. */
const FAULT = 8;

export interface RunFixtureOptions {
  /** @default {hostile} */
  readonly classes?: readonly string[];
  /** `none`: a plain graph. `blocks`: test windows follow one another. @default {'blocks'} */
  readonly places?: 'none' | 'blocks' | 'scattered';
  /** What the plant says of itself. @default {nothing} */
  readonly plant?: Pick<NodePlaces, 'timeZone' | 'normal'>;
  /** @default {none} */
  readonly certificate?: Certificate;
  /** @default {'ind'} */
  readonly setting?: string;
  /** Whether the teacher and MLPs know all answers. @default {false} */
  readonly perfectOthers?: boolean;
}

function placesOf(count: number): NodePlaces {
  const assets = HOSTILE_ASSETS;
  const each = Math.ceil(count / assets.length);
  const nodes = Array.from({ length: count }, (_, node) => node);
  return {
    assets,
    kinds: ['press', 'press', undefined],
    runs: [''],
    asset: Int32Array.from(nodes, (node) => Math.floor(node / each)),
    run: new Int32Array(count),
    time: Float64Array.from(nodes, (node) => START + (node % each) * STEP_MS),
  };
}

function splitOf(places: RunFixtureOptions['places'], count: number): Split {
  const nodes = Int32Array.from({ length: count }, (_, node) => node);
  const each = Math.ceil(count / HOSTILE_ASSETS.length);
  const where = (node: number) =>
    places === 'scattered' ? (node * 7) % 10 : Math.floor((10 * (node % each)) / each);
  const between = (from: number, to: number) =>
    nodes.filter((node) => where(node) >= from && where(node) < to);
  return {
    train: between(0, 1),
    validation: between(1, 2),
    unlabelled: between(2, 4),
    test: between(4, 10),
  };
}

/** Answers that are right in about two of three cases. */
function answersOf(seed: string, truth: Int32Array, classes: number, perfect: boolean) {
  const random = createRandom(1).fork(seed);
  const answers: MethodAnswers = {
    classes: truth.map((label) => (perfect || random.next() < 0.6 ? label : random.below(classes))),
    confidence: Float32Array.from(truth, () => 0.34 + 0.66 * random.next()),
  };
  return answers;
}

/** Rows for a pool, from which each node takes one that the cascade gives its class. */
const POOL = 6000;
/** Share of nodes that take any row instead. */
const NOISE = 0.25;

/** Rows that the random cascade mostly classifies as `labels` say: it is as good as a trained one. */
function featuresFor(bundle: Bundle, labels: Int32Array): NodeFeatures {
  const random = createRandom(2).fork('rows');
  // Wide enough that all classes are told.
  const values = Float32Array.from({ length: POOL * WIDTH }, () => 2.5 * random.normal());
  const pool = { kind: 'dense', rows: { count: POOL, width: WIDTH, values } } as const;
  const { day } = bundle.manifest.policies;
  const { classes } = runCascade(createCascade(bundle), quantiseFeatures(pool, bundle.input), day);
  const byClass = new Map<number, number[]>();
  classes.forEach((label, row) => {
    byClass.set(label, [...(byClass.get(label) ?? []), row]);
  });
  const chosen = new Float32Array(labels.length * WIDTH);
  labels.forEach((label, node) => {
    const own = byClass.get(label) ?? [];
    const any = random.next() < NOISE || own.length === 0;
    const row = any ? random.below(POOL) : own[random.below(own.length)];
    chosen.set(values.subarray(row * WIDTH, (row + 1) * WIDTH), node * WIDTH);
  });
  return { kind: 'dense', rows: { count: labels.length, width: WIDTH, values: chosen } };
}

export async function createRunFixture(options: RunFixtureOptions = {}): Promise<RunFactsOptions> {
  const { classes = HOSTILE_CLASSES, places = 'blocks', certificate, setting = 'ind' } = options;
  const { bundle, bytes, sha256 } = await createTestBundle({
    // Of three classes it tells each about as often.
    seed: 6,
    width: WIDTH,
    classNames: classes,
    structure: 'additive',
    ...(certificate && { certificate }),
  });
  const { graph: clusters } = createClusterGraph({
    kind: 'dense',
    width: WIDTH,
    perClass: PER_CLASS,
    classes: classes.length,
  });
  const count = clusters.adjacency.nodeCount;
  const random = createRandom(3).fork('faults');
  const labels = new Int32Array(count);
  for (let node = FAULT; node + FAULT < count; node += 4 * FAULT) {
    labels.fill(1 + random.below(classes.length - 1), node, node + FAULT);
  }
  const graph: GraphData = {
    ...clusters,
    name: 'history <of> a line',
    classes,
    labels,
    features: featuresFor(bundle, labels),
    ...(places !== 'none' && { places: { ...placesOf(count), ...options.plant } }),
  };
  const split = splitOf(places, count);
  const truth = split.test.map((node) => labels[node]);
  const { perfectOthers = false } = options;
  const other = (name: string) => answersOf(name, truth, classes.length, perfectOthers);
  return {
    bundle,
    sha256,
    bytes: bytes.length,
    provenance: {
      setting,
      split: 'public',
      seed: 7,
      dataSha256: graph.sha256,
      figures: { quantised: { agreement: 99, drop: 1.25 } },
    },
    graph,
    split,
    answers: {
      nodes: split.test,
      teacher: other('teacher'),
      mlp: other('mlp'),
      glnn: other('glnn'),
    },
  };
}
