// How much one invocation may do on each plan of the platform, and what a row costs it.
import type { InputFormat, ProfileName } from './job.ts';

export interface Profile {
  /** Milliseconds of CPU that a chunk is planned for. */
  readonly chunkCpuMs: number;
  readonly maxChunkRows: number;
  /** Bytes of input that a chunk may read. */
  readonly maxChunkBytes: number;
  /** Bytes of a text file that one planning step looks through. */
  readonly scanBytes: number;
  /** Chunks that one step plans, or enqueues again. */
  readonly chunksPerStep: number;
  /** Row groups whose part of the footer one step encodes. */
  readonly groupsPerStep: number;
  /** Bytes of a part of a result; R2 wants 5 MiB at least, and all but the last alike. */
  readonly partBytes: number;
  /** Milliseconds of CPU that a row group of a Parquet input may take: it cannot be cut. */
  readonly groupCpuMs: number;
  /** Bytes of the rows of one as float32. */
  readonly maxGroupBytes: number;
  /** Bytes of an input file's Parquet footer, which every chunk of it parses. */
  readonly maxFooterBytes: number;
}

const MIB = 1024 * 1024;

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  // 10 ms an invocation. Half is left for slower machines and for a bundle that is not yet at hand.
  free: {
    chunkCpuMs: 5,
    maxChunkRows: 4096,
    maxChunkBytes: 2 * MIB,
    scanBytes: 4 * MIB,
    chunksPerStep: 200,
    groupsPerStep: 64,
    partBytes: 5 * MIB,
    groupCpuMs: 5,
    maxGroupBytes: 2 * MIB,
    maxFooterBytes: 64 * 1024,
  },
  // 30 s an invocation: here memory (128 MB) is the limit, and what a crash throws away.
  paid: {
    chunkCpuMs: 250,
    maxChunkRows: 16_384,
    maxChunkBytes: 8 * MIB,
    scanBytes: 32 * MIB,
    chunksPerStep: 500,
    groupsPerStep: 1000,
    partBytes: 8 * MIB,
    groupCpuMs: 5000,
    maxGroupBytes: 24 * MIB,
    maxFooterBytes: 4 * MIB,
  },
};

/**
 * Microseconds of CPU on one core of a busy AMD EPYC under Node 24, 64 features, warm (a first chunk
 * takes some four times as long). A Worker cannot read its own CPU time, so chunks are cut and
 * prices estimated by these.
 */
export const CPU_MICROS = {
  /** Any invocation: dispatch, D1 and R2 calls. */
  invocation: 1500,
  /** Writing an answer as CSV (0.2–0.5) and Parquet (0.8–1.8), and counting it (0.1). */
  row: 2.5,
  /** 0.15–0.6 for 2,400. */
  mac: 0.0002,
  /** Reading one feature. */
  feature: { safetensors: 0.02, parquet: 0.09, csv: 0.12, ndjson: 0.17 },
  /** Moving a byte of a text file through a planning step, or of a slice into a result. */
  byte: 0.005,
} as const;

export interface RowCost {
  readonly format: InputFormat;
  /** Features of a row. */
  readonly width: number;
  /** Multiply-accumulates of the deepest stage that may run and all before it. */
  readonly macs: number;
}

/** Microseconds of CPU that a row of a job takes. */
function microsPerRow({ format, width, macs }: RowCost): number {
  return CPU_MICROS.row + CPU_MICROS.feature[format] * width + CPU_MICROS.mac * macs;
}

const rowsWithin = (cpuMs: number, cost: RowCost) =>
  Math.max(1, Math.floor((cpuMs * 1000) / microsPerRow(cost)));

/** Rows of a chunk that keep within the profile's CPU; one at least. */
export function rowsPerChunk({ chunkCpuMs, maxChunkRows }: Profile, cost: RowCost): number {
  return Math.min(maxChunkRows, rowsWithin(chunkCpuMs, cost));
}

/** Rows of a row group that does. */
export const rowsPerGroup = ({ groupCpuMs }: Profile, cost: RowCost) =>
  rowsWithin(groupCpuMs, cost);
