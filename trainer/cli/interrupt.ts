// Ctrl-C as an AbortSignal: the first asks the command to stop cleanly, the
// second ends the process at once.
import { EXIT } from './exit-code.ts';

/** Reason of an abort by SIGINT or SIGTERM. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** What became of the work, for people; may be empty. */
  readonly outcome: string;

  constructor(outcome: string) {
    super('Interrupted');
    this.outcome = outcome;
  }
}

/**
 * Runs `action` with a signal that Ctrl-C aborts; handlers are removed afterwards.
 *
 * @param outcome what a person is told after Ctrl-C. @default {'Stopped.'}
 */
export async function withInterrupt<T>(
  action: (signal: AbortSignal) => Promise<T>,
  outcome = 'Stopped.',
): Promise<T> {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    // SIGTERM comes from a program, which knows what it did and tells its own user.
    controller.abort(new Interrupted(name === 'SIGINT' ? outcome : ''));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await action(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
