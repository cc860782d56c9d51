// What a job costs at list prices, from the operations it made.
import type { JobRow } from './job.ts';

/** US dollars a million (Cloudflare's list prices of 2026, beyond what a plan includes). */
export const LIST_PRICES = {
  /** Invocations of the Worker. */
  requests: 0.3,
  /** Milliseconds of CPU. */
  cpuMs: 0.02,
  /** Messages written, read and deleted. */
  queueOperations: 0.4,
  /** R2: put, list, parts. */
  classA: 4.5,
  /** R2: get, head. */
  classB: 0.36,
  /** D1. */
  rowsWritten: 1,
} as const;

/** Operations of one step. */
export interface Usage {
  readonly invocations: number;
  readonly queueOperations: number;
  readonly classA: number;
  readonly classB: number;
  readonly rowsWritten: number;
  readonly cpuMicros: number;
}

/** A message is written once, read once and deleted once. */
export const OPERATIONS_PER_MESSAGE = 3;

/** The part of an UPDATE of `jobs` that adds a {@linkcode Usage}; its values follow in this order. */
export const ADD_USAGE = `invocations = invocations + ?, queue_operations = queue_operations + ?,
  class_a = class_a + ?, class_b = class_b + ?, rows_written = rows_written + ?,
  cpu_micros = cpu_micros + ?`;

export function usageValues(usage: Usage): number[] {
  const { invocations, queueOperations, classA, classB, rowsWritten, cpuMicros } = usage;
  return [invocations, queueOperations, classA, classB, rowsWritten, cpuMicros];
}

/** US dollars by kind of operation, their sum, and the sum for a million rows of the job. */
export interface Price {
  readonly requests: number;
  readonly cpu: number;
  readonly queues: number;
  readonly r2: number;
  readonly d1: number;
  readonly total: number;
  /** `null` while no row is answered. */
  readonly perMillionRows: number | null;
}

/** Twelve digits: a row costs some 1e-9 dollars. */
const dollars = (value: number) => Number(value.toFixed(12));

export function priceOf(job: JobRow): Price {
  const price = (count: number, perMillion: number) => dollars((count * perMillion) / 1e6);
  const parts = {
    requests: price(job.invocations, LIST_PRICES.requests),
    cpu: price(job.cpu_micros / 1000, LIST_PRICES.cpuMs),
    queues: price(job.queue_operations, LIST_PRICES.queueOperations),
    r2: dollars(price(job.class_a, LIST_PRICES.classA) + price(job.class_b, LIST_PRICES.classB)),
    d1: price(job.rows_written, LIST_PRICES.rowsWritten),
  };
  const total = dollars(Object.values(parts).reduce((sum, part) => sum + part, 0));
  const perMillionRows = job.rows_done > 0 ? dollars((total / job.rows_done) * 1e6) : null;
  return { ...parts, total, perMillionRows };
}
