// Brings kept audit batches to the edge, one at a time, oldest first.
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { AUDIT_PATH } from './audit-collector.ts';
import type { PostOutcome, PostToEdge } from './edge-post.ts';

/** Batches of one round: afterwards heartbeat and counts have their turn. */
const ROUND = 16;

export interface KeptAudit {
  readonly class: 'prediction' | 'audit' | 'telemetry';
  readonly seq: number;
  readonly id: string;
  readonly destination: string;
  readonly payload: Uint8Array;
}

type AuditRef = Pick<KeptAudit, 'class' | 'seq'>;

/** The side of the outbox that gives kept messages out. */
export interface AuditSource {
  takeMessages(options: {
    readonly classes: ['audit'];
    readonly limit: number;
  }): readonly KeptAudit[];
  acknowledge(messages: readonly AuditRef[]): void;
  refuse(messages: readonly AuditRef[], reason: string): void;
}

export interface AuditSenderOptions {
  readonly post: PostToEdge;
  readonly source: AuditSource;
  /** True while escalations are under way: audits stand back. */
  readonly isBusy: () => boolean;
  readonly onRefused: (reason: string) => void;
}

/** Sends what waits; stops at the first batch that the edge cannot take now. */
export function createAuditSender({ post, source, isBusy, onRefused }: AuditSenderOptions) {
  return async function sendAudits(signal: AbortSignal): Promise<PostOutcome> {
    for (const message of source.takeMessages({ classes: ['audit'], limit: ROUND })) {
      if (isBusy()) break;
      const outcome = await post(
        {
          path: AUDIT_PATH,
          body: new Uint8Array(message.payload),
          mediaType: SAFETENSORS_MEDIA_TYPE,
          idempotencyKey: message.id,
        },
        signal,
      );
      if (outcome.kind === 'taken') source.acknowledge([message]);
      else if (outcome.kind === 'refused') {
        source.refuse([message], outcome.reason);
        onRefused(outcome.reason);
      } else return outcome;
    }
    return { kind: 'taken', json: undefined };
  };
}
