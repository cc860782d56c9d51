// How rows reach the edge. One contract suite (`edge-link.contract.ts`) holds for every way.
import type { QuantisedRows } from '@dandan/shared/kernel';
import type { Answer } from '@dandan/shared/wire';

export interface EscalationBatch {
  readonly rows: QuantisedRows;
  /** SHA-256 of the bundle that all rows belong to. */
  readonly bundle: string;
  readonly model: string;
}

interface Traffic {
  /** Body bytes. */
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export type EscalationOutcome = Traffic &
  (
    | { readonly kind: 'answered'; readonly answers: readonly Answer[] }
    /** The edge is out of reach or out of order; the same rows may succeed later. */
    | {
        readonly kind: 'unavailable' | 'unauthorised';
        readonly reason: string;
        readonly retryAfterMs: number;
        /** HTTP status of the edge or of what stands before it; `undefined`: nobody answered. */
        readonly status: number | undefined;
      }
    /** The edge will never answer these rows. */
    | { readonly kind: 'refused'; readonly reason: string; readonly status: number }
  );

export type EscalationFailure = Extract<
  EscalationOutcome,
  { kind: 'unavailable' | 'unauthorised' }
>;

export interface EdgeLink {
  /**
   * Asks once and waits for the answer, at most the link's own timeout. A batch is named by its
   * content, so that a repeated one is recognised, even after a restart of the gateway.
   *
   * Settles once: answers that come twice, after the timeout or to nobody's question are
   * passed over. Never throws for what the edge or the network does.
   *
   * @throws the signal's reason.
   */
  escalate(batch: EscalationBatch, signal: AbortSignal): Promise<EscalationOutcome>;
}
