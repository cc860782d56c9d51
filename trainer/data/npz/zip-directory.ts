// The list of entries of a zip file (APPNOTE 6.3.10), as .npz files are: read from the
// end of the file, nothing unpacked.
import type { FileHandle } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';
import { MAX_DEFLATE_RATIO, MAX_ZIP_DIRECTORY_BYTES, MAX_ZIP_ENTRIES } from '../limits.ts';

export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  /** Bytes in the file. */
  readonly packedBytes: number;
  /** Bytes once unpacked. */
  readonly bytes: number;
  readonly crc32: number;
  /** Where the entry's local header begins. */
  readonly headerOffset: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
/** The end record is followed by a comment of at most 65,535 bytes. */
const MAX_END_BYTES = END_BYTES + 65_535;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_BYTES = 56;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const ZIP64_EXTRA = 1;
/** A 32-bit field that says "see the zip64 field". */
const SEE_ZIP64 = 0xffffffff;
/** Bit 0 of the flags: encrypted. */
const ENCRYPTED = 1;

function refuse(file: string, value: unknown, allowed: string): never {
  throw new InputError('data-invalid', `${file} is not a sound zip file`, {
    field: file,
    value,
    allowed,
  });
}

/** Reads `length` bytes at `position`; refuses where the file is shorter. */
export async function readBytes(
  handle: FileHandle,
  { file, position, length }: { file: string; position: number; length: number },
): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) refuse(file, `${bytesRead} of ${length} bytes`, 'a complete file');
  return buffer;
}

interface Directory {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}

async function findDirectory(handle: FileHandle, file: string): Promise<Directory> {
  const { size } = await handle.stat();
  const length = Math.min(size, MAX_END_BYTES);
  const tail = await readBytes(handle, { file, position: size - length, length });
  let at = length - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END_SIGNATURE) at--;
  if (at < 0) refuse(file, undefined, 'a complete .npz file, as numpy.savez writes it');
  const directory = {
    entries: tail.readUInt16LE(at + 10),
    bytes: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  const locator = at - ZIP64_LOCATOR_BYTES;
  if (locator < 0 || tail.readUInt32LE(locator) !== ZIP64_LOCATOR_SIGNATURE) return directory;
  const position = Number(tail.readBigUInt64LE(locator + 8));
  if (position > size - ZIP64_END_BYTES) refuse(file, position, 'a zip64 record in the file');
  const end = await readBytes(handle, { file, position, length: ZIP64_END_BYTES });
  if (end.readUInt32LE(0) !== ZIP64_END_SIGNATURE) refuse(file, position, 'a zip64 record');
  return {
    entries: Number(end.readBigUInt64LE(32)),
    bytes: Number(end.readBigUInt64LE(40)),
    offset: Number(end.readBigUInt64LE(48)),
  };
}

/** Sizes and offset of an entry, from its zip64 field where the 32-bit ones say so. */
function sizesOf(header: Buffer, extra: Buffer) {
  const fields = [header.readUInt32LE(24), header.readUInt32LE(20), header.readUInt32LE(42)];
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    let value = at + 4;
    at = value + length;
    if (id !== ZIP64_EXTRA) continue;
    fields.forEach((field, i) => {
      if (field !== SEE_ZIP64 || value + 8 > Math.min(at, extra.length)) return;
      fields[i] = Number(extra.readBigUInt64LE(value));
      value += 8;
    });
  }
  const [bytes, packedBytes, headerOffset] = fields;
  return { bytes, packedBytes, headerOffset };
}

function readEntry(file: string, directory: Buffer, at: number): { entry: ZipEntry; end: number } {
  if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY_SIGNATURE) {
    refuse(file, `byte ${at} of the zip directory`, 'a zip entry');
  }
  const header = directory.subarray(at, at + ENTRY_BYTES);
  const nameEnd = at + ENTRY_BYTES + header.readUInt16LE(28);
  const extraEnd = nameEnd + header.readUInt16LE(30);
  const end = extraEnd + header.readUInt16LE(32);
  if (end > directory.length) refuse(file, `byte ${at} of the zip directory`, 'a whole zip entry');
  const name = directory.toString('utf8', at + ENTRY_BYTES, nameEnd);
  const method = header.readUInt16LE(10);
  if ((header.readUInt16LE(8) & ENCRYPTED) !== 0) refuse(file, `${name} is encrypted`, 'plain');
  if (method !== 0 && method !== 8) {
    refuse(file, `${name}: zip method ${method}`, 'stored (0) or deflated (8)');
  }
  const sizes = sizesOf(header, directory.subarray(nameEnd, extraEnd));
  const most = method === 0 ? sizes.packedBytes : MAX_DEFLATE_RATIO * sizes.packedBytes;
  if (sizes.bytes > most) refuse(file, `${name}: ${sizes.bytes} bytes`, `at most ${most} bytes`);
  return {
    entry: {
      name,
      method: method === 0 ? 'stored' : 'deflated',
      ...sizes,
      crc32: header.readUInt32LE(16),
    },
    end,
  };
}

/**
 * Entries by name.
 *
 * @throws {InputError} `data-invalid` for files that are cut short, encrypted, packed
 * by another method than deflate, or that promise more than deflate can hold.
 */
export async function readZipDirectory(
  handle: FileHandle,
  file: string,
): Promise<ReadonlyMap<string, ZipEntry>> {
  const { entries, bytes, offset } = await findDirectory(handle, file);
  if (entries > MAX_ZIP_ENTRIES) refuse(file, `${entries} entries`, `at most ${MAX_ZIP_ENTRIES}`);
  if (bytes > MAX_ZIP_DIRECTORY_BYTES) {
    refuse(file, `a directory of ${bytes} bytes`, `at most ${MAX_ZIP_DIRECTORY_BYTES} bytes`);
  }
  const directory = await readBytes(handle, { file, position: offset, length: bytes });
  const found = new Map<string, ZipEntry>();
  for (let at = 0, i = 0; i < entries; i++) {
    const { entry, end } = readEntry(file, directory, at);
    found.set(entry.name, entry);
    at = end;
  }
  return found;
}
