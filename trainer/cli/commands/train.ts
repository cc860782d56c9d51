// `dandan train`: a graph or a plant's history in, a certified bundle out.
import { join } from 'node:path';
import { Command } from 'commander';
import type { ChosenEngine } from '../../autodiff/device/choose-engine.ts';
import { declareConfigOption } from '../../config/config-option.ts';
import { loadData, PLANT } from '../../data/load-data.ts';
import type { Figures } from '../../evaluate/figures.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { toldOf } from '../../retrain/train-challenger.ts';
import { ANSWERS_SCHEMA } from '../../run/answers/answers-file.ts';
import { folderCheckpoint } from '../../run/checkpoint.ts';
import { type TrainRunResult, trainRun } from '../../run/train-run.ts';
import { dataOrigin, writeRun } from '../../run/write-run.ts';
import { buildTime } from '../build-time.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput, type Output } from '../output.ts';
import { reportRun } from '../report-run.ts';
import { runKey } from '../run-key.ts';
import { summariseSeeds } from '../seed-summary.ts';
import { certificationText } from '../terminal/certification-text.ts';
import { figuresTable } from '../terminal/figures-table.ts';
import { createProgressView } from '../terminal/progress-view.ts';
import { type DeviceFlag, declareDevice, engineOf } from './device-flag.ts';
import { declareGivenTeacher, type GivenTeacherFlags, readGivenTeacher } from './given-teacher.ts';
import {
  declareStartFrom,
  readChampion,
  type StartFromFlags,
  withHardCases,
} from './start-from-flags.ts';
import { declareTrainFlags, modelName, type TrainFlags, trainOptions } from './train-flags.ts';

type Flags = TrainFlags & GivenTeacherFlags & DeviceFlag & StartFromFlags & { report: boolean };

interface SeedContext {
  readonly out: string;
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly chosen: ChosenEngine;
}

async function trainSeed(flags: Flags, seed: number, context: SeedContext) {
  const { out, signal, output } = context;
  const { engine, runsOn } = context.chosen;
  const read = await loadData({ ...flags, seed, signal });
  const loaded = await withHardCases(read, flags.hardCases, signal);
  const started = await readChampion(flags.warmStart);
  const { graph, split, splitName } = loaded;
  for (const note of loaded.notes) output.line(`note: ${note}`);
  const given = await readGivenTeacher(flags, graph);
  const chosen = trainOptions(flags, seed, graph);
  const options = { ...chosen, ...given.options };
  // The hash of the data covers no split, and a public split may be edited between two runs.
  const sets = Object.entries(split).map(([name, nodes]) => [name, [...nodes]]);
  const code = packageJson.version;
  const told = toldOf({ loaded, warmStart: started });
  // Sums round otherwise on another device.
  // Steps of older code kept no answers.
  const answers = ANSWERS_SCHEMA;
  const key = await runKey({ data: graph.sha256, sets, options, code, runsOn, answers, ...told });
  const checkpoint = folderCheckpoint(join(out, 'checkpoint'), key);
  if (flags.fresh) await checkpoint.clear();
  using progress = createProgressView();
  const result = await trainRun({
    graph,
    split,
    splitName,
    options,
    teacherLogits: given.teacherLogits,
    corrections: loaded.corrections,
    champion: started?.champion,
    told,
    // A project has a name of its own.
    model: flags.model ?? modelName(graph.places === undefined ? flags.data : graph.name),
    version: flags.modelVersion,
    created: buildTime(),
    codeVersion: code,
    batchThreshold: flags.batchThreshold,
    checkpoint,
    progress,
    engine,
    signal,
  });
  await writeRun(out, result, dataOrigin(flags.data, PLANT));
  await checkpoint.clear();
  // With hard cases the report is of the data that they joined: their nodes are no test nodes.
  return { result, read };
}

async function train(flags: Flags): Promise<void> {
  const output = createOutput(flags.json);
  await withInterrupt(async (signal) => {
    const chosen = await engineOf(flags, output);
    const results: TrainRunResult[] = [];
    for (let seed = flags.seed; seed < flags.seed + flags.seeds; seed++) {
      const out = flags.seeds === 1 ? flags.out : join(flags.out, `seed-${seed}`);
      const { result, read } = await trainSeed(flags, seed, { out, signal, output, chosen });
      for (const line of figuresTable(result.figures)) output.line(line);
      output.line(`  ${certificationText(result.certification)}`);
      output.line(`  ${join(out, 'bundle.safetensors')}  ${result.bytes.byteLength} bytes`);
      // Its figures of incidents and alarms are what a plant trains for; a graph has none.
      if (flags.report && read.graph.places !== undefined) {
        output.line(`  ${(await reportRun({ run: out, loaded: read, signal })).out}`);
      }
      results.push(result);
    }
    const all: Figures[] = results.map(({ figures }) => figures);
    if (all.length === 1) output.result(all[0]);
    else {
      const summary = summariseSeeds(all);
      for (const line of summary.lines) output.line(line);
      output.result({ ...all[0], seeds: all, mean: summary.mean, std: summary.std });
    }
  }, 'Stopped. Finished steps are kept; run the same command to go on.');
}

export function trainCommand(): Command {
  const command = new Command('train')
    .description('Distil a teacher GNN into a cascade of tiny MLPs and write a certified bundle.')
    .option('--no-report', 'of a plant: leave out the page that report writes');
  return declareConfigOption(
    declareDevice(declareStartFrom(declareGivenTeacher(declareTrainFlags(command)))),
  ).action((flags: Flags) => train(flags));
}
