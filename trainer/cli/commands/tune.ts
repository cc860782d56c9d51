// `dandan tune`: searches hyper-parameters on the validation nodes and writes them as a
// configuration for `dandan train`.
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { Command } from 'commander';
import { fileOptions } from '../../config/config-option.ts';
import { type LoadedData, loadData } from '../../data/load-data.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { drawParameters } from '../../tune/draw-parameters.ts';
import { openJournal } from '../../tune/journal.ts';
import { searchReport } from '../../tune/report/search-report.ts';
import { search } from '../../tune/search.ts';
import type { Parameters, Space } from '../../tune/space.ts';
import type { Trial } from '../../tune/trial.ts';
import { clearTrials } from '../../tune/trial-checkpoint.ts';
import { tunedConfig, tuneFigures } from '../../tune/tune-files.ts';
import { createWorkerPool } from '../../tune/worker-pool.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput } from '../output.ts';
import { runKey } from '../run-key.ts';
import { tuneTable } from '../terminal/tune-table.ts';
import { createTuneView } from '../terminal/tune-view.ts';
import { declareTrainFlags, trainOptions } from './train-flags.ts';
import { declareTuneFlags, isGiven, searchable, spaceOf, type TuneFlags } from './tune-flags.ts';

/** @throws {InputError} `data-invalid` without nodes to choose by. */
function checkValidation({ split, graph }: LoadedData): void {
  if (split.validation.length > 0) return;
  throw new InputError('data-invalid', `${graph.name} has no validation nodes to choose by`, {
    field: 'split',
    allowed: 'labelled nodes in the validation set, or --split random',
  });
}

/** Trial 0 and the points drawn. @throws {InputError} `option-invalid` for flags that do not go together. */
function trialsOf(flags: TuneFlags, space: Space, telemetry: boolean): Trial[] {
  const seeds = Array.from({ length: flags.seeds }, (_, i) => flags.seed + i);
  const runsOf = (parameters: Parameters) =>
    seeds.map((seed) => trainOptions({ ...flags, ...parameters }, seed, telemetry));
  // What trial 0 has by default need not be tried twice.
  const defaults = Object.keys(space).map((name) => [name, flags[name as keyof TuneFlags]]);
  const drawn = drawParameters({
    space,
    seed: flags.seed,
    trials: flags.trials - 1,
    taken: [Object.fromEntries(defaults)],
  });
  return [{}, ...drawn].map((parameters, number) => ({
    number,
    parameters,
    runs: runsOf(parameters),
  }));
}

/** What the configuration states besides the parameters: hyper-parameters, and the task where given. */
function statedOptions(command: Command, flags: TuneFlags, { splitName }: LoadedData) {
  const ofTrain = fileOptions(declareTrainFlags(new Command()));
  const searched = searchable(command);
  const names = [...ofTrain.keys()].filter(
    (name) =>
      searched.has(name) || (isGiven(command, name) && !['data', 'out', 'seeds'].includes(name)),
  );
  const values = flags as unknown as Readonly<Record<string, unknown>>;
  const stated = Object.fromEntries(names.map((name) => [name, values[name]]));
  return { ...stated, split: splitName, seed: flags.seed };
}

async function tune(flags: TuneFlags, command: Command): Promise<void> {
  const output = createOutput(flags.json);
  const space = spaceOf(command, flags);
  const started = performance.now();
  await withInterrupt(async (signal) => {
    const { data, seed, seeds, out, workers, reduction } = flags;
    const loaded = await loadData({ data, seed, split: flags.split, signal });
    for (const note of loaded.notes) output.line(`note: ${note}`);
    checkValidation(loaded);
    const { graph, split, splitName } = loaded;
    const trials = trialsOf(flags, space, graph.featureSpec.kind === 'telemetry');
    if (trials.length < flags.trials) {
      output.line(`note: the space holds no more than ${trials.length} different trials.`);
    }
    const sets = Object.entries(split).map(([name, nodes]) => [name, [...nodes]]);
    const [{ runs }] = trials;
    const code = packageJson.version;
    const key = await runKey({ data: graph.sha256, sets, space, seeds, runs, code });
    const folder = join(out, 'checkpoint');
    if (flags.fresh) await clearTrials(folder);
    await using journal = await openJournal({
      file: join(out, 'journal.jsonl'),
      key,
      fresh: flags.fresh,
    });
    await using pool = createWorkerPool({
      workers,
      setup: { data, split: splitName, folder, key },
      signal,
    });
    using progress = createTuneView(trials);
    const result = await search({ trials, reduction, workers, pool, journal, folder, progress });

    const [config, report] = [join(out, 'config.json'), join(out, 'search.html')];
    const figures = tuneFigures(trials, result, {
      seconds: Math.round((performance.now() - started) / 100) / 10,
      config,
      report,
    });
    const tuned = tunedConfig({
      options: statedOptions(command, flags, loaded),
      parameters: figures.best.parameters,
      data,
      folder: out,
    });
    await writeFileAtomic(config, `${JSON.stringify(tuned, null, 2)}\n`);
    await writeFileAtomic(
      report,
      searchReport({ data: graph.name, space, trials, result, figures }),
    );
    await clearTrials(folder);
    for (const line of tuneTable(trials, result)) output.line(line);
    output.line(`  ${report}`);
    output.line(`  dandan train --config ${config}`);
    output.result(figures);
  }, 'Stopped. Finished trials are kept; run the same command to go on.');
}

export function tuneCommand(): Command {
  const command = new Command('tune').description(
    'Search hyper-parameters on the validation nodes, stop bad trials early, and write a configuration for train.',
  );
  return declareTuneFlags(command).action((flags: TuneFlags) => tune(flags, command));
}
