// Times of label sheets: with an offset, or of the plant's own clocks, read as those of telemetry.
import { createStream, createTimeReader } from '@dandan/shared/telemetry-table';
import type { SheetCell } from '../sheet/read-sheet.ts';

const EXAMPLE = '2026-04-01 08:30';

export interface LabelClock {
  /** Milliseconds since the epoch; where clocks were set back, the first of the two. */
  read(cell: SheetCell): number | undefined;
  /** What the cell that was refused last should have held. */
  readonly allowed: string;
}

/** @throws {RangeError} for no time zone. */
export function createLabelClock(timeZone: string): LabelClock {
  const reader = createTimeReader({ unit: 'auto', timeZone });
  return {
    // A line of a sheet says nothing of the next: each has a stream of its own.
    read: (cell) => reader.read(cell, createStream()),
    get allowed() {
      const { allowed } = reader;
      // Telemetry has a setting for dates such as 05/01/2026; people who type can write the year first.
      const words = allowed.startsWith('dateOrder') ? 'a date that begins with its year' : allowed;
      return `${words}, e.g. ${EXAMPLE}`;
    },
  };
}
