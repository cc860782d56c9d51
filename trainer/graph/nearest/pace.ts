// Long computations in small pieces: whoever waits is told how far they are and can stop them.
import { setImmediate } from 'node:timers/promises';

/** Often enough that Ctrl-C is heard at once, seldom enough to cost nothing. */
const BREATH_MS = 50;

export interface Pace {
  /**
   * Lets other events happen if it is time to. What is computed must not depend on when.
   *
   * @param share of the whole that is done, 0..1.
   * @throws the signal's reason when aborted.
   */
  breathe(share: number): Promise<void> | undefined;
}

export interface PaceOptions {
  readonly signal?: AbortSignal | undefined;
  onProgress?(share: number): void;
}

export function createPace({ signal, onProgress = () => {} }: PaceOptions): Pace {
  signal?.throwIfAborted();
  let last = performance.now();
  async function rest(share: number): Promise<void> {
    onProgress(share);
    await setImmediate();
    signal?.throwIfAborted();
    last = performance.now();
  }
  return {
    breathe: (share) => (performance.now() - last < BREATH_MS ? undefined : rest(share)),
  };
}
