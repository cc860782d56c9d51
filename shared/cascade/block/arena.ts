// Addresses in a memory that is made once all of them are known.
import { CONSTANTS_END, writeConstants } from '../../kernel/index.ts';

/** Vectors are loaded fastest from addresses that are multiples of 16. */
const ALIGNMENT = 16;

export interface Arena {
  /** Reserves `bytes` bytes, zero at first; returns their address. */
  take(bytes: number): number;
  /** Reserves and writes 32-bit words; returns their address. */
  words(values: readonly number[]): number;
  /** Keeps what shall be written once the memory is there. */
  write(fill: (memory: ArrayBuffer) => void): void;
  /** Makes the memory and writes what was kept. */
  create(): WebAssembly.Memory;
}

const PAGE_BYTES = 65_536;

export const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

export function createArena(): Arena {
  let end = CONSTANTS_END;
  const fills: ((memory: ArrayBuffer) => void)[] = [];

  function take(bytes: number): number {
    const address = end;
    end = roundUp(end + bytes, ALIGNMENT);
    return address;
  }

  return {
    take,
    words(values) {
      const address = take(4 * values.length);
      fills.push((memory) => new Int32Array(memory, address, values.length).set(values));
      return address;
    },
    write(fill) {
      fills.push(fill);
    },
    create() {
      const pages = Math.ceil(end / PAGE_BYTES);
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
      writeConstants(memory.buffer);
      for (const fill of fills) fill(memory.buffer);
      return memory;
    },
  };
}
