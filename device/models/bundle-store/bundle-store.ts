// Bundles on the gateway's disk, by their hash: whole ones or the first stages of them. What is
// being fetched stands beside as a part. Nothing is handed out that its pointer does not vouch for.
import { join } from 'node:path';
import { MAX_BUNDLE_BYTES, readBundle, sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import type { PointedBundle } from '@dandan/shared/release';
import type { Files } from './files.ts';
import { createPrefixCheck, type Stages } from './prefix-check.ts';
import { UNFINISHED } from './write-atomic.ts';

/** Eight bundles of the largest size, or hundreds of usual ones; flash of a gateway has 4 GB or more. */
export const DEFAULT_STORE_BYTES = 256 * 1024 * 1024;

const BUNDLE = '.safetensors';
const PART = '.part';
const NAME = /^([0-9a-f]{64})(\.safetensors|\.part)$/;

export interface BundleStoreOptions {
  /** Holds nothing but bundles. */
  readonly folder: string;
  readonly files: Files;
  /** @default {DEFAULT_STORE_BYTES} */
  readonly maxBytes?: number;
}

export interface StoredBundle {
  readonly sha256: string;
  readonly bytes: number;
  /** False: a part of a download. */
  readonly complete: boolean;
}

/** What `loadModel` needs to run a bundle of the store. */
export interface OpenedBundle {
  readonly file: string;
  readonly sha256: string;
  /** Stages to run: those asked for, or all where the bundle has fewer. */
  readonly stages: number;
  readonly pointed: PointedBundle;
  /** The file as it was checked. */
  readonly bytes: Uint8Array;
}

export type OpenResult =
  | ({ readonly kind: 'ready' } & OpenedBundle)
  /** Not here, or not as far. */
  | { readonly kind: 'missing' }
  /** Not what was released. */
  | { readonly kind: 'damaged' };

export interface Part {
  readonly bytes: Uint8Array;
  /** False: the bytes are of a bundle that has fewer stages, or is damaged, and are kept as no part. */
  readonly kept: boolean;
}

export interface BundleStore {
  /** Makes the folder and clears what a power cut has left unfinished. */
  prepare(): Promise<void>;
  list(): Promise<readonly StoredBundle[]>;
  /**
   * Reads and checks a bundle that is run by its first `stages`.
   *
   * @throws {InputError} `bundle-*` where the bundle itself, as it was released, cannot be run here.
   */
  open(pointed: PointedBundle, stages: Stages): Promise<OpenResult>;
  /** What is here to go on from. */
  readPart(sha256: string): Promise<Part>;
  /** @throws {InputError} `store-full`. */
  writePart(sha256: string, offset: number, bytes: Uint8Array): Promise<void>;
  /** Makes of a part a bundle, in one step. */
  seal(sha256: string): Promise<void>;
  /** Forgets what was fetched of a bundle. */
  discardPart(sha256: string): Promise<void>;
  /**
   * Removes every bundle and part that is not named. `keep` is asked after the folder was read, so
   * that what begins meanwhile is safe.
   *
   * @returns the bytes that were freed.
   */
  collect(keep: () => Promise<ReadonlySet<string>>): Promise<number>;
}

/** Stages of the manifest that are run where `stages` are asked for. */
const stagesRun = (stages: Stages, available: number) =>
  stages === 'all' ? available : Math.min(stages, available);

/** @returns how many stages are run, or why none is. @throws {InputError} `bundle-*`. */
async function checkStored(
  bytes: Uint8Array,
  pointed: PointedBundle,
  stages: Stages,
): Promise<number | 'missing' | 'damaged'> {
  const check = createPrefixCheck({ pointed, stages });
  if (bytes.byteLength > pointed.bytes || !(await check.advance(bytes))) return 'damaged';
  if (!check.complete) return 'missing';
  // A whole file goes by its own hash, which `loadModel` looks at too.
  const whole = bytes.byteLength === pointed.bytes;
  if (whole && (await sha256Hex(bytes)) !== pointed.sha256) return 'damaged';
  const { manifest } = await readBundle(bytes, { stages: 1 });
  const run = stagesRun(stages, manifest.stages.length);
  await readBundle(bytes, { stages: run });
  return run;
}

/** A store that has not looked at its folder yet: see `prepare`. */
export function createBundleStore(options: BundleStoreOptions): BundleStore {
  const { folder, files, maxBytes = DEFAULT_STORE_BYTES } = options;
  const path = (sha256: string, ending: string) => join(folder, `${sha256}${ending}`);

  async function list(): Promise<StoredBundle[]> {
    return (await files.list(folder)).flatMap(({ name, bytes }) => {
      const [, sha256, ending] = NAME.exec(name) ?? [];
      return sha256 === undefined ? [] : [{ sha256, bytes, complete: ending === BUNDLE }];
    });
  }

  const read = (sha256: string, ending: string) =>
    // One byte more, so that a file that is too long is seen to be.
    files.read(path(sha256, ending), MAX_BUNDLE_BYTES + 1);

  return {
    list,
    async prepare() {
      await files.makeFolder(folder);
      for (const { name } of await files.list(folder)) {
        if (name.endsWith(UNFINISHED)) await files.remove(join(folder, name));
      }
    },
    async open(pointed, stages) {
      const { sha256 } = pointed;
      const bytes = await read(sha256, BUNDLE);
      if (bytes === undefined) return { kind: 'missing' };
      const run = await checkStored(bytes, pointed, stages);
      if (typeof run === 'string') return { kind: run };
      return { kind: 'ready', file: path(sha256, BUNDLE), sha256, stages: run, pointed, bytes };
    },
    async readPart(sha256) {
      const part = await read(sha256, PART);
      if (part !== undefined) return { bytes: part, kept: true };
      return { bytes: (await read(sha256, BUNDLE)) ?? new Uint8Array(), kept: false };
    },
    async writePart(sha256, offset, bytes) {
      const others = (await list()).filter((each) => each.complete || each.sha256 !== sha256);
      const used = others.reduce((sum, each) => sum + each.bytes, 0);
      if (used + offset + bytes.byteLength > maxBytes) {
        throw new InputError('store-full', 'The store of bundles is full', {
          field: 'updates.maxBytes',
          value: used + offset + bytes.byteLength,
          allowed: `at most ${maxBytes} bytes`,
        });
      }
      await files.writeFrom(path(sha256, PART), offset, bytes);
    },
    async seal(sha256) {
      await files.sync(path(sha256, PART));
      await files.rename(path(sha256, PART), path(sha256, BUNDLE));
      await files.syncFolder(folder);
    },
    discardPart: (sha256) => files.remove(path(sha256, PART)),
    async collect(keep) {
      const found = await list();
      const kept = await keep();
      const dropped = found.filter(({ sha256 }) => !kept.has(sha256));
      for (const { sha256, complete } of dropped) {
        await files.remove(path(sha256, complete ? BUNDLE : PART));
      }
      return dropped.reduce((sum, { bytes }) => sum + bytes, 0);
    },
  };
}
