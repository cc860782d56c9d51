// Flags of `dandan-gateway simulate` that say where samples come from and at which pace.
import { InputError } from '@dandan/shared/error';
import {
  openCsv,
  openPlant,
  type Pace,
  type SampleSource,
  type TimeUnit,
} from '../simulate/index.ts';
import { parseNumber } from './simulate-faults.ts';

/** As commander gives them. */
export interface SourceFlags {
  readonly csv?: string;
  readonly parquet?: string;
  readonly project?: string;
  readonly run?: string;
  readonly plantSeed?: string;
  readonly day?: string;
  readonly hours?: string;
  readonly lines?: string;
  readonly machines?: string;
  readonly timeColumn?: string;
  readonly timeUnit?: TimeUnit;
  readonly assetColumn?: string;
  readonly asset?: string;
  readonly channelColumn?: string;
  readonly valueColumn?: string;
  readonly channels?: string;
  readonly delimiter?: string;
  readonly decimalComma?: boolean;
}

/** The plant's own flags, told by name where one is out of range. */
function openEmbedded(flags: SourceFlags): SampleSource {
  const { plantSeed, day, hours, lines, machines } = flags;
  const number = (field: string, text: string | undefined) =>
    text === undefined ? undefined : parseNumber(field, text);
  const given = {
    plantSeed: number('--plant-seed', plantSeed),
    daySeed: number('--day', day),
    lines: number('--lines', lines),
    machinesPerLine: number('--machines', machines),
    durationMs: hours === undefined ? undefined : 3_600_000 * parseNumber('--hours', hours),
  };
  return openPlant(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
}

/** Tabs are hard to type in a shell. */
function delimiterOf(text: string): string {
  if (text === 'tab' || text === '\\t') return '\t';
  if (text.length === 1 && text !== '"') return text;
  throw new InputError('option-invalid', `--delimiter cannot be '${text}'`, {
    field: '--delimiter',
    value: text,
    allowed: 'one character, or tab',
  });
}

/** Opens what the flags name; without any it is the embedded plant. @throws {InputError} */
export async function openSource(flags: SourceFlags): Promise<SampleSource> {
  const { csv, parquet, project, run, channels, delimiter, ...columns } = flags;
  const sources = { '--csv': csv, '--parquet': parquet, '--project': project };
  const [, second] = Object.entries(sources).filter(([, value]) => value !== undefined);
  if (second !== undefined) {
    const [field, value] = second;
    const allowed = 'one of --csv, --parquet and --project';
    throw new InputError('option-invalid', 'There is one source', { field, value, allowed });
  }
  if (project !== undefined) {
    // A gateway in production never loads it.
    const { openProject } = await import('../simulate/sources/project-source.ts');
    return openProject({ folder: project, ...(run !== undefined && { run }) });
  }
  if (run !== undefined) {
    throw new InputError('option-invalid', 'Runs are of a project', {
      field: '--run',
      value: run,
      allowed: '--project beside it',
    });
  }
  const table = {
    ...columns,
    ...(channels === undefined ? {} : { channels: channels.split(',') }),
  };
  if (csv !== undefined) {
    const split = delimiter === undefined ? {} : { delimiter: delimiterOf(delimiter) };
    return openCsv({ ...table, ...split, file: csv });
  }
  if (parquet === undefined) return openEmbedded(flags);
  // Its decoder is 200 kB that only this needs.
  const { openParquet } = await import('../simulate/sources/parquet-source.ts');
  return openParquet({ ...table, file: parquet });
}

/** @throws {InputError} `option-invalid`. */
export function parsePace({ speed, rate }: { speed: string; rate?: string }): Pace {
  if (rate !== undefined) {
    const samplesPerSecond = parseNumber('--rate', rate);
    if (samplesPerSecond > 0) return { kind: 'rate', samplesPerSecond };
  } else if (speed === 'max') return { kind: 'max' };
  else {
    const factor = parseNumber('--speed', speed);
    if (factor > 0) return { kind: 'speed', factor };
  }
  throw new InputError('option-invalid', 'A simulation has to go on', {
    field: rate === undefined ? '--speed' : '--rate',
    value: rate ?? speed,
    allowed: rate === undefined ? 'a number above 0, or max' : 'a number of samples above 0',
  });
}

/** @returns milliseconds since the epoch, `undefined` for the source's own time. */
export function parseStart(text: string, now = Date.now()): number | undefined {
  if (text === 'original') return undefined;
  if (text === 'now') return now;
  const time = Date.parse(text);
  if (time >= 0) return time;
  throw new InputError('option-invalid', `--start cannot be '${text}'`, {
    field: '--start',
    value: text,
    allowed: 'original, now, or a time as 2026-01-05T06:00:00Z',
  });
}
