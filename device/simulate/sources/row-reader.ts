// One row of a table into its samples, with errors by file and line.
import { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';
import {
  type Cell,
  CHANNEL_NAME,
  CHANNEL_WORDS,
  createStream,
  createTimeReader,
  readNumber,
} from '@dandan/shared/telemetry-table';
import { checkTopicLevel } from '@dandan/shared/wire';
import type { TableColumns } from './table-columns.ts';

export interface RowReaderOptions {
  readonly columns: TableColumns;
  readonly titles: readonly string[];
  /** The file as errors call it. */
  readonly name: string;
  /** 1,5 instead of 1.5. @default {false} */
  readonly decimalComma?: boolean;
}

/** What a cell of a time column may hold, in words. */
const TIME_WORDS = 'ISO 8601 (UTC unless it has an offset), or a number in the time unit';

/** @returns the row's samples; none for cells that are empty. */
export function createRowReader(options: RowReaderOptions) {
  const { columns, titles, name, decimalComma = false } = options;
  const knownAssets = new Set<string>();
  const times = createTimeReader({ unit: columns.timeUnit, timeZone: 'UTC' });
  // UTC shows no time twice: what stood before a time does not matter.
  const stream = createStream();

  function refuse(line: number, at: number, value: Cell, allowed: string): never {
    const field = `${name}:${line}:${titles[at]}`;
    throw new InputError('data-invalid', `${field} is not usable`, {
      field,
      value: typeof value === 'bigint' ? String(value) : value,
      allowed,
    });
  }

  function numberOf(cell: Cell, line: number, at: number): number | undefined {
    const value = readNumber(cell, decimalComma);
    if (value === undefined) return refuse(line, at, cell, 'a number, or empty where missing');
    return Number.isNaN(value) ? undefined : value;
  }

  function assetOf(cells: readonly Cell[], line: number): string {
    if (typeof columns.asset === 'string') return columns.asset;
    const asset = String(cells[columns.asset] ?? '').trim();
    if (knownAssets.has(asset)) return asset;
    checkTopicLevel(`${name}:${line}:${titles[columns.asset]}`, asset);
    knownAssets.add(asset);
    return asset;
  }

  return function read(cells: readonly Cell[], line: number): Sample[] {
    const { time: timeAt, values } = columns;
    const cell = cells[timeAt];
    const time = times.read(cell, stream) ?? refuse(line, timeAt, cell, TIME_WORDS);
    const asset = assetOf(cells, line);
    if (values.kind === 'wide') {
      const samples: Sample[] = [];
      for (const [at, channel] of values.channels) {
        const value = numberOf(cells[at], line, at);
        if (value !== undefined) samples.push({ asset, channel, time, value });
      }
      return samples;
    }
    const value = numberOf(cells[values.value], line, values.value);
    const channel = String(cells[values.channel] ?? '').trim();
    if (!CHANNEL_NAME.test(channel)) {
      refuse(line, values.channel, channel, CHANNEL_WORDS);
    }
    return value === undefined ? [] : [{ asset, channel, time, value }];
  };
}
