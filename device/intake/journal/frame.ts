// Frames of a journal file: length, CRC-32, bytes. What a power cut has torn off or garbled does
// not match its CRC and ends the file there.
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 8;

/** A snapshot of 1,000 assets with 100,000 samples is 4 MB; a damaged length must not claim memory. */
export const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** One frame around the concatenation of `parts`. */
export function encodeFrame(parts: readonly Uint8Array[]): Uint8Array[] {
  let length = 0;
  let checksum = 0;
  for (const part of parts) {
    length += part.byteLength;
    checksum = crc32(part, checksum);
  }
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(length, 0);
  header.writeUInt32LE(checksum, 4);
  return [header, ...parts];
}

/** The sound frames at the beginning of `bytes`, one after the other, as views into it. */
export function* readFrames(bytes: Uint8Array): Generator<Uint8Array> {
  // Not a Buffer, whose views would be Buffers again.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  while (offset + HEADER_BYTES <= bytes.byteLength) {
    const length = view.getUint32(offset, true);
    const end = offset + HEADER_BYTES + length;
    // A length of 0 is what a file system leaves where it had made room but written nothing.
    if (length === 0 || length > MAX_FRAME_BYTES || end > bytes.byteLength) break;
    const frame = plain.subarray(offset + HEADER_BYTES, end);
    if (crc32(frame) !== view.getUint32(offset + 4, true)) break;
    yield frame;
    offset = end;
  }
}

/** Bytes up to the end of the last sound frame, and how many there are. */
export function measureFrames(bytes: Uint8Array): { soundBytes: number; count: number } {
  let soundBytes = 0;
  let count = 0;
  for (const { byteLength } of readFrames(bytes)) {
    soundBytes += HEADER_BYTES + byteLength;
    count++;
  }
  return { soundBytes, count };
}
