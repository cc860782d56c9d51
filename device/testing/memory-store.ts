// An outbox in memory for tests: the audits' side of it.
import type { AuditMessage, AuditStore } from '../uplink/report/audit-collector.ts';
import type { AuditSource, KeptAudit } from '../uplink/report/audit-sender.ts';

export interface MemoryStore extends AuditStore, AuditSource {
  size(): number;
  readonly refused: string[];
}

export function createMemoryStore(limit = 1000): MemoryStore {
  const messages = new Map<string, KeptAudit>();
  const refused: string[] = [];
  let seq = 0;
  const remove = (refs: readonly { readonly seq: number }[]) => {
    for (const [id, kept] of messages) {
      if (refs.some((ref) => ref.seq === kept.seq)) messages.delete(id);
    }
  };
  return {
    refused,
    size: () => messages.size,
    put(added) {
      const full: AuditMessage[] = [];
      for (const message of added) {
        if (messages.size >= limit) full.push(message);
        else if (!messages.has(message.id)) messages.set(message.id, { ...message, seq: ++seq });
      }
      return { refused: full };
    },
    takeMessages: ({ limit: most }) => [...messages.values()].slice(0, most),
    acknowledge: remove,
    refuse(refs, reason) {
      refused.push(reason);
      remove(refs);
    },
  };
}
