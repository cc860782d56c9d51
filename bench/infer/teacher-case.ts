// The paper's headline: time to answer for all nodes of a graph with the teacher, which needs the
// graph, and with the certified cascade, which does not.
import { availableParallelism } from 'node:os';
import { readBundle } from '@dandan/shared/bundle';
import { createCascade, createResult, exitLimits, runCascade } from '@dandan/shared/cascade';
import { createRandom } from '@dandan/shared/random';
import { cpuEngine, type Engine } from '../../trainer/autodiff/index.ts';
import { createOnnxSession } from '../../trainer/autodiff/onnx/onnx-session.ts';
import { evaluationMode } from '../../trainer/network/dropout.ts';
import { glorotWeights, parameterInputs } from '../../trainer/network/weights.ts';
import packageJson from '../../trainer/package.json' with { type: 'json' };
import { teacherMember } from '../../trainer/run/ensemble-teacher.ts';
import { prepare } from '../../trainer/run/prepare.ts';
import { teacherFeatures, teacherNetwork } from '../../trainer/run/teacher-network.ts';
import { DEFAULTS, type TrainOptions } from '../../trainer/run/train-options.ts';
import { trainRun } from '../../trainer/run/train-run.ts';
import { defaultWidths } from '../../trainer/student/widths.ts';
import type { CaseFigures } from '../benchmark.ts';
import { notMeasured, summarise } from '../figures.ts';
import { type GraphSource, type LoadedGraph, openGraph } from '../train/graph-source.ts';
import type { Contestant } from './contestants/contestant.ts';
import { type InferCase, ROUNDS } from './infer-case.ts';
import { measureInTurns } from './measure.ts';

/** As `dandan train --batch 512 --class-prior estimated --averaging 0.7 --epochs 60 --patience 10`. */
const OPTIONS: TrainOptions = {
  ...DEFAULTS,
  setting: 'tran',
  widths: defaultWidths('additive', 4, 64),
  batch: 512,
  classPrior: 'estimated',
  averaging: 0.7,
  student: { ...DEFAULTS.student, maxEpochs: 60, patience: 10 },
};

export interface TeacherCaseOptions {
  readonly name: string;
  readonly summary: string;
  readonly source: GraphSource;
  /** Runs only when asked for: training comes first. */
  readonly optIn: boolean;
  /** What differs from {@linkcode OPTIONS}. */
  readonly options?: Partial<TrainOptions>;
  /** Teachers to time beside the one that taught, by name. */
  readonly larger?: Readonly<Record<string, Partial<TrainOptions>>>;
}

/** A GCN over all nodes; weights are random, as the time does not depend on them. */
async function teacherContestant(
  name: string,
  engine: Engine,
  { graph, split }: LoadedGraph,
  options: TrainOptions,
): Promise<Contestant> {
  const data = prepare(graph, split, options, createRandom(options.seed));
  const member = teacherMember('gcn', options);
  const features = teacherFeatures(data, member);
  const { adjacency } = graph;
  const network = teacherNetwork({ member, graph, features, adjacency });
  const parameters = parameterInputs(network.shapes);
  const session = await engine.createSession({
    state: Object.values(parameters),
    entries: { main: { outputs: { logits: network.forward(parameters, evaluationMode) } } },
  });
  await session.write(glorotWeights(network.shapes, createRandom(1)));
  return {
    name,
    run: () => session.run('main', [{}]),
    classes: async () => [],
    close: () => session.release(),
  };
}

export function teacherCase({
  name,
  summary,
  source,
  optIn,
  options,
  larger = {},
}: TeacherCaseOptions): InferCase {
  return {
    name,
    summary,
    optIn,
    async run(context): Promise<readonly CaseFigures[]> {
      const { signal, line } = context;
      const threads = availableParallelism();
      let loaded: LoadedGraph;
      try {
        loaded = await openGraph(source);
      } catch (error) {
        signal.throwIfAborted();
        return [notMeasured({ name, unit: 'ms' }, `no data: ${(error as Error).message}`)];
      }
      const train = { ...OPTIONS, ...options };
      line(`${name}: training a cascade first`);
      const { bytes, figures } = await trainRun({
        ...loaded,
        options: train,
        model: 'bench',
        version: '1',
        created: '2026-01-01T00:00:00Z',
        codeVersion: packageJson.version,
        engine: cpuEngine({ threads }),
        signal,
      });
      const bundle = await readBundle(bytes);
      const cascade = createCascade(bundle);
      const quantise = () => cascade.quantise(loaded.graph.features.rows);
      const rows = quantise();
      const result = createResult(rows.count);
      const { day } = bundle.manifest.policies;
      const limits = exitLimits(day.thresholds);
      const ours: Contestant = {
        name: 'ours',
        run: () => runCascade(cascade, rows, { thresholds: limits }, result),
        classes: async () => result.classes,
      };
      const floats: Contestant = {
        name: 'cascade-from-floats',
        run: () => runCascade(cascade, quantise(), { thresholds: limits }, result),
        classes: async () => result.classes,
      };
      const native: Engine = {
        createSession: (program) => createOnnxSession(program, { provider: 'cpu', threads }),
        stepsPerRun: 1,
      };
      const sides = [ours, floats];
      if (context.withPeers) {
        sides.push(
          await teacherContestant('gcn-ort-node', native, loaded, train),
          await teacherContestant('gcn-wasm', cpuEngine({ threads }), loaded, train),
        );
        for (const [side, more] of Object.entries(larger)) {
          sides.push(await teacherContestant(side, native, loaded, { ...train, ...more }));
        }
      }
      const measured = await measureInTurns(sides, context.repetitions ?? ROUNDS, signal);
      for (const side of sides) await side.close?.();
      const inMs = Object.fromEntries(
        [...measured].map(([side, values]) => [side, values.map((value) => value / 1000)]),
      );
      const { ours: own, ...peers } = inMs;
      const { exit, output, teacher, mlp, glnn, stages } = figures;
      const made = summarise({
        name,
        unit: 'ms',
        ours: own,
        peers,
        notes: [
          `all ${rows.count} nodes; the teacher on ${threads} threads, the cascade on one; rows are quantised beforehand, except in cascade-from-floats`,
        ],
        details: {
          certificate: day.certificate,
          stopShare: stages.map(({ share }) => share),
          exit,
          output,
          teacher,
          mlp,
          glnn,
          microsecondsPerNode: (1000 * Math.min(...own)) / rows.count,
        },
      });
      line(`${name}: ${made.ours} ms; ${JSON.stringify(made.ratios)}`);
      return [made];
    },
  };
}
