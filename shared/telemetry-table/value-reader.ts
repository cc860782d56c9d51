// Cells of one channel as numbers in the channel's unit.
import { InputError } from '../error/index.ts';
import { type Cell, readNumber } from './cell.ts';
import type { ChannelUnits } from './channel-units.ts';
import type { ChannelUse } from './column-use.ts';

/** Why a cell gives no value. */
export interface Refusal {
  readonly value: Cell;
  readonly allowed: string;
  readonly message: string;
}

export interface ValueReader {
  readonly use: ChannelUse;
  /** The value; NaN where it is missing; a refusal where the cell holds something else. */
  read(cell: Cell): number | Refusal;
}

const NUMBER_WORDS = 'a finite number, or empty where missing';

/** What most probably is a number of a country that writes it so. */
const WITH_COMMA = /^\s*[+-]?\d+,\d+\s*$/;

/** @throws {InputError} `unit-unknown` where the unit cannot become that of the channel. */
export function createValueReader(options: {
  readonly use: ChannelUse;
  readonly units: ChannelUnits;
  readonly decimalComma: boolean;
}): ValueReader {
  const { use, units, decimalComma } = options;
  const { channel, unit } = use;
  units.state(channel, unit);
  const same = unit === '' || unit === units.unitOf(channel);
  const allowed = decimalComma ? `${NUMBER_WORDS}, written 1,5` : NUMBER_WORDS;
  if (!same) units.convert(channel, unit, 0);

  function convert(value: number, cell: Cell): number | Refusal {
    try {
      return units.convert(channel, unit, value);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { value: cell, allowed: error.allowed ?? NUMBER_WORDS, message: error.message };
    }
  }

  return {
    use,
    read(cell) {
      const value = readNumber(cell, decimalComma);
      if (value === undefined) {
        const isWithComma = !decimalComma && typeof cell === 'string' && WITH_COMMA.test(cell);
        return {
          value: cell,
          allowed: isWithComma ? `${allowed}; decimalComma: true for numbers written 1,5` : allowed,
          message: 'not a number',
        };
      }
      return same || Number.isNaN(value) ? value : convert(value, cell);
    },
  };
}
