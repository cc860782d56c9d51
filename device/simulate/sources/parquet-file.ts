// A Parquet file as hyparquet wants it: checked ends, ranges of bytes.
import { open } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';
import type { AsyncBuffer } from 'hyparquet';

/** A footer is parsed whole: 10,000 columns of a few row groups fit. */
const MAX_FOOTER_BYTES = 64 * 1024 * 1024;

const MAGIC = 'PAR1';
/** Footer length (4 bytes) and the magic. */
const TAIL_BYTES = 8;

/** @throws {InputError} `data-invalid`, always. */
export function refuseParquet(field: string, value: unknown, allowed: string, cause?: unknown) {
  const message = `${field.split(':')[0]} is not a Parquet file that can be read`;
  return new InputError('data-invalid', message, { field, value, allowed, cause });
}

/** Opens a file and checks its ends. @throws {InputError} `data-missing`, `data-invalid`. */
export async function parquetFile(path: string, name: string): Promise<AsyncBuffer> {
  async function slice(start: number, end: number): Promise<ArrayBuffer> {
    await using handle = await open(path);
    const bytes = new Uint8Array(end - start);
    // One read stops at 2 GiB.
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) throw refuseParquet(name, `${start + at} bytes`, 'a complete file');
      at += bytesRead;
    }
    return bytes.buffer;
  }

  try {
    await using handle = await open(path);
    const { size } = await handle.stat();
    if (size < 2 * TAIL_BYTES) throw refuseParquet(name, `${size} bytes`, 'a complete file');
    const tail = Buffer.from(await slice(size - TAIL_BYTES, size));
    if (tail.toString('latin1', 4) !== MAGIC) {
      throw refuseParquet(name, undefined, `a file that ends in ${MAGIC}`);
    }
    const footer = tail.readUInt32LE(0);
    const most = Math.min(MAX_FOOTER_BYTES, size - TAIL_BYTES);
    if (footer > most) throw refuseParquet(name, `a footer of ${footer} bytes`, `${most} at most`);
    return {
      byteLength: size,
      slice(start, end = size) {
        if (start >= 0 && start <= end && end <= size) return slice(start, end);
        throw refuseParquet(name, `bytes ${start}..${end}`, `pages within 0..${size}`);
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
