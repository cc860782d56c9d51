// Files in memory whose power can be cut before any operation: what was not brought to the disk
// is then lost, kept, or torn, as disks do.
import { dirname } from 'node:path';
import type { Files } from '../files.ts';

/**
 * `lost`: only what was synced is there. `kept`: all of it, as after a kill. `torn`: names are on
 * the disk before bytes, and half of what was not synced is zeros.
 */
export type Loss = 'lost' | 'kept' | 'torn';

export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

interface Inode {
  bytes: Uint8Array;
  synced: Uint8Array;
}

export interface FragileFiles extends Files {
  /** Names of the operations that changed something, in order. */
  readonly operations: string[];
  /** From the operation of this index on everything fails, until `restart`. */
  cutAt: number;
  /** The power comes back. */
  restart(loss: Loss): void;
  /** Changes bytes as a failing disk does. */
  damage(path: string, change: (bytes: Uint8Array) => Uint8Array): void;
  paths(): string[];
  readonly dead: boolean;
  /** The same disk once more. */
  clone(): FragileFiles;
}

function torn({ bytes, synced }: Inode): Uint8Array {
  if (bytes === synced) return bytes;
  const half = bytes.slice();
  half.fill(0, Math.floor(bytes.byteLength / 2));
  return half;
}

const copyOf = (names: ReadonlyMap<string, Inode>) =>
  new Map([...names].map(([path, node]) => [path, { ...node }]));

export function createFragileFiles(disk: ReadonlyMap<string, Inode> = new Map()): FragileFiles {
  const operations: string[] = [];
  let names = copyOf(disk);
  let durable = new Map(names);
  let dead = false;

  function alive(operation?: string): void {
    if (operation !== undefined && operations.length === files.cutAt) dead = true;
    if (dead) throw new PowerCut(`before ${operation ?? 'a read'}`);
    if (operation !== undefined) operations.push(operation);
  }

  function inode(path: string): Inode {
    const found = names.get(path);
    if (found === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    return found;
  }

  function put(path: string, bytes: Uint8Array): void {
    const found = names.get(path);
    if (found === undefined) names.set(path, { bytes, synced: new Uint8Array() });
    else found.bytes = bytes;
  }

  const files: FragileFiles = {
    operations,
    cutAt: Number.POSITIVE_INFINITY,
    async read(path, limit) {
      alive();
      return names.get(path)?.bytes.slice(0, limit);
    },
    async list(folder) {
      alive();
      return [...names]
        .filter(([path]) => dirname(path) === folder)
        .map(([path, { bytes }]) => ({
          name: path.slice(folder.length + 1),
          bytes: bytes.byteLength,
        }));
    },
    async makeFolder() {
      alive();
    },
    async write(path, bytes) {
      alive('write');
      put(path, bytes.slice());
    },
    async writeFrom(path, offset, bytes) {
      alive('writeFrom');
      const before = names.get(path)?.bytes ?? new Uint8Array();
      const all = new Uint8Array(offset + bytes.byteLength);
      all.set(before.subarray(0, offset));
      all.set(bytes, offset);
      put(path, all);
    },
    async sync(path) {
      alive('sync');
      const found = inode(path);
      found.synced = found.bytes;
    },
    async rename(from, to) {
      alive('rename');
      names.set(to, inode(from));
      names.delete(from);
    },
    async syncFolder(folder) {
      alive('syncFolder');
      const own = ([path]: readonly [string, Inode]) => dirname(path) === folder;
      durable = new Map([...[...durable].filter((e) => !own(e)), ...[...names].filter(own)]);
    },
    async remove(path) {
      alive('remove');
      names.delete(path);
    },
    restart(loss) {
      dead = false;
      files.cutAt = Number.POSITIVE_INFINITY;
      if (loss === 'lost') names = new Map(durable);
      for (const node of names.values()) {
        if (loss === 'lost') node.bytes = node.synced;
        if (loss === 'torn') node.bytes = torn(node);
        node.synced = node.bytes;
      }
      durable = new Map(names);
    },
    damage(path, change) {
      const node = inode(path);
      node.bytes = change(node.bytes.slice());
      node.synced = node.bytes;
    },
    get dead() {
      return dead;
    },
    clone: () => createFragileFiles(names),
    paths: () => [...names.keys()].sort(),
  };
  return files;
}
