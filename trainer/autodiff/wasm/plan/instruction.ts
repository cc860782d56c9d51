// A kernel call as plain data, so that every thread can make it.

/**
 * A number that a kernel is called with, linear in where a strip is:
 * base + fromScale · first row + rowsScale · rows + chunkScale · chunk + the thread's scratch
 * area + the int32 fed at address `fed`.
 */
export interface Argument {
  readonly base: number;
  readonly fromScale?: number;
  readonly rowsScale?: number;
  readonly chunkScale?: number;
  readonly scratch?: boolean;
  readonly fed?: number;
}

export interface Instruction {
  /** Name of the kernel. */
  readonly kernel: string;
  readonly arguments: readonly Argument[];
}

/** A strip with all addresses. */
export interface PlannedStrip {
  readonly rows: number;
  /** Rows of a block, the unit that stays in the cache. */
  readonly blockRows: number;
  /** Rows of a chunk, the unit that a thread takes and that has partial sums of its own. */
  readonly chunkRows: number;
  /** Multiply-accumulates or the like, to judge whether threads pay. */
  readonly work: number;
  /** Run once before the first chunk, and once after the last. */
  readonly before: readonly Instruction[];
  readonly after: readonly Instruction[];
  /** Run at the start of every chunk. */
  readonly atChunk: readonly Instruction[];
  readonly body: readonly Instruction[];
}

export const number = (base: number): Argument => ({ base });
/** The number of rows of the block, times `scale`. */
export const rowsTimes = (scale: number): Argument => ({ base: 0, rowsScale: scale });
/** First row of the block, and the row after its last. */
export const FROM: Argument = { base: 0, fromScale: 1 };
export const TO: Argument = { base: 0, fromScale: 1, rowsScale: 1 };
