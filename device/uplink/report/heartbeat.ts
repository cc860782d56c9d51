// The heartbeat: what this gateway runs, and what the edge says in return of channels and time.
import {
  type HeartbeatAnswer,
  type HeartbeatModel,
  heartbeatAnswerSchema,
  heartbeatSchema,
  MAX_REASON,
} from '@dandan/shared/wire';
import type { PostOutcome, PostToEdge } from './edge-post.ts';

export interface HeartbeatOptions {
  readonly post: PostToEdge;
  /** Name and version of the program. */
  readonly software: string;
  readonly models: () => readonly HeartbeatModel[];
  /** What the reported channels serve now, and the edge's clock, milliseconds since the epoch. */
  readonly onAnswer: (answer: {
    readonly time: number;
    readonly channels: HeartbeatAnswer['channels'];
  }) => void;
  /**
   * How far the edge's clock is ahead of this one, and how far off that may be: half of the time
   * that the request took.
   */
  readonly onSkew: (skew: { readonly ms: number; readonly withinMs: number }) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
  /** Milliseconds of a clock that never jumps. @default {performance.now} */
  readonly steady?: () => number;
}

const CONTROLS = /\p{Cc}/gu;

/** Sends one heartbeat. */
export function createHeartbeat(
  options: HeartbeatOptions,
): (signal: AbortSignal) => Promise<PostOutcome> {
  const { post, software, models, onAnswer, onSkew } = options;
  const { now = Date.now, steady = () => performance.now() } = options;
  return async function sendHeartbeat(signal) {
    const body = heartbeatSchema.parse({
      software,
      models: models().map((model) => ({
        ...model,
        // A reason is an error's message, of whatever length.
        reason: model.reason.replaceAll(CONTROLS, ' ').slice(0, MAX_REASON),
      })),
    });
    const startedAt = steady();
    const outcome = await post(
      {
        path: 'v1/heartbeats',
        body: JSON.stringify(body),
        mediaType: 'application/json',
      },
      signal,
    );
    if (outcome.kind !== 'taken') return outcome;
    const took = steady() - startedAt;
    const answer = heartbeatAnswerSchema.safeParse(outcome.json);
    if (!answer.success) {
      return { kind: 'unavailable', reason: 'HTTP 200 without a usable answer', retryAfterMs: 0 };
    }
    const { channels } = answer.data;
    const time = Math.round(Date.parse(answer.data.time) + took / 2);
    onSkew({ ms: Math.round(time - now()), withinMs: Math.ceil(took / 2) });
    onAnswer({ time, channels });
    return outcome;
  };
}
