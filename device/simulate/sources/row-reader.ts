// One row of a table into its samples, with errors by file and line.
import { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';
import { checkTopicLevel } from '@dandan/shared/wire';
import { parseTime, TIME_WORDS } from './parse-time.ts';
import type { TableColumns } from './table-columns.ts';

/** A cell of a text or of a typed table. */
export type Cell = string | number | bigint | boolean | Date | null | undefined | object;

export interface RowReaderOptions {
  readonly columns: TableColumns;
  readonly titles: readonly string[];
  /** The file as errors call it. */
  readonly name: string;
  /** 1,5 instead of 1.5. @default {false} */
  readonly decimalComma?: boolean;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const NO_VALUE = /^(|nan|null|na|n\/a|-)$/i;
const CHANNEL = /^[A-Za-z0-9_.-]{1,64}$/;

/** @returns the row's samples; none for cells that are empty. */
export function createRowReader(options: RowReaderOptions) {
  const { columns, titles, name, decimalComma = false } = options;
  const knownAssets = new Set<string>();

  function refuse(line: number, at: number, value: Cell, allowed: string): never {
    const field = `${name}:${line}:${titles[at]}`;
    throw new InputError('data-invalid', `${field} is not usable`, {
      field,
      value: typeof value === 'bigint' ? String(value) : value,
      allowed,
    });
  }

  function numberOf(cell: Cell, line: number, at: number): number | undefined {
    if (cell === null || cell === undefined) return undefined;
    if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined;
    if (typeof cell === 'bigint' || typeof cell === 'boolean') return Number(cell);
    if (typeof cell !== 'string') return refuse(line, at, 'an object', 'a number');
    const text = cell.trim();
    if (NO_VALUE.test(text)) return undefined;
    const plain = decimalComma ? text.replace(',', '.') : text;
    if (!NUMBER.test(plain)) return refuse(line, at, cell, 'a number, or empty where missing');
    const value = Number(plain);
    return Number.isFinite(value) ? value : refuse(line, at, cell, 'a finite number');
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
    const { time: timeAt, timeUnit, values } = columns;
    const cell = cells[timeAt];
    const time = parseTime(cell, timeUnit) ?? refuse(line, timeAt, cell, TIME_WORDS);
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
    if (!CHANNEL.test(channel)) {
      refuse(line, values.channel, channel, 'letters, digits, _ . - (1..64)');
    }
    return value === undefined ? [] : [{ asset, channel, time, value }];
  };
}
