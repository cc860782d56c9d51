// The role of a Primary Host application (specification 3.0, chapters 4 and 5): edge nodes that are
// told to wait for a host send, and keep what they have while it is away.
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import { NAMESPACE } from './parse-topic.ts';

const stateSchema = z.object({ online: z.boolean(), timestamp: z.number() });

/** A retained message of QoS 1. */
export interface StateMessage {
  readonly topic: string;
  readonly payload: string;
}

export interface PrimaryHost {
  /** Also to be subscribed to. */
  readonly topic: string;
  /** The will, to be given at CONNECT, retained. `time`: of this try to connect. */
  will(time: number): StateMessage;
  /** To be published, retained, once all subscriptions stand; `time` as in the will. */
  birth(time: number): StateMessage;
  /** To be published, retained, before a DISCONNECT. */
  death(time: number): StateMessage;
  /**
   * Whether a message on the topic calls this host offline while it is not, as the late will of a
   * lost connection does: then `birth` is to be published again.
   */
  isWrong(payload: Uint8Array): boolean;
}

/**
 * The STATE messages of host `id`.
 *
 * @throws {InputError} `config-invalid` where `id` cannot be a topic level.
 */
export function createPrimaryHost(id: string): PrimaryHost {
  if (id === '' || /[/+#\0]/.test(id)) {
    throw new InputError('config-invalid', 'A Sparkplug host cannot be called so', {
      field: 'primaryHost',
      value: id,
      allowed: 'a name without / + #',
    });
  }
  const topic = `${NAMESPACE}/STATE/${id}`;
  const message = (online: boolean, timestamp: number) => ({
    topic,
    payload: JSON.stringify({ online, timestamp } satisfies z.infer<typeof stateSchema>),
  });
  return {
    topic,
    will: (time) => message(false, time),
    birth: (time) => message(true, time),
    death: (time) => message(false, time),
    isWrong(payload) {
      try {
        return !stateSchema.parse(JSON.parse(new TextDecoder().decode(payload))).online;
      } catch {
        // Not a state of ours (before 3.0 it was the word OFFLINE): it must not stand there.
        return true;
      }
    },
  };
}
