// What an earlier process has left: the newest sound snapshot and the records after it.
import { measureFrames, readFrames } from './frame.ts';
import type { JournalFolder } from './journal-folder.ts';
import { decodeRecord, type JournalRecord } from './record.ts';

const SEGMENT = /^(\d{10})\.journal$/;

export interface Recovered {
  /** State at the beginning of the segment; `undefined` for a journal that begins. */
  readonly state: unknown;
  /**
   * In order, decoded while they are walked through: all at once they would take five times the
   * room of the file. Payloads are views into it.
   */
  readonly records: Iterable<JournalRecord>;
  readonly count: number;
  /** The segment to go on with: its number, and the bytes of it that are sound. */
  readonly segment: { readonly number: number; readonly soundBytes: number };
  /** Bytes behind the last sound record: torn by a power cut, or damaged. */
  readonly lostBytes: number;
}

export const segmentName = (number: number): string =>
  `${String(number).padStart(10, '0')}.journal`;

/** Numbers of the segments in a folder, newest first. */
export async function listSegments(folder: JournalFolder): Promise<number[]> {
  const names = await folder.list();
  return names
    .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

function* recordsOf(bytes: Uint8Array): Generator<JournalRecord> {
  for (const frame of readFrames(bytes)) {
    const record = decodeRecord(frame);
    if (record.kind !== 'snapshot') yield record;
  }
}

export const NOTHING = { state: undefined, records: [], count: 0 } as const;

async function readSegment(folder: JournalFolder, number: number): Promise<Recovered | undefined> {
  const bytes = await folder.read(segmentName(number));
  const { soundBytes, count } = measureFrames(bytes);
  const { value: frame } = readFrames(bytes).next();
  const first = frame === undefined ? undefined : decodeRecord(frame);
  if (first?.kind !== 'snapshot') return undefined;
  return {
    state: first.state ?? undefined,
    records: { [Symbol.iterator]: () => recordsOf(bytes) },
    count: count - 1,
    segment: { number, soundBytes },
    lostBytes: bytes.byteLength - soundBytes,
  };
}

/**
 * Reads the newest segment that begins with a snapshot. A segment gets its name only once its
 * snapshot is on the disk, so an older one is needed only where the disk has damaged the newest.
 */
export async function recover(folder: JournalFolder): Promise<Recovered> {
  const numbers = await listSegments(folder);
  let lostBytes = 0;
  for (const number of numbers) {
    const recovered = await readSegment(folder, number);
    if (recovered !== undefined) {
      return { ...recovered, lostBytes: recovered.lostBytes + lostBytes };
    }
    lostBytes += (await folder.read(segmentName(number))).byteLength;
  }
  const next = (numbers[0] ?? 0) + 1;
  return { ...NOTHING, segment: { number: next, soundBytes: 0 }, lostBytes };
}
