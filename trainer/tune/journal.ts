// Every finished evaluation of a search, on disk before the search goes on: a search that
// was killed knows all it knew. Only the last line can be torn, and is then cut off.
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import type { Evaluation } from './evaluation.ts';

/** Bump when lines mean something else. */
const FORMAT = 1;

const headerSchema = z.object({ format: z.literal(FORMAT), key: z.string() });

const whole = z.int().min(0);
const lineSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('scored'),
    trial: whole,
    stages: whole,
    accuracy: z.number().min(0).max(1),
    loss: z.number(),
    seconds: z.number(),
  }),
  z.object({
    state: z.literal('failed'),
    trial: whole,
    stages: whole,
    code: z.string(),
    message: z.string(),
    seconds: z.number(),
  }),
]);

export interface Journal extends AsyncDisposable {
  /** What is known from before, in the order it was found. */
  readonly evaluations: readonly Evaluation[];
  /** Resolves when the line is on the disk. */
  append(evaluation: Evaluation): Promise<void>;
}

export interface JournalOptions {
  readonly file: string;
  /** Names the search by all that fixes an evaluation. */
  readonly key: string;
  /** Forgets what the file holds. @default {false} */
  readonly fresh?: boolean;
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readEvaluations(file: string, lines: readonly string[]): Evaluation[] {
  return lines.map((line, index) => {
    const parsed = lineSchema.safeParse(parseLine(line));
    if (parsed.success) return parsed.data;
    throw new InputError('data-invalid', 'The journal of the search is damaged', {
      field: `${file}:${index + 2}`,
      value: line,
      allowed: 'the line as it was written; --fresh begins the search again',
    });
  });
}

function checkHeader(file: string, key: string, line: string): void {
  const header = headerSchema.safeParse(parseLine(line));
  if (header.success && header.data.key === key) return;
  throw new InputError('option-invalid', 'The folder holds another search', {
    field: file,
    value: header.success
      ? 'a search of other data, options, space or seed'
      : 'no journal of this version',
    allowed: 'the same command as before, another --out, or --fresh to begin again',
  });
}

/** Lines that end; a last line without its end was torn while it was written. */
function completeLines(text: string): { lines: string[]; bytes: number } {
  const end = text.lastIndexOf('\n') + 1;
  const complete = text.slice(0, end);
  return { lines: complete.split('\n').slice(0, -1), bytes: Buffer.byteLength(complete) };
}

async function writeLine(handle: FileHandle, content: unknown): Promise<void> {
  await handle.appendFile(`${JSON.stringify(content)}\n`);
  await handle.datasync();
}

/**
 * Opens or begins the journal of a search.
 *
 * @throws {InputError} `option-invalid` for another search's journal; `data-invalid` naming
 * the damaged line; `output-unwritable`.
 */
export async function openJournal({ file, key, fresh = false }: JournalOptions): Promise<Journal> {
  let handle: FileHandle;
  try {
    await mkdir(dirname(file), { recursive: true });
    handle = await open(file, 'a+');
  } catch (cause) {
    throw new InputError('output-unwritable', `Cannot write '${file}'`, {
      field: file,
      value: (cause as NodeJS.ErrnoException).code,
      allowed: 'a place that this user may write to',
      cause,
    });
  }
  try {
    if (fresh) await handle.truncate(0);
    const { lines, bytes } = completeLines(await handle.readFile('utf8'));
    const [header, ...rest] = lines;
    if (header !== undefined) checkHeader(file, key, header);
    const evaluations = readEvaluations(file, rest);
    await handle.truncate(bytes);
    if (header === undefined) await writeLine(handle, { format: FORMAT, key });
    return {
      evaluations,
      append: (evaluation) => writeLine(handle, evaluation),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
