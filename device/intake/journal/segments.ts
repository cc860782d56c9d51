// The files of a journal: one that grows, until a snapshot of what follows from it begins the next.
import { encodeFrame } from './frame.ts';
import type { JournalFile, JournalFolder } from './journal-folder.ts';
import { encodeRecord, type JournalRecord, type SnapshotRecord } from './record.ts';
import { listSegments, type Recovered, segmentName } from './recover.ts';

export interface Segments {
  /** Of the present segment, and of the snapshot at its beginning. */
  readonly bytes: number;
  readonly snapshotBytes: number;
  /** Writes that waited for the disk. */
  readonly commits: number;
  /** Goes on with the segment that was recovered, or begins the first. */
  open(): Promise<void>;
  /** Begins the segment after the present one with a snapshot, and removes all before it. */
  begin(state: unknown): Promise<void>;
  /** Resolves when the records are on the disk; delivered ids alone do not wait for that. */
  append(records: readonly JournalRecord[]): Promise<void>;
  close(): Promise<void>;
}

const NEW = '.new';

/** Segments in `folder`, from where `recovered` has ended. All but `close` throw what the disk says. */
export function createSegments(folder: JournalFolder, recovered: Recovered): Segments {
  const isFirst = recovered.segment.soundBytes === 0;
  let number = isFirst ? recovered.segment.number - 1 : recovered.segment.number;
  let bytes = recovered.segment.soundBytes;
  let snapshotBytes = 0;
  let commits = 0;
  let file: JournalFile | undefined;

  async function write(records: readonly (JournalRecord | SnapshotRecord)[], to: JournalFile) {
    const all = Buffer.concat(records.flatMap((record) => encodeFrame(encodeRecord(record))));
    await to.write(all);
    if (records.some(({ kind }) => kind !== 'delivered')) {
      await to.sync();
      commits++;
    }
    return all.byteLength;
  }

  async function begin(state: unknown): Promise<void> {
    const next = segmentName(number + 1);
    const begun = await folder.open(`${next}${NEW}`, 0);
    try {
      snapshotBytes = await write([{ kind: 'snapshot', state }], begun);
      await folder.rename(`${next}${NEW}`, next);
      await folder.sync();
    } catch (error) {
      await begun.close().catch(() => {});
      throw error;
    }
    const old = file;
    file = begun;
    number++;
    bytes = snapshotBytes;
    await old?.close();
    for (const other of await listSegments(folder)) {
      if (other < number) await folder.remove(segmentName(other));
    }
  }

  return {
    get bytes() {
      return bytes;
    },
    get snapshotBytes() {
      return snapshotBytes;
    },
    get commits() {
      return commits;
    },
    async open() {
      if (isFirst) await begin(recovered.state);
      else file = await folder.open(segmentName(number), bytes);
      for (const name of await folder.list()) {
        if (name.endsWith(NEW)) await folder.remove(name);
      }
    },
    begin,
    async append(records) {
      bytes += await write(records, file as JournalFile);
    },
    close: async () => file?.close(),
  };
}
