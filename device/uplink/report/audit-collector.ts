// A fair sample of what the gateway answered itself, for the edge to compare with the full cascade:
// drawn by a hash of asset and time, gathered into batches, kept in the outbox until the edge has them.
import { sha256Hex } from '@dandan/shared/bundle';
import { AUDIT_SHARE, isAudited } from '@dandan/shared/cascade';
import type { QuantisedRows } from '@dandan/shared/kernel';
import { encodeAuditSample } from '@dandan/shared/wire';
import type { Counted } from './gateway-counts.ts';

/** Path at the edge that batches go to. */
export const AUDIT_PATH = 'v1/audit-samples';

/** Rows of a batch: some kilobytes, and at 1 % of a row a second an hour and three quarters. */
const BATCH_ROWS = 64;

/** A batch that does not fill leaves after this: alarms are a matter of days. */
const BATCH_DELAY_MS = 600_000;

/** Batches that are being filled: 32 models under two policies. */
const MAX_OPEN = 64;

/** A message of the outbox, which keeps it until it is acknowledged or given up. */
export interface AuditMessage {
  readonly class: 'audit';
  /** SHA-256 of the payload. */
  readonly id: string;
  readonly destination: string;
  readonly payload: Uint8Array;
}

/** What the outbox does with audits. */
export interface AuditStore {
  put(messages: readonly AuditMessage[]): { readonly refused: readonly unknown[] };
}

export interface AuditedRow {
  readonly asset: string;
  /** End of its window, milliseconds since the epoch. */
  readonly time: number;
  /** The class that was answered. */
  readonly class: number;
  /** The row alone, as it was quantised; asked for only where it is drawn. */
  readonly row: () => QuantisedRows;
}

export interface AuditCollectorOptions {
  readonly store: AuditStore;
  /** Joins rows of one kind and width. */
  readonly concatRows: (parts: readonly QuantisedRows[]) => QuantisedRows;
  /** Share of rows that is drawn. @default {AUDIT_SHARE} */
  readonly share?: number;
  /** @default {BATCH_ROWS} */
  readonly batchRows?: number;
  /** @default {BATCH_DELAY_MS} */
  readonly batchDelayMs?: number;
  /** Milliseconds of a clock that never jumps. @default {performance.now} */
  readonly steady?: () => number;
}

export interface AuditCounters {
  readonly auditsDrawn: number;
  /** Drawn rows that the outbox did not take. */
  readonly auditsDropped: number;
}

export interface AuditCollector {
  /**
   * Draws a row that the gateway answered for good. To be called once for every such row that no cap
   * of load cut short, whatever it holds: a sample that looks at rows is none.
   */
  offer(what: Counted, row: AuditedRow): void;
  /** Hands batches to the outbox: those that are full or old, or `all`. */
  flush(options?: { readonly all?: boolean }): Promise<void>;
  snapshot(): AuditCounters;
}

interface Batch {
  readonly what: Counted;
  readonly since: number;
  readonly rows: QuantisedRows[];
  readonly classes: number[];
}

export function createAuditCollector(options: AuditCollectorOptions): AuditCollector {
  const { store, concatRows, share = AUDIT_SHARE, batchRows = BATCH_ROWS } = options;
  const { batchDelayMs = BATCH_DELAY_MS, steady = () => performance.now() } = options;
  const open = new Map<string, Batch>();
  const full: Batch[] = [];
  const counters = { auditsDrawn: 0, auditsDropped: 0 };

  function batchOf(what: Counted): Batch {
    const key = `${what.model} ${what.bundle} ${what.policy}`;
    const known = open.get(key);
    if (known !== undefined && known.rows.length < batchRows) return known;
    const made: Batch = { what, since: steady(), rows: [], classes: [] };
    if (known !== undefined) full.push(known);
    open.delete(key);
    open.set(key, made);
    if (open.size > MAX_OPEN) {
      const [[oldest, batch]] = open;
      open.delete(oldest);
      full.push(batch);
    }
    // Nobody flushes: what is older goes, so that memory stays bounded.
    if (full.length > MAX_OPEN) counters.auditsDropped += full.shift()?.rows.length ?? 0;
    return made;
  }

  async function keep({ what, rows, classes }: Batch): Promise<void> {
    const payload = encodeAuditSample({
      ...what,
      rows: concatRows(rows),
      classes: Int32Array.from(classes),
    });
    // Named by content: the edge counts a batch once, however often it is sent.
    const id = await sha256Hex(payload);
    const message: AuditMessage = { class: 'audit', id, destination: AUDIT_PATH, payload };
    if (store.put([message]).refused.length > 0) counters.auditsDropped += rows.length;
  }

  return {
    offer(what, { asset, time, class: answered, row }) {
      if (!isAudited({ node: asset, time, share, salt: what.bundle })) return;
      const batch = batchOf(what);
      batch.rows.push(row());
      batch.classes.push(answered);
      counters.auditsDrawn++;
    },
    async flush({ all = false } = {}) {
      const before = steady() - batchDelayMs;
      for (const [key, batch] of [...open]) {
        if (!all && batch.rows.length < batchRows && batch.since > before) continue;
        open.delete(key);
        full.push(batch);
      }
      for (const batch of full.splice(0)) await keep(batch);
    },
    snapshot: () => ({ ...counters }),
  };
}
