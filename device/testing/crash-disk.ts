// A disk that loses power: what was not synced is gone, or there in part, or garbled; names that
// were not synced are the old ones. Every operation can be the last.
import type { Random } from '@dandan/shared/random';
import type { JournalFolder } from '../intake/journal/index.ts';

/** The power is off: nothing the process does has an effect any more. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

interface Content {
  synced: Uint8Array;
  now: Uint8Array;
}

export interface CrashDisk extends JournalFolder {
  /** Operations that change something, so far. */
  readonly operations: number;
  /** The power fails at this operation. @default {never} */
  failAt: number;
  /** Every write fails with this code while it is set, as on a full disk. */
  refusal: string | undefined;
  /** The disk as it is found after the power cut. */
  afterCut(random: Random): CrashDisk;
}

function survivor({ synced, now }: Content, random: Random): Uint8Array {
  const kept = synced.byteLength + random.below(now.byteLength - synced.byteLength + 1);
  const found = now.slice(0, kept);
  // Sectors that never reached the disk hold whatever was there before.
  if (random.below(2) === 0) {
    for (let i = synced.byteLength; i < kept; i++) if (random.below(3) === 0) found[i] = 0;
  }
  return found;
}

/** A disk with `files`, all of them synced. */
export function createCrashDisk(files: ReadonlyMap<string, Uint8Array> = new Map()): CrashDisk {
  let entries = new Map<string, Content>(
    [...files].map(([name, bytes]) => [name, { synced: bytes, now: bytes }]),
  );
  /** Names as of the last sync of the folder, and all changes since then, in order. */
  let syncedEntries = new Map(entries);
  let changes: ((names: Map<string, Content>) => void)[] = [];
  let operations = 0;
  const disk: CrashDisk = {
    get operations() {
      return operations;
    },
    failAt: Number.POSITIVE_INFINITY,
    refusal: undefined,
    list: async () => [...entries.keys()],
    read: async (name) => (entries.get(name) as Content).now.slice(),
    async open(name, size) {
      operate();
      const known = entries.get(name);
      const content = size === 0 || known === undefined ? empty() : known;
      if (content !== known) change((names) => names.set(name, content));
      else content.now = content.now.slice(0, size);
      if (content.synced.byteLength > size) content.synced = content.synced.slice(0, size);
      return {
        async write(bytes) {
          // The cut may come in the middle of a write.
          content.now = Buffer.concat([content.now, bytes]);
          operate();
        },
        async sync() {
          operate();
          content.synced = content.now;
        },
        close: async () => {},
      };
    },
    async rename(from, to) {
      operate();
      const content = entries.get(from) as Content;
      change((names) => {
        names.delete(from);
        names.set(to, content);
      });
    },
    async remove(name) {
      operate();
      change((names) => names.delete(name));
    },
    async sync() {
      operate();
      syncedEntries = new Map(entries);
      changes = [];
    },
    afterCut(random) {
      // A file system keeps the order of changes of names, and any number of them.
      const names = new Map(syncedEntries);
      for (const each of changes.slice(0, random.below(changes.length + 1))) each(names);
      return createCrashDisk(
        new Map([...names].map(([name, content]) => [name, survivor(content, random)])),
      );
    },
  };

  function empty(): Content {
    return { synced: new Uint8Array(0), now: new Uint8Array(0) };
  }

  function operate(): void {
    if (++operations >= disk.failAt) throw new PowerCut('The power failed');
    if (disk.refusal !== undefined)
      throw Object.assign(new Error(disk.refusal), { code: disk.refusal });
  }

  function change(act: (names: Map<string, Content>) => void): void {
    entries = new Map(entries);
    act(entries);
    changes.push(act);
  }

  return disk;
}
