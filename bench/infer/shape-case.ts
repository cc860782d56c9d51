// One network of two layers, at several batch sizes, on every runtime.
import type { CaseFigures } from '../benchmark.ts';
import { summarise } from '../figures.ts';
import type { Contestant } from './contestants/contestant.ts';
import { floatModel, int8Model } from './contestants/onnx-models.ts';
import { createOnnxContestant, nativeRuntime, webRuntime } from './contestants/onnxruntime.ts';
import { bundleOf, createOurs, quantisedStage } from './contestants/ours.ts';
import { createTfjs } from './contestants/tfjs.ts';
import { BATCHES, type InferCase, type InferContext, ROUNDS } from './infer-case.ts';
import { measureInTurns } from './measure.ts';
import { createNetwork, type Network } from './network.ts';
import { createRows, type MeasuredRows } from './rows.ts';

export interface Shape {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
  /** Columns of a sparse row; peers get the same rows written out, since they know no others. */
  readonly nonZeros?: number;
}

async function onnxContestants(
  { peers }: InferContext,
  network: Network,
  rows: MeasuredRows,
): Promise<Contestant[]> {
  const dims = [rows.ours.count, network.inputs] as const;
  const { classes } = network;
  const float = { model: floatModel(network), data: rows.values, dims, classes };
  const int8 = { model: int8Model(network), data: rows.codes, dims, classes };
  const native = { runtime: nativeRuntime(), native: true };
  const made = [
    await createOnnxContestant({ name: 'ort-node-f32', ...native, ...float }),
    await createOnnxContestant({ name: 'ort-node-int8', ...native, ...int8 }),
  ];
  if (peers.kind === 'absent') return made;
  const web = { runtime: webRuntime(peers.require), native: false };
  return [
    ...made,
    await createOnnxContestant({ name: 'ort-web-f32', ...web, ...float }),
    await createOnnxContestant({ name: 'ort-web-int8', ...web, ...int8 }),
    await createTfjs(peers.require, network, rows.values, rows.ours.count),
  ];
}

/** Share of rows that get the same class from a peer as from ours. */
async function agreement(ours: Contestant, peers: readonly Contestant[]) {
  const own = await ours.classes();
  const shares: Record<string, number> = {};
  for (const peer of peers) {
    const theirs = await peer.classes();
    let same = 0;
    for (let i = 0; i < own.length; i++) if (own[i] === theirs[i]) same++;
    shares[peer.name] = Number((same / own.length).toFixed(4));
  }
  return shares;
}

export function shapeCase(name: string, shape: Shape): InferCase {
  const { inputs, hidden, classes, nonZeros } = shape;
  const columns = nonZeros ?? inputs;
  const sparse = nonZeros === undefined ? '' : `, ${nonZeros} non-zeros a row`;
  return {
    name,
    summary: `${inputs} inputs${sparse}, ${hidden} hidden units, ${classes} classes; batch ${BATCHES.join(', ')}`,
    optIn: false,
    async run(context) {
      const network = createNetwork(inputs, hidden, classes, columns);
      const stage = quantisedStage(network);
      const bundle = bundleOf([stage], inputs, classes, nonZeros !== undefined);
      const figures: CaseFigures[] = [];
      for (const batch of BATCHES) {
        const rows = createRows(inputs, batch, nonZeros);
        const ours = createOurs({ bundle, rows });
        const peers = context.withPeers ? await onnxContestants(context, network, rows) : [];
        const rounds = context.repetitions ?? ROUNDS;
        const samples = await measureInTurns([ours, ...peers], rounds, context.signal);
        const same = await agreement(ours, peers);
        for (const peer of peers) await peer.close?.();
        const { ours: own = [], ...theirs } = Object.fromEntries(samples);
        const macs = batch * hidden * (columns + classes);
        const made = summarise({
          name: `${name} batch ${batch}`,
          unit: 'µs',
          ours: own,
          peers: theirs,
          notes: context.peers.kind === 'absent' ? [context.peers.reason] : [],
          details: {
            macs,
            macsPerCycle: Number((macs / (1000 * context.ghz * Math.min(...own))).toFixed(2)),
            sameClass: same,
          },
        });
        const perCycle = made.details?.macsPerCycle;
        context.line(
          `${made.name}: ${made.ours} µs, ${perCycle} MACs a cycle; ${JSON.stringify(made.ratios)}`,
        );
        figures.push(made);
      }
      return figures;
    },
  };
}
