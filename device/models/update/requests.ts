// Wishes of a person at the command line, for the gateway that runs and owns the store: a file that
// the one writes and the other takes away.
import { join } from 'node:path';
import * as z from 'zod';
import { type Files, writeAtomic } from '../bundle-store/index.ts';

const MAX_REQUEST_BYTES = 16 * 1024;

const requestSchema = z.object({
  id: z.string().max(64),
  kind: z.enum(['check', 'rollback']),
  /** All models where it is not given. */
  model: z.string().optional(),
  reason: z.string().max(200).optional(),
});

const answerSchema = z.object({ id: z.string(), results: z.array(z.unknown()) });

export type UpdateRequest = z.infer<typeof requestSchema>;

export interface Requests {
  /** The wish that waits, if one does; it is then the caller's. */
  take(): Promise<UpdateRequest | undefined>;
  answer(id: string, results: readonly unknown[]): Promise<void>;
  ask(request: UpdateRequest): Promise<void>;
  /** What was answered to a wish, once it was. */
  answerTo(id: string): Promise<readonly unknown[] | undefined>;
}

export function createRequests(options: { folder: string; files: Files }): Requests {
  const { folder, files } = options;
  const requestFile = join(folder, 'request.json');
  const answerFile = join(folder, 'answer.json');
  const encode = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

  async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const bytes = await files.read(path, MAX_REQUEST_BYTES);
    try {
      return bytes && schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      return undefined;
    }
  }

  return {
    async take() {
      const request = await read(requestFile, requestSchema);
      if (request !== undefined) await files.remove(requestFile);
      return request;
    },
    answer: (id, results) => writeAtomic(files, answerFile, encode({ id, results })),
    async ask(request) {
      await files.makeFolder(folder);
      await writeAtomic(files, requestFile, encode(request));
    },
    async answerTo(id) {
      const answer = await read(answerFile, answerSchema);
      return answer?.id === id ? answer.results : undefined;
    },
  };
}
