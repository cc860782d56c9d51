// What a plant does to its readings and a student is to bear: noise, drift, dead sensors.
import type { ChannelColumns } from '../../graph/channel-columns.ts';

export const AUGMENT_SCHEDULES = ['constant', 'progressive'] as const;
/** `progressive`: harder from stage to stage, as mixup is; stage k of K sees k/K of it. */
export type AugmentSchedule = (typeof AUGMENT_SCHEDULES)[number];

/** How much of everything a row may meet. */
export interface AugmentStrength {
  /** Largest noise that is added to every column, in its deviations. */
  readonly noise: number;
  /** Probability that a channel is missing. */
  readonly dropout: number;
  /** Deviation of a channel's offset, in its deviations. */
  readonly drift: number;
}

export interface Augmentation extends AugmentStrength {
  readonly schedule: AugmentSchedule;
  readonly channels: readonly ChannelColumns[];
  /** Deviations of the columns, [width]: a channel moves its columns by as much as they vary less. */
  readonly deviations: Float32Array;
  /** What a row without any reading holds, scaled as the rows are, [width]. */
  readonly absent: Float32Array;
}

/** What stage k of `stages` meets; `undefined` where that is nothing. */
export function strengthAt(
  { noise, dropout, drift, schedule }: AugmentStrength & Pick<Augmentation, 'schedule'>,
  stage: number,
  stages: number,
): AugmentStrength | undefined {
  if (noise === 0 && dropout === 0 && drift === 0) return undefined;
  const share = schedule === 'constant' ? 1 : stage / stages;
  return { noise: share * noise, dropout: share * dropout, drift: share * drift };
}
