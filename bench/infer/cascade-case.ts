// A whole staircase of four stages, with and without early exit, beside one MLP of the last stage's
// size on the same kernels and on onnxruntime, and beside the incremental staircase.
import type { Bundle, Stage, Structure } from '@dandan/shared/bundle';
import { createCascade, traceCascade } from '@dandan/shared/cascade';
import type { Layer } from '@dandan/shared/kernel';
import { createRandom, type Random } from '@dandan/shared/random';
import { defaultWidths } from '../../trainer/student/widths.ts';
import type { CaseFigures } from '../benchmark.ts';
import { summarise } from '../figures.ts';
import type { Contestant } from './contestants/contestant.ts';
import { int8Model } from './contestants/onnx-models.ts';
import { createOnnxContestant, nativeRuntime, webRuntime } from './contestants/onnxruntime.ts';
import { bundleOf, createOurs, quantisedStage } from './contestants/ours.ts';
import { BATCHES, type InferCase, type InferContext, ROUNDS } from './infer-case.ts';
import { measureInTurns } from './measure.ts';
import { createNetwork, type Network } from './network.ts';
import { createRows, type MeasuredRows } from './rows.ts';
import type { Shape } from './shape-case.ts';

const STAGES = 4;

/** Share of the nodes that reach a stage and stop there: about what certified cascades do. */
const STOPS = [0.7, 0.5, 0.5];

function randomLayer(random: Random, inputs: number, outputs: number, reads: number): Layer {
  return {
    inputs,
    outputs,
    weight: Int8Array.from({ length: inputs * outputs }, () => random.below(255) - 127),
    bias: Int32Array.from({ length: outputs }, () => random.below(2001) - 1000),
    scale: Float32Array.from({ length: outputs }, () => 0.02 / Math.sqrt(reads)),
  };
}

function staircase(structure: Structure, { inputs, hidden, classes, nonZeros }: Shape): Bundle {
  const random = createRandom(inputs + hidden);
  const incremental = structure === 'incremental';
  let before = 0;
  const stages = defaultWidths(structure, STAGES, hidden).map((width): Stage => {
    const units = width - before;
    const reads = incremental ? before : 0;
    const layer = randomLayer(random, inputs + reads, units, nonZeros ?? inputs);
    const head = randomLayer(random, incremental ? width : units, classes, 4 * width);
    before = width;
    return { hidden: [layer], head, inverseTemperature: Math.fround(0.2) };
  });
  return bundleOf(stages, inputs, classes, nonZeros !== undefined, structure);
}

/** Thresholds at which the shares of {@linkcode STOPS} stop. */
function thresholdsFor(bundle: Bundle, rows: MeasuredRows): number[] {
  const { confidence } = traceCascade(createCascade(bundle), rows.ours);
  let climbing = [...confidence[0].keys()];
  return STOPS.map((share, k) => {
    const sorted = climbing.map((i) => confidence[k][i]).sort((a, b) => b - a);
    const threshold = sorted[Math.floor(share * sorted.length)] ?? 1;
    climbing = climbing.filter((i) => confidence[k][i] < threshold);
    return threshold;
  });
}

async function peersOf(
  { peers, withPeers }: InferContext,
  network: Network,
  rows: MeasuredRows,
): Promise<Contestant[]> {
  if (!withPeers) return [];
  const dims = [rows.ours.count, network.inputs] as const;
  const int8 = { model: int8Model(network), data: rows.codes, dims, classes: network.classes };
  const native = { runtime: nativeRuntime(), native: true };
  const made = [await createOnnxContestant({ name: 'ort-node-int8', ...native, ...int8 })];
  if (peers.kind === 'absent') return made;
  const web = { runtime: webRuntime(peers.require), native: false };
  return [...made, await createOnnxContestant({ name: 'ort-web-int8', ...web, ...int8 })];
}

export function cascadeCase(name: string, shape: Shape): InferCase {
  const { inputs, hidden, classes, nonZeros } = shape;
  return {
    name,
    summary: `${STAGES} additive stages up to ${hidden} units, ${inputs} inputs, ${classes} classes; all stages and with early exit, beside one MLP of ${hidden} units and the incremental stages`,
    optIn: false,
    async run(context) {
      const bundle = staircase('additive', shape);
      const incremental = staircase('incremental', shape);
      const network = createNetwork(inputs, hidden, classes, nonZeros ?? inputs);
      const single = bundleOf([quantisedStage(network)], inputs, classes, nonZeros !== undefined);
      const thresholds = thresholdsFor(bundle, createRows(inputs, 4096, nonZeros));
      const figures: CaseFigures[] = [];
      for (const batch of BATCHES) {
        const rows = createRows(inputs, batch, nonZeros);
        const sides: Contestant[] = [
          { ...createOurs({ bundle, rows }), name: 'all-stages' },
          { ...createOurs({ bundle, rows, thresholds }), name: 'early-exit' },
          { ...createOurs({ bundle: single, rows }), name: 'single-mlp' },
          { ...createOurs({ bundle: incremental, rows }), name: 'incremental-all-stages' },
          ...(await peersOf(context, network, rows)),
        ];
        const rounds = context.repetitions ?? ROUNDS;
        const samples = Object.fromEntries(await measureInTurns(sides, rounds, context.signal));
        for (const side of sides) await side.close?.();
        const { 'all-stages': all, 'early-exit': exits, ...others } = samples;
        const cost = (of: Bundle) => {
          const { fixed, perColumn } = createCascade(of).cost;
          const last = fixed.length - 1;
          return fixed[last] + (nonZeros ?? inputs) * perColumn[last];
        };
        const details = {
          macs: cost(bundle),
          macsOfSingle: cost(single),
          macsOfIncremental: cost(incremental),
        };
        for (const [way, own] of Object.entries({ 'all stages': all, 'early exit': exits })) {
          const made = summarise({
            name: `${name} ${way} batch ${batch}`,
            unit: 'µs',
            ours: own,
            peers: others,
            notes: ['onnxruntime and single-mlp run one MLP of the last stage alone'],
            details,
          });
          context.line(`${made.name}: ${made.ours} µs; ${JSON.stringify(made.ratios)}`);
          figures.push(made);
        }
      }
      return figures;
    },
  };
}
