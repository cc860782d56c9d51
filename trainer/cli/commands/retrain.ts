// `dandan retrain`: a challenger from today's data and labels, measured beside the bundle in use, and
// released only where a rule fixed beforehand says so.
import { join } from 'node:path';
import { Command } from 'commander';
import { loadData } from '../../data/load-data.ts';
import type { EdgeClient } from '../../edge-client/edge-client.ts';
import { hashSplit } from '../../graph/hash-split.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { toHtml } from '../../report/to-html.ts';
import { decide } from '../../retrain/decide.ts';
import { type BundleFile, measureContenders } from '../../retrain/measure-contenders.ts';
import { type Recipe, recipeOf } from '../../retrain/recipe.ts';
import { reportPage } from '../../retrain/report-page.ts';
import type { RetrainReport } from '../../retrain/retrain-report.ts';
import { heldOut, toldOf, trainChallenger } from '../../retrain/train-challenger.ts';
import { folderCheckpoint } from '../../run/checkpoint.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { checkChampion } from '../../warm-start/check-champion.ts';
import { buildTime } from '../build-time.ts';
import { EXIT } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput, type Output } from '../output.ts';
import { pushBundle } from '../push-bundle.ts';
import { runKey } from '../run-key.ts';
import { createProgressView } from '../terminal/progress-view.ts';
import { declareDevice, engineOf } from './device-flag.ts';
import { declareRetrainFlags, type RetrainFlags } from './retrain-flags.ts';
import { edgeOf, fetchHardCases, openChampion, readChannel } from './retrain-sources.ts';
import { withHardCases } from './start-from-flags.ts';

interface Night {
  readonly flags: RetrainFlags;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly client: EdgeClient | undefined;
  readonly champion: BundleFile;
  readonly recipe: Recipe;
}

/** Ends a night on which nothing is trained. */
function keep({ output, champion }: Pick<Night, 'output' | 'champion'>, code: string, why: string) {
  output.line(`The model in use stays: ${why}.`);
  output.result({ outcome: 'keep', reason: code, champion: champion.sha256 });
  process.exitCode = EXIT.kept;
}

async function loadNight({ flags, signal, client, champion, recipe, output }: Night) {
  const { seed, labelsPerClass, validationPerClass } = recipe.options;
  // A project deals as few labels again as its champion had; other public splits have no counts.
  const counts = { labelsPerClass, validationPerClass };
  const read = await loadData({ data: flags.data, seed, split: recipe.split, ...counts, signal });
  const cases = await fetchHardCases(flags, champion, client);
  const loaded = await withHardCases(read, cases, signal);
  for (const note of loaded.notes) output.line(`note: ${note}`);
  const { options } = recipe;
  checkChampion({ champion: champion.bundle, graph: loaded.graph, options, field: '--champion' });
  return loaded;
}

type Loaded = Awaited<ReturnType<typeof loadNight>>;

async function train(night: Night, loaded: Loaded): Promise<BundleFile> {
  const { flags, champion, recipe, signal, output } = night;
  const { engine, runsOn } = await engineOf(flags, output);
  const { model } = champion.bundle.manifest;
  const created = buildTime();
  const version = flags.modelVersion ?? created.slice(0, 10);
  const code = packageJson.version;
  const warmStart = flags.warmStart
    ? { champion: champion.bundle, sha256: champion.sha256 }
    : undefined;
  const sets = Object.entries(loaded.split).map(([name, nodes]) => [name, [...nodes]]);
  const told = toldOf({ loaded, warmStart });
  const { options } = recipe;
  const data = loaded.graph.sha256;
  const key = await runKey({ data, sets, options, code, runsOn, ...told });
  const folder = join(flags.out, 'challenger');
  const checkpoint = folderCheckpoint(join(folder, 'checkpoint'), key);
  if (flags.fresh) await checkpoint.clear();
  using progress = createProgressView();
  const challenger = await trainChallenger({
    recipe,
    loaded,
    warmStart,
    model,
    version,
    created,
    codeVersion: code,
    checkpoint,
    progress,
    engine,
    signal,
  });
  await writeFileAtomic(join(folder, 'bundle.safetensors'), challenger.bytes);
  await checkpoint.clear();
  return challenger;
}

function reportOf(night: Night, loaded: Loaded, challenger: BundleFile): RetrainReport {
  const { flags, champion, recipe } = night;
  const { graph, split, splitName } = loaded;
  const held = heldOut(loaded, recipe);
  const measured = measureContenders(champion, challenger, held);
  const { rule, level, margin, maxCost } = flags;
  return {
    kind: 'dandan-retrain-report',
    schema: 1,
    model: champion.bundle.manifest.model,
    ...measured,
    data: {
      name: graph.name,
      sha256: graph.sha256,
      asChampion: graph.sha256 === recipe.dataSha256,
      split: splitName,
      trainingLabels: split.train.length,
      heldOut: held.nodes.length,
      hardCases: loaded.hardCases ?? null,
    },
    warmStart: flags.warmStart,
    decision: decide({ ...measured, rule: { rule, level, margin, maxCost } }),
    created: challenger.bundle.manifest.created,
    codeVersion: packageJson.version,
  };
}

async function release({ flags, client, champion, output }: Night, { bytes }: BundleFile) {
  const { edge = '', channel, canary, deadline, atDeadline, signingKey, validDays } = flags;
  if (client === undefined) return undefined;
  return pushBundle({
    client,
    edge,
    bytes,
    channel,
    canary: {
      percent: canary,
      ...(deadline !== undefined && { deadlineMinutes: deadline }),
      ...(atDeadline !== undefined && { atDeadline }),
    },
    fallback: champion.bytes,
    signingKey,
    validDays,
    output,
  });
}

async function finish(night: Night, loaded: Loaded, challenger: BundleFile): Promise<void> {
  const { flags, output } = night;
  const report = reportOf(night, loaded, challenger);
  const page = reportPage(report);
  await writeFileAtomic(join(flags.out, 'report.html'), toHtml(page));
  await writeFileAtomic(join(flags.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  output.line(page.summary);
  for (const { passed, text } of report.decision.checks) {
    output.line(`  ${passed ? 'yes' : 'NO '}  ${text}`);
  }
  output.line(`  ${join(flags.out, 'report.html')}`);
  const { outcome } = report.decision;
  const released =
    outcome === 'release' && flags.release ? await release(night, challenger) : undefined;
  if (outcome === 'release' && !flags.release) {
    output.line('Nothing was released: --release makes it a canary.');
  }
  output.result({ outcome, ...report, released: released ?? null });
  if (outcome === 'keep') process.exitCode = EXIT.kept;
}

async function retrain(flags: RetrainFlags): Promise<void> {
  const output = createOutput(flags.json);
  await withInterrupt(async (signal) => {
    const client = edgeOf(flags, signal);
    const champion = await openChampion(flags, client);
    const { model } = champion.bundle.manifest;
    const channel = client && (await readChannel(client, model, flags.channel));
    if (channel?.state === 'canary') {
      return keep({ output, champion }, 'canary-in-progress', 'a canary is being tried');
    }
    const recipe = recipeOf(champion.bundle);
    const night: Night = { flags, output, signal, client, champion, recipe };
    const loaded = await loadNight(night);
    const { hardCases } = loaded;
    const cases = hardCases && hardCases.used > 0 ? hardCases.sha256 : undefined;
    const { dataSha256, setsSha256 = hashSplit(loaded.split) } = recipe;
    const sameData = loaded.graph.sha256 === dataSha256 && setsSha256 === hashSplit(loaded.split);
    const same = sameData && cases === recipe.hardCases;
    if (same && !flags.always) {
      return keep(
        night,
        'nothing-new',
        'neither data nor labels have changed since it was trained',
      );
    }
    await finish(night, loaded, await train(night, loaded));
  }, 'Stopped. Finished steps are kept; run the same command to go on.');
}

export function retrainCommand(): Command {
  const command = new Command('retrain').description(
    'Train a challenger on the data and labels of today, compare it with the bundle in use, release it if it is better. Exit code 0: it may be released (or was); 3: the bundle in use stays; others: a fault.',
  );
  return declareDevice(declareRetrainFlags(command)).action((flags: RetrainFlags) =>
    retrain(flags),
  );
}
