// A Parquet file as hyparquet wants it: ranges of bytes, and the codecs it lacks.
import { open } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { InputError } from '@dandan/shared/error';
import type { AsyncBuffer, Compressors } from 'hyparquet';
import { MAX_PARQUET_FOOTER_BYTES } from '../limits.ts';
import type { FoundTable } from '../text/find-table.ts';

/** Beside these hyparquet itself reads uncompressed and Snappy pages. */
export const COMPRESSORS: Compressors = {
  GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength }),
  BROTLI: (input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength }),
  ZSTD: (input, maxOutputLength) => zstdDecompressSync(input, { maxOutputLength }),
};

/** Every codec that is read. */
export const CODECS = ['UNCOMPRESSED', 'SNAPPY', ...Object.keys(COMPRESSORS)];

const MAGIC = 'PAR1';
/** Footer length (4 bytes) and the magic. */
const TAIL_BYTES = 8;

/** @throws {InputError} `data-invalid`, always. */
export function refuseParquet(
  field: string,
  value: unknown,
  allowed: string,
  cause?: unknown,
): never {
  const message = `${field.split(':')[0]} is not a Parquet file that can be read`;
  throw new InputError('data-invalid', message, { field, value, allowed, cause });
}

/**
 * Opens a file and checks its ends. Each range opens it anew: a graph has two tables of few columns.
 *
 * @throws {InputError} `data-missing`, `data-invalid`.
 */
export async function parquetFile({ path, name }: FoundTable): Promise<AsyncBuffer> {
  async function slice(start: number, end: number): Promise<ArrayBuffer> {
    await using handle = await open(path);
    const bytes = new Uint8Array(end - start);
    // One read stops at 2 GiB.
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) refuseParquet(name, `${start + at} bytes`, 'a complete file');
      at += bytesRead;
    }
    return bytes.buffer;
  }

  try {
    await using handle = await open(path);
    const { size } = await handle.stat();
    if (size < 2 * TAIL_BYTES) refuseParquet(name, `${size} bytes`, 'a complete Parquet file');
    const tail = Buffer.from(await slice(size - TAIL_BYTES, size));
    if (tail.toString('latin1', 4) !== MAGIC)
      refuseParquet(name, undefined, `a file that ends in ${MAGIC}`);
    const footer = tail.readUInt32LE(0);
    const most = Math.min(MAX_PARQUET_FOOTER_BYTES, size - TAIL_BYTES);
    if (footer > most) refuseParquet(name, `a footer of ${footer} bytes`, `at most ${most} bytes`);
    return {
      byteLength: size,
      slice(start, end = size) {
        if (start >= 0 && start <= end && end <= size) return slice(start, end);
        return refuseParquet(name, `bytes ${start}..${end}`, `pages within 0..${size}`);
      },
    };
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('data-missing', `Cannot read ${name}`, {
      field: name,
      value: (cause as NodeJS.ErrnoException).code,
      allowed: 'a readable file',
      cause,
    });
  }
}
