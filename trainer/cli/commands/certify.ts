// `dandan certify`: new thresholds for a bundle, with a promise proved on nodes that nothing was
// learnt or chosen on.
import { readBundle, sha256Hex, writeBundle } from '@dandan/shared/bundle';
import { type CascadeTrace, createCascade, traceCascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import { selectRows } from '@dandan/shared/kernel';
import { Command, Option } from 'commander';
import { applyCertification } from '../../certify/apply-certification.ts';
import { CERTIFY_METHODS, type Certification, certify } from '../../certify/certify.ts';
import { countExits } from '../../certify/count-exits.ts';
import { stopShares } from '../../certify/stop-shares.ts';
import { quantiseFeatures } from '../../quantise/input.ts';
import { SPLITS } from '../../run/train-options.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { withInterrupt } from '../interrupt.ts';
import { numberOption } from '../number-option.ts';
import { openRunData } from '../open-run-data.ts';
import { createOutput } from '../output.ts';
import { readBundleFile } from '../read-bundle-file.ts';
import { certificationText } from '../terminal/certification-text.ts';
import { declarePromiseFlags, type PromiseFlags, promisesOf } from './promise-flags.ts';

interface CertifyFlags extends PromiseFlags {
  bundle: string;
  data: string;
  split?: (typeof SPLITS)[number];
  method: (typeof CERTIFY_METHODS)[number] | 'auto';
  seed: number;
  escalationMacs?: number;
  out?: string;
  json: boolean;
}

/** What the thresholds do on nodes that did not choose them. */
function measure(test: CascadeTrace, { thresholds }: Certification, classes: number) {
  const { n, disagreements, macs } = countExits(test, thresholds, classes);
  const all = countExits(
    test,
    thresholds.map(() => null),
    classes,
  );
  return {
    macsShare: all.macs === 0 ? 1 : macs / all.macs,
    stopShare: stopShares(test, thresholds),
    disagreement: n === 0 ? 0 : disagreements / n,
  };
}

async function run(flags: CertifyFlags): Promise<void> {
  const output = createOutput(flags.json);
  const promises = promisesOf(flags);
  const bundle = await readBundle(await readBundleFile(flags.bundle));
  const { manifest, input, stages } = bundle;
  if ((promises.escalation?.stages ?? 1) > stages.length) {
    throw new InputError('option-invalid', `The bundle has ${stages.length} stages`, {
      field: '--gateway-stages',
      value: promises.escalation?.stages,
      allowed: `1..${stages.length}`,
    });
  }
  await withInterrupt(async (signal) => {
    const { data } = flags;
    const opened = await openRunData({ bundle, data, split: flags.split, signal });
    const { graph, split, same } = opened;
    const classes = manifest.classes.length;
    const cascade = createCascade(bundle);
    const rows = quantiseFeatures(graph.features, input);
    const traceOf = (nodes: Int32Array) => traceCascade(cascade, selectRows(rows, nodes));
    const certification = certify({
      trace: traceOf(split.unlabelled),
      classes,
      promises,
      delta: flags.delta,
      method: flags.method,
      seed: flags.seed,
      ...(flags.escalationMacs !== undefined && { escalationMacs: flags.escalationMacs }),
    });
    const measured = measure(traceOf(split.test), certification, classes);
    output.line(certificationText(certification));
    const shares = measured.stopShare.map(
      (share, k) => `stage ${k + 1} ${(100 * share).toFixed(1)} %`,
    );
    output.line(
      `On ${split.test.length} test nodes: ${shares.join(', ')}; ${(100 * measured.macsShare).toFixed(1)} % of the MACs, ${(100 * measured.disagreement).toFixed(2)} % of nodes differ.`,
    );
    if (!same) {
      output.line(
        'note: other data or another split than in training: nodes calibrated on may have been trained on, and the promise holds for nodes like these only.',
      );
    }
    const { certified, delta, n, needed, method, thresholds, counts } = certification;
    const figures = {
      certified,
      alpha: promises.alpha,
      delta,
      n,
      // JSON has no infinity: no number of nodes would do.
      needed: Number.isFinite(needed) ? needed : null,
      method,
      thresholds,
      promises,
      calibration: counts ?? null,
      ...measured,
    };
    if (flags.out === undefined) {
      output.line('Nothing was written: --out FILE keeps a bundle with these thresholds.');
      return output.result(figures);
    }
    const shared = stopShares(traceOf(split.validation), thresholds);
    const written = await writeBundle({
      manifest: applyCertification(manifest, certification, shared),
      input,
      stages,
    });
    await writeFileAtomic(flags.out, written.bytes);
    output.line(`${flags.out}  ${written.bytes.byteLength} bytes`);
    output.result({ ...figures, bundle: await sha256Hex(written.bytes) });
  });
}

export function certifyCommand(): Command {
  const command = new Command('certify')
    .description(
      'Prove thresholds on calibration nodes: what early exit may change, and how surely.',
    )
    .requiredOption('--bundle <file>', 'bundle that train wrote')
    .requiredOption('--data <path>', 'graph folder or file, or "plant" for the embedded plant')
    .addOption(new Option('--split <kind>', 'default: as the bundle was trained').choices(SPLITS));
  return declarePromiseFlags(command)
    .addOption(
      new Option('--method <name>', 'auto: by the number of calibration nodes')
        .choices(['auto', ...CERTIFY_METHODS])
        .default('auto'),
    )
    .option(
      '--escalation-macs <n>',
      'what an escalated node costs beside its own, in MACs; default: ten full cascades',
      numberOption({ minimum: 0, maximum: 1e15 }),
    )
    .option(
      '--seed <S>',
      'divides the calibration nodes where a method needs halves',
      numberOption({ minimum: 0, maximum: 2 ** 31 - 1, whole: true }),
      1,
    )
    .option('--out <file>', 'write the bundle with these thresholds')
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: CertifyFlags) => run(flags));
}
