// `dandan evaluate`: the figures of a bundle on a data set's test nodes.
import { type Bundle, readBundle, sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { MAX_HOPS, MAX_POSITIONS } from '@dandan/shared/features';
import { createRandom } from '@dandan/shared/random';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { loadData } from '../../data/load-data.ts';
import { createEdgeClient } from '../../edge-client/edge-client.ts';
import { evaluateBundle } from '../../evaluate/evaluate-bundle.ts';
import { type EdgeEvaluation, evaluateEdge } from '../../evaluate/evaluate-edge.ts';
import type { Figures } from '../../evaluate/figures.ts';
import { CLASS_PRIORS } from '../../prior/adapt-prior.ts';
import { featuresRead, splitFor } from '../../run/prepare.ts';
import { SETTINGS, SPLITS } from '../../run/train-options.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { withInterrupt } from '../interrupt.ts';
import { keyEnvOption, readKey } from '../operator-key.ts';
import { createOutput } from '../output.ts';
import { readBundleFile } from '../read-bundle-file.ts';
import { figuresTable } from '../terminal/figures-table.ts';
import { declareBatchThreshold } from './protocol-flags.ts';

interface EvaluateFlags {
  bundle: string;
  data: string;
  split?: (typeof SPLITS)[number];
  batchThreshold: number;
  predictions?: string;
  edge?: string;
  keyEnv: string;
  json: boolean;
}

/** What `train` wrote about the run; the test nodes follow from it. */
const provenanceSchema = z.object({
  dataSha256: z.string(),
  split: z.enum(SPLITS),
  setting: z.enum(SETTINGS),
  seed: z.int(),
  options: z.object({
    featureNoise: z.number().min(0).max(1).default(0),
    propagation: z.int().min(0).max(MAX_HOPS).default(0),
    positions: z.int().min(0).max(MAX_POSITIONS).default(0),
    labelsPerClass: z.int().optional(),
    validationPerClass: z.int().optional(),
  }),
  figures: z.object({
    teacher: z.number(),
    mlp: z.number(),
    glnn: z.number(),
    quantised: z.object({ agreement: z.number(), drop: z.number() }),
    classShares: z
      .object({
        assumed: z.enum(CLASS_PRIORS),
        labelled: z.record(z.string(), z.number()),
        estimated: z.record(z.string(), z.number()),
      })
      .optional(),
  }),
});

/** @throws {InputError} `bundle-manifest-invalid` for a bundle that `train` did not write. */
function readProvenance(bundle: Bundle): z.infer<typeof provenanceSchema> {
  const parsed = provenanceSchema.safeParse(bundle.manifest.provenance);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError('bundle-manifest-invalid', 'The bundle does not say how it was trained', {
    field: ['manifest.provenance', ...issue.path].join('.'),
    allowed: 'a bundle that train wrote',
    cause: parsed.error,
  });
}

/** Said where the figures stored in the bundle stand beside measurements of something else. */
const OTHER_DATA =
  'note: other data or another split than in training: teacher, MLP, GLNN and int8 figures are those of the training run, and nodes tested here may have been trained on.';

/** The promise of equal answers, in one line. */
function edgeLine({ nodes, sameClass, sameStage, share, medianMs }: EdgeEvaluation): string {
  const shares = share.map((part, k) => `stage ${k + 1} ${(100 * part).toFixed(1)} %`).join(', ');
  return `  at the edge: ${sameClass} of ${nodes} same class, ${sameStage} same stage as here; ${shares}; ${medianMs.toFixed(0)} ms a request`;
}

async function evaluate(flags: EvaluateFlags): Promise<void> {
  const output = createOutput(flags.json);
  const started = performance.now();
  const bytes = await readBundleFile(flags.bundle);
  const bundle = await readBundle(bytes);
  const provenance = readProvenance(bundle);
  const { setting, seed } = provenance;
  const { classShares, ...told } = provenance.figures;
  const splitName = flags.split ?? provenance.split;
  // The counts are those of a random split; a public one brings its own labels.
  const { featureNoise, propagation, positions, ...counts } = provenance.options;
  const inputs = { featureNoise, propagation, positions };
  await withInterrupt(async (signal) => {
    const loaded = await loadData({
      data: flags.data,
      seed,
      split: splitName,
      ...(splitName === 'random' && counts),
      signal,
    });
    const { nodeCount } = loaded.graph.adjacency;
    const random = createRandom(seed);
    const { split, visible } = splitFor(setting, loaded.split, nodeCount, random);
    const { students: features } = featuresRead(loaded.graph, inputs, visible, random);
    const graph = { ...loaded.graph, features };
    const measured = evaluateBundle(bundle, graph, split.test, flags.batchThreshold);
    const figures: Figures = {
      model: bundle.manifest.model,
      bundle: await sha256Hex(bytes),
      data: loaded.graph.name,
      setting,
      split: splitName,
      seed,
      seconds: Math.round((performance.now() - started) / 100) / 10,
      ...told,
      ...(classShares && { classShares }),
      ...measured.figures,
    };
    if (flags.predictions !== undefined) {
      const rows = Array.from(
        split.test,
        (node, i) => `${node},${measured.exitClasses[i]},${measured.exitStages[i]}`,
      );
      await writeFileAtomic(flags.predictions, `node,class,stage\n${rows.join('\n')}\n`);
    }
    for (const line of figuresTable(figures)) output.line(line);
    const same = splitName === provenance.split && loaded.graph.sha256 === provenance.dataSha256;
    if (!same) output.line(OTHER_DATA);
    if (flags.edge === undefined) return output.result(figures);
    const client = createEdgeClient({ edge: flags.edge, key: readKey(flags.keyEnv), signal });
    const edge = await evaluateEdge({
      bundle,
      sha256: figures.bundle,
      graph,
      nodes: split.test,
      predict: client.predict,
    });
    output.line(edgeLine(edge));
    output.result({ ...figures, edge });
  });
}

export function evaluateCommand(): Command {
  return declareBatchThreshold(new Command('evaluate'))
    .description("Measure a bundle on a data set's test nodes: every stage, exits, costs.")
    .requiredOption('--bundle <file>', 'bundle that train wrote')
    .requiredOption('--data <path>', 'graph folder or file, or "plant" for the embedded plant')
    .addOption(new Option('--split <kind>', 'default: as the bundle was trained').choices(SPLITS))
    .option('--predictions <file>', 'also write node,class,stage of every test node as CSV')
    .option('--edge <url>', 'also ask this edge, which must hold the bundle, and compare')
    .addOption(keyEnvOption())
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: EvaluateFlags) => evaluate(flags));
}
