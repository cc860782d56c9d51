// One zip entry as a stream of its unpacked bytes, checked against its CRC-32.
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { InputError } from '@dandan/shared/error';
import { readBytes, type ZipEntry } from './zip-directory.ts';

const LOCAL_BYTES = 30;
const LOCAL_SIGNATURE = 0x04034b50;
const CHUNK_BYTES = 256 * 1024;

export interface UnpackOptions {
  readonly handle: FileHandle;
  readonly path: string;
  /** The file as errors call it. */
  readonly file: string;
  readonly entry: ZipEntry;
  readonly signal?: AbortSignal | undefined;
}

/** Where the packed bytes begin: behind a local header whose length only it knows. */
async function dataOffset({ handle, file, entry }: UnpackOptions): Promise<number> {
  const position = entry.headerOffset;
  const header = await readBytes(handle, { file, position, length: LOCAL_BYTES });
  if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) {
    throw new InputError(
      'data-invalid',
      `${file}: the entry ${entry.name} is not where it should be`,
      {
        field: `${file}:${entry.name}`,
        value: `byte ${position}`,
        allowed: 'a complete zip file',
      },
    );
  }
  return position + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

function openStream(options: UnpackOptions, start: number): Readable {
  const { path, entry, signal } = options;
  const end = start + entry.packedBytes - 1;
  const packed = createReadStream(path, {
    start,
    end,
    highWaterMark: CHUNK_BYTES,
    ...(signal && { signal }),
  });
  if (entry.method === 'stored') return packed;
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  // Errors of either stream end the iteration over `inflate`; the callback has nothing to add.
  pipeline(packed, inflate, () => {});
  return inflate;
}

/**
 * Yields the unpacked bytes: never more than the directory promised.
 *
 * @throws {InputError} `data-invalid` when they are fewer, more or others than promised.
 */
export async function* unpackEntry(options: UnpackOptions): AsyncGenerator<Uint8Array> {
  const { file, entry, signal } = options;
  const refuse = (value: unknown, allowed: string, cause?: unknown) =>
    new InputError('data-invalid', `${file}: the entry ${entry.name} is damaged`, {
      field: `${file}:${entry.name}`,
      value,
      allowed,
      cause,
    });
  const start = await dataOffset(options);
  let bytes = 0;
  let checksum = 0;
  try {
    if (entry.packedBytes > 0) {
      for await (const chunk of openStream(options, start)) {
        bytes += chunk.length;
        if (bytes > entry.bytes) break;
        checksum = crc32(chunk, checksum);
        yield chunk;
      }
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof InputError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw refuse(code, 'an entry that inflates', cause);
  }
  if (bytes !== entry.bytes) throw refuse(`${bytes} bytes`, `${entry.bytes} bytes`);
  if (checksum !== entry.crc32) throw refuse(`CRC-32 ${checksum}`, `CRC-32 ${entry.crc32}`);
}
