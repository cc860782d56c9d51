// `dandan tune`: searches hyper-parameters on the validation nodes and writes them as a
// configuration for `dandan train`.
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { Command } from 'commander';
import { fileOptions, isPath } from '../../config/config-option.ts';
import { type LoadedData, loadData, type SplitName } from '../../data/load-data.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { TrainOptions } from '../../run/train-options.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { drawParameters } from '../../tune/draw-parameters.ts';
import { openJournal } from '../../tune/journal.ts';
import { searchReport } from '../../tune/report/search-report.ts';
import { type SearchResult, search } from '../../tune/search.ts';
import type { Parameters, Space } from '../../tune/space.ts';
import { DEFAULT_TRIAL, type Trial } from '../../tune/trial.ts';
import { clearTrials } from '../../tune/trial-checkpoint.ts';
import { tunedConfig, tuneFigures } from '../../tune/tune-files.ts';
import { createWorkerPool } from '../../tune/worker-pool.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput } from '../output.ts';
import { runKey } from '../run-key.ts';
import { tuneTable } from '../terminal/tune-table.ts';
import { createTuneView } from '../terminal/tune-view.ts';
import { engineOf } from './device-flag.ts';
import { declareGivenTeacher, readGivenTeacher } from './given-teacher.ts';
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
function trialsOf(flags: TuneFlags, space: Space, optionsOf: OptionsOf): Trial[] {
  const seeds = Array.from({ length: flags.seeds }, (_, i) => flags.seed + i);
  const runsOf = (parameters: Parameters) =>
    seeds.map((seed) => optionsOf({ ...flags, ...parameters }, seed));
  // An option may have no default of its own, as the teacher's rate, which depends on its kind.
  const defaults = Object.keys(space)
    .map((name) => [name, flags[name as keyof TuneFlags]])
    .filter(([, value]) => value !== undefined);
  const parameters: Parameters = Object.fromEntries(defaults);
  const untuned: Trial = { number: DEFAULT_TRIAL, parameters, runs: runsOf(parameters) };
  const drawn = drawParameters({
    space,
    seed: flags.seed,
    trials: flags.trials - 1,
    taken: [parameters],
    accepts(point) {
      try {
        return runsOf(point).length > 0;
      } catch (error) {
        if (error instanceof InputError) return false;
        throw error;
      }
    },
  });
  const tuned = drawn.map((point, index) => ({
    number: DEFAULT_TRIAL + 1 + index,
    parameters: point,
    runs: runsOf(point),
  }));
  return [untuned, ...tuned];
}

type OptionsOf = (flags: TuneFlags, seed: number) => TrainOptions;

/** What the configuration states besides the parameters: hyper-parameters, and the task where given. */
function configOf(command: Command, flags: TuneFlags, splitName: SplitName, best: Parameters) {
  const ofTrain = [...fileOptions(declareGivenTeacher(declareTrainFlags(new Command())))];
  const searched = searchable(command);
  const stated = ofTrain.filter(
    ([name]) => searched.has(name) || (isGiven(command, name) && !['out', 'seeds'].includes(name)),
  );
  const values = flags as unknown as Readonly<Record<string, unknown>>;
  const options = Object.fromEntries(stated.map(([name]) => [name, values[name]]));
  return tunedConfig({
    options: { ...options, split: splitName, seed: flags.seed },
    places: stated.filter(([, option]) => isPath(option)).map(([name]) => name),
    parameters: best,
    folder: flags.out,
  });
}

async function tune(flags: TuneFlags, command: Command): Promise<void> {
  const output = createOutput(flags.json);
  const space = spaceOf(command, flags);
  const started = performance.now();
  await withInterrupt(async (signal) => {
    const { data, seed, seeds, out, workers, reduction, labelsPerClass, validationPerClass } =
      flags;
    const source = { data, labelsPerClass, validationPerClass };
    const loaded = await loadData({ ...source, split: flags.split, seed, signal });
    for (const note of loaded.notes) output.line(`note: ${note}`);
    checkValidation(loaded);
    const { graph, split, splitName } = loaded;
    const given = await readGivenTeacher(flags, graph);
    const trials = trialsOf(flags, space, (chosen, seed) => ({
      ...trainOptions(chosen, seed, graph),
      ...given.options,
    }));
    if (trials.length < flags.trials) {
      output.line(
        `note: the space holds no more than ${trials.length} different trials that make a run.`,
      );
    }
    const sets = Object.entries(split).map(([name, nodes]) => [name, [...nodes]]);
    const [{ runs }] = trials;
    const code = packageJson.version;
    // Sums round otherwise on another device.
    const { runsOn } = await engineOf(flags, output);
    const key = await runKey({ data: graph.sha256, sets, space, seeds, runs, code, runsOn });
    const folder = join(out, 'checkpoint');
    if (flags.fresh) await clearTrials(folder);
    await using journal = await openJournal({
      file: join(out, 'journal.jsonl'),
      key,
      fresh: flags.fresh,
    });
    const setup = {
      source: { ...source, split: splitName },
      teacherLogits: flags.teacherLogits,
      device: flags.device,
      threads: flags.threads ?? 1,
      folder,
      key,
    };
    async function run(): Promise<SearchResult> {
      await using pool = createWorkerPool({ workers, setup, signal });
      using progress = createTuneView(trials);
      return await search({ trials, reduction, workers, pool, journal, folder, progress });
    }
    const result = await run();

    const [config, report] = [join(out, 'config.json'), join(out, 'search.html')];
    const figures = tuneFigures(trials, result, {
      seconds: Math.round((performance.now() - started) / 100) / 10,
      config,
      report,
    });
    const tuned = configOf(command, flags, splitName, figures.best.parameters);
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
