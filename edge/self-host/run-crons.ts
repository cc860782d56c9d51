// The clock of wrangler.toml's cron triggers, which the platform has and a local runtime lacks.
import { Cron } from 'croner';
import { ServeError } from './serve-error.ts';

export interface CronOptions {
  readonly expressions: readonly string[];
  /** Runs the handler of one; may take longer than the expression's period. */
  readonly call: (expression: string, time: number) => Promise<void>;
}

/**
 * Calls each expression at its times, in UTC as the platform does, never a second time while the
 * first still runs. Weekday numbers are the platform's: 1 is Sunday.
 *
 * @returns stops the clocks; a handler that runs goes on.
 * @throws {ServeError} `cron-invalid`.
 */
export function runCrons({ expressions, call }: CronOptions): () => void {
  const jobs: Cron[] = [];
  const stop = () => {
    for (const job of jobs) job.stop();
  };
  for (const expression of expressions) {
    try {
      const options = { timezone: 'UTC', protect: true, alternativeWeekdays: true, unref: true };
      jobs.push(new Cron(expression, options, () => call(expression, Date.now())));
    } catch (error) {
      stop();
      throw new ServeError(
        'cron-invalid',
        `The cron trigger '${expression}' cannot be read: ${(error as Error).message}`,
        'correct it under [triggers] of wrangler.toml',
        error,
      );
    }
  }
  return stop;
}
