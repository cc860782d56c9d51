// When the next message leaves. Every deadline counts from the first message, so that waiting a
// little too long each time does not add up.

export type Pace =
  /** So many seconds of the simulation in a second. */
  | { readonly kind: 'speed'; readonly factor: number }
  /** So many samples a second, whatever their times. */
  | { readonly kind: 'rate'; readonly samplesPerSecond: number }
  /** As fast as the broker takes them. */
  | { readonly kind: 'max' };

export interface PacerOptions {
  readonly pace: Pace;
  /** Milliseconds of a clock that is never set. @default {performance.now} */
  readonly now?: () => number;
}

export interface Pacer {
  /**
   * Milliseconds until a message is due; 0 or less where it is late.
   *
   * @param sentAt time of the message on the simulation's clock.
   * @param samples samples sent before it.
   */
  waitMs(sentAt: number, samples: number): number;
}

/** The first message is due at once. */
export function createPacer({ pace, now = () => performance.now() }: PacerOptions): Pacer {
  let start: { readonly wall: number; readonly sentAt: number } | undefined;
  return {
    waitMs(sentAt, samples) {
      start ??= { wall: now(), sentAt };
      const elapsed = now() - start.wall;
      if (pace.kind === 'speed') return (sentAt - start.sentAt) / pace.factor - elapsed;
      if (pace.kind === 'rate') return (samples / pace.samplesPerSecond) * 1000 - elapsed;
      return 0;
    },
  };
}
