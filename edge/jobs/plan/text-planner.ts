// Text inputs: read once from end to end, a window a step. Only so is a row's index known before it is
// answered, and a quoted line end told from a record's.
import { InputError } from '@dandan/shared/error';
import { cutRecords } from './cut-records.ts';
import type { PlanContext, PlannedPart, Position } from './planner.ts';

/** The chunks of the next window of `source`. @throws {InputError} `rows-malformed` for a record that fits no chunk. */
export async function cutText(
  { source, profile, rows }: PlanContext,
  from: Position,
  quoted: boolean,
): Promise<PlannedPart> {
  const window = await source.read(from.begin, profile.scanBytes);
  const last = from.begin + window.byteLength >= source.bytes;
  const { chunks, taken, line } = cutRecords(window, {
    quoted,
    last,
    rows,
    maxBytes: profile.maxChunkBytes,
    maxChunks: profile.chunksPerStep,
    line: from.place,
    offset: from.begin,
  });
  const begin = from.begin + taken;
  if (taken === 0 && window.byteLength > 0) {
    throw new InputError('rows-malformed', `A record of '${source.name}' is too long`, {
      field: `${source.name}:${line}`,
      allowed: `at most ${profile.scanBytes} bytes`,
    });
  }
  return { chunks, next: begin < source.bytes ? { begin, place: line } : undefined };
}
