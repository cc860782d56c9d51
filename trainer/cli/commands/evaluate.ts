// `dandan evaluate`: the figures of a bundle on a data set's test nodes.
import { readBundle, sha256Hex } from '@dandan/shared/bundle';
import { Command, Option } from 'commander';
import { createEdgeClient } from '../../edge-client/edge-client.ts';
import { evaluateBundle } from '../../evaluate/evaluate-bundle.ts';
import { type EdgeEvaluation, evaluateEdge } from '../../evaluate/evaluate-edge.ts';
import type { Figures } from '../../evaluate/figures.ts';
import { predictionsTable } from '../../evaluate/predictions-table.ts';
import { SPLITS } from '../../run/train-options.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { withInterrupt } from '../interrupt.ts';
import { openRunData } from '../open-run-data.ts';
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
  nodes: 'test' | 'all';
  edge?: string;
  keyEnv: string;
  json: boolean;
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
  await withInterrupt(async (signal) => {
    const { data, split: wanted } = flags;
    const opened = await openRunData({ bundle, data, split: wanted, signal });
    const { graph, split, splitName, same, provenance } = opened;
    const { setting, seed } = provenance;
    const { classShares, ...told } = provenance.figures;
    const measured = evaluateBundle(bundle, graph, split.test, flags.batchThreshold);
    const figures: Figures = {
      model: bundle.manifest.model,
      bundle: await sha256Hex(bytes),
      data: graph.name,
      setting,
      split: splitName,
      seed,
      seconds: Math.round((performance.now() - started) / 100) / 10,
      ...told,
      ...(classShares && { classShares }),
      ...measured.figures,
    };
    if (flags.predictions !== undefined) {
      const nodes = flags.nodes === 'all' ? graph.labels.map((_, node) => node) : split.test;
      await writeFileAtomic(flags.predictions, predictionsTable({ bundle, graph, nodes }));
    }
    for (const line of figuresTable(figures)) output.line(line);
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
    .option('--predictions <file>', 'also write what the cascade answers, node by node, as CSV')
    .addOption(
      new Option('--nodes <which>', 'of --predictions').choices(['test', 'all']).default('test'),
    )
    .option('--edge <url>', 'also ask this edge, which must hold the bundle, and compare')
    .addOption(keyEnvOption())
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: EvaluateFlags) => evaluate(flags));
}
