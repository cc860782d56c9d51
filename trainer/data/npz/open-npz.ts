// A .npz file: arrays by name, unpacked only when asked for.
import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';
import { NPY_PREFIX_BYTES, type NpyHeader, npyHeaderBytes, parseNpyHeader } from './npy-header.ts';
import { unpackEntry } from './unpack-entry.ts';
import { readZipDirectory } from './zip-directory.ts';

export interface NpyArray extends NpyHeader {
  /** `file:array`, as errors call it. */
  readonly field: string;
  /** The items as stored. Begins at offset 0 of its buffer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface NpzFile extends AsyncDisposable {
  /** The file as errors call it. */
  readonly file: string;
  has(name: string): boolean;
  /** @throws {InputError} `data-missing` without such an array, `data-invalid` where it is damaged. */
  read(name: string): Promise<NpyArray>;
}

/** Header first: room for the items is made only when it fits the entry. */
async function collectArray(
  chunks: AsyncIterable<Uint8Array>,
  { field, entryBytes }: { field: string; entryBytes: number },
): Promise<NpyArray> {
  let head: Buffer = Buffer.alloc(0);
  let header: NpyHeader | undefined;
  let items: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  let filled = 0;
  for await (let chunk of chunks) {
    if (header === undefined) {
      head = Buffer.concat([head, chunk]);
      if (head.length < NPY_PREFIX_BYTES) continue;
      const headerBytes = npyHeaderBytes(head, field);
      if (head.length < headerBytes) continue;
      header = parseNpyHeader(head.subarray(0, headerBytes), field);
      const bytes = header.count * header.itemBytes;
      if (headerBytes + bytes !== entryBytes) {
        throw new InputError('data-invalid', `${field} has another size than its shape says`, {
          field,
          value: `${entryBytes - headerBytes} bytes`,
          allowed: `${bytes} bytes`,
        });
      }
      items = new Uint8Array(bytes);
      chunk = head.subarray(headerBytes);
    }
    items.set(chunk, filled);
    filled += chunk.length;
  }
  if (header === undefined) npyHeaderBytes(Buffer.alloc(0), field);
  return { ...header!, field, bytes: items };
}

async function openFile(path: string, file: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw new InputError('data-missing', `Cannot read ${file}`, {
      field: file,
      value: (cause as NodeJS.ErrnoException).code,
      allowed: 'a readable file',
      cause,
    });
  }
}

/**
 * Opens a .npz file and reads its list of arrays.
 *
 * @throws {InputError} `data-missing` when it cannot be opened, `data-invalid` when it
 * is no sound zip file.
 */
export async function openNpz(options: {
  readonly path: string;
  /** The file as errors call it. */
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<NpzFile> {
  const { path, file, signal } = options;
  const handle = await openFile(path, file);
  try {
    const entries = await readZipDirectory(handle, file);
    return {
      file,
      has: (name) => entries.has(`${name}.npy`),
      async read(name) {
        const field = `${file}:${name}`;
        const entry = entries.get(`${name}.npy`);
        if (entry === undefined) {
          throw new InputError('data-missing', `${file} has no array '${name}'`, {
            field,
            value: [...entries.keys()].map((key) => key.replace(/\.npy$/, '')).join(', '),
            allowed: `an array named ${name}`,
          });
        }
        const chunks = unpackEntry({ handle, path, file, entry, signal });
        return await collectArray(chunks, { field, entryBytes: entry.bytes });
      },
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
