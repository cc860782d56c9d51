// Any thrown value as the reason that an operator reads.
import { InputError } from '@dandan/shared/error';
import { EdgeError } from '../problem/edge-error.ts';
import { RowError } from './input/chunk-rows.ts';
import type { ChunkWork, Failure } from './job.ts';

/** Long enough to recognise what happened, short enough for a row of D1. */
const MAX_MESSAGE = 300;

const shorten = (text: string) =>
  text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;

/** Whether repeating could not help: the input itself is at fault. */
export const isPoison = (error: unknown): error is InputError => error instanceof InputError;

/** Operators alone read it, so a fault of the platform is told as it came. */
export function failureOf(error: unknown, work?: Pick<ChunkWork, 'source' | 'place'>): Failure {
  if (error instanceof EdgeError) {
    const { code, message, details } = error;
    const { field, allowed } = details;
    return { code, message, field, allowed };
  }
  if (!isPoison(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'internal', message: shorten(message) };
  }
  const { code, message, field, value, allowed } = error;
  const shown = typeof value === 'string' ? shorten(value) : value;
  return {
    code,
    message: shorten(message),
    ...(work && { file: work.source.name }),
    ...(error instanceof RowError && rowOf(error, work)),
    ...(field !== undefined && { field }),
    ...(shown !== undefined && { value: shown }),
    ...(allowed !== undefined && { allowed }),
  };
}

/** The row within its file, or the line. */
function rowOf({ row, line }: RowError, work?: Pick<ChunkWork, 'place'>): Partial<Failure> {
  if (line !== undefined) return { line };
  return work === undefined ? {} : { row: work.place + row };
}

/** What is known where a delivery ended without a word: the platform stopped the invocation. */
export const silentFailure = (attempts: number): Failure => ({
  code: 'invocation-ended',
  message: `Its invocation ended ${attempts} times without an answer: the limit of CPU or memory`,
  allowed: 'profile free on the free plan, or a smaller bundle',
});
