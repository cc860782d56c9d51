// The telemetry of a plant's project as a source: the samples that the trainer makes rows of, read
// by the same code and in the same order.
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';
import {
  historySchema,
  mergeSeries,
  readTables,
  type Telemetry,
} from '@dandan/shared/telemetry-table';
import { parseYaml } from '../../config/parse-config.ts';
import { openFolder } from './folder-store.ts';
import type { SampleSource } from './sample-source.ts';

export interface ProjectOptions {
  /** Folder with a plant.yaml. */
  readonly folder: string;
  /** The only run to play, as the files name it. @default {all, one behind the other} */
  readonly run?: string;
}

const FILES = ['plant.yaml', 'plant.yml', 'plant.json'];

/** The trainer refuses larger ones too. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Samples handed on at a time. */
const BATCH_SAMPLES = 4096;

/** Runs named in an error. */
const MAX_SHOWN = 8;

async function readProject(folder: string) {
  for (const name of FILES) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (!found?.isFile()) continue;
    if (found.size > MAX_FILE_BYTES) {
      throw new InputError('config-invalid', `${name} is too large`, {
        field: name,
        value: `${found.size} bytes`,
        allowed: `at most ${MAX_FILE_BYTES} bytes`,
      });
    }
    const text = await readFile(join(folder, name), 'utf8');
    return parseYaml({ file: name, text, schema: historySchema, example: 'docs/plant.md' });
  }
  throw new InputError('data-missing', `'${folder}' is no project of a plant`, {
    field: '--project',
    value: folder,
    allowed: `a folder with ${FILES.join(' or ')}`,
  });
}

interface Span {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** Runs in the order of time. @throws {InputError} where two of them cover the same time. */
function runsOf({ runs, series }: Telemetry, wanted: string | undefined): number[] {
  const refuse = (message: string, value: unknown): never => {
    const names = runs.slice(0, MAX_SHOWN).map(({ name }) => name || "''");
    const more = runs.length > MAX_SHOWN ? ` and ${runs.length - MAX_SHOWN} more` : '';
    const allowed = `one of ${names.join(', ')}${more}`;
    throw new InputError('option-invalid', message, { field: '--run', value, allowed });
  };
  if (wanted !== undefined) {
    const at = runs.findIndex(({ name }) => name === wanted);
    return at >= 0 ? [at] : refuse(`The project has no run '${wanted}'`, wanted);
  }
  const spans: Span[] = runs.map((_, at) => {
    const own = series.filter(({ run }) => run === at);
    const from = own.reduce((least, { times }) => Math.min(least, times[0]), Infinity);
    const to = own.reduce((most, { times }) => Math.max(most, times[times.length - 1]), 0);
    return { at, from, to };
  });
  spans.sort((a, b) => a.from - b.from);
  if (spans.some(({ from }, i) => i > 0 && from <= spans[i - 1].to)) {
    refuse('Runs of the project cover the same time: a gateway hears one of them', undefined);
  }
  return spans.map(({ at }) => at);
}

function* samplesOf(telemetry: Telemetry, run: number): Generator<Sample> {
  const { assets, channels } = telemetry;
  const own = telemetry.series.filter((each) => each.run === run);
  for (const { series, at } of mergeSeries(own)) {
    const asset = assets[series.asset];
    const channel = channels[series.channel].name;
    yield { asset, channel, time: series.times[at], value: series.values[at] };
  }
}

/** Opens a project; its files are read once, when the first `read` begins. */
export async function openProject({ folder, run }: ProjectOptions): Promise<SampleSource> {
  const project = await readProject(folder);
  const units = new Map<string, string>();
  let telemetry: Telemetry | undefined;

  async function load(signal: AbortSignal): Promise<Telemetry> {
    const { telemetry: read } = await readTables({
      sources: project.telemetry,
      timeZone: project.timeZone,
      channels: project.channels,
      store: openFolder(folder, signal),
      report({ code, message, ...details }) {
        throw new InputError(code, message, details);
      },
      signal,
    });
    for (const { name, unit } of read.channels) if (unit !== '') units.set(name, unit);
    return read;
  }

  return {
    name: basename(folder),
    units,
    async *read(signal) {
      telemetry ??= await load(signal);
      let batch: Sample[] = [];
      for (const at of runsOf(telemetry, run)) {
        for (const sample of samplesOf(telemetry, at)) {
          batch.push(sample);
          if (batch.length < BATCH_SAMPLES) continue;
          yield batch;
          batch = [];
        }
      }
      yield batch;
    },
  };
}
