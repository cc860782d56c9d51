// A tar archive (ustar, POSIX.1-1988) whose bytes depend on nothing but its entries.

export interface TarEntry {
  /** Ends with a slash for a folder. */
  readonly path: string;
  readonly data: Uint8Array;
  readonly executable?: boolean;
}

const BLOCK = 512;

function header(entry: TarEntry, seconds: number): Uint8Array {
  const { path, data, executable = false } = entry;
  const block = Buffer.alloc(BLOCK);
  const folder = path.endsWith('/');
  // Longer ones need a second form of header that no path of ours asks for.
  if (Buffer.byteLength(path) > 100) throw new RangeError(`The path ${path} is too long for ustar`);
  const octal = (value: number, at: number, digits: number) =>
    block.write(`${value.toString(8).padStart(digits - 1, '0')}\0`, at, 'latin1');
  block.write(path, 0, 'utf8');
  octal(folder || executable ? 0o755 : 0o644, 100, 8);
  // Owner and group: root, whoever builds.
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(data.byteLength, 124, 12);
  octal(seconds, 136, 12);
  block.write(' '.repeat(8), 148, 'latin1');
  block.write(folder ? '5' : '0', 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write('root', 265, 'latin1');
  block.write('root', 297, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** The archive, entries in the order given, all of one time (seconds since the epoch). */
export function writeTar(entries: readonly TarEntry[], seconds: number): Buffer {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    parts.push(header(entry, seconds), entry.data);
    const rest = entry.data.byteLength % BLOCK;
    if (rest > 0) parts.push(new Uint8Array(BLOCK - rest));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(parts);
}
