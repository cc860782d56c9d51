// Where a simulation takes its samples from: a table, or the embedded plant.
import type { Sample } from '@dandan/shared/features';

export interface SampleSource {
  /** For the progress line and errors. */
  readonly name: string;
  /** Unit of each channel, where the source knows it. */
  readonly units: ReadonlyMap<string, string>;
  /**
   * All samples, from the beginning, in the order they are to be sent and in batches of bounded
   * size. May be called again.
   *
   * @throws {InputError} `data-missing`, `data-invalid`, naming file and line.
   */
  read(signal: AbortSignal): AsyncIterable<readonly Sample[]>;
}
