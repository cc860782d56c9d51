// What of a model is served: the bundle that is remembered as running, once it was looked at again.
import type { ModelHost, ModelUpdateConfig, Observations, UpdateParts } from './context.ts';
import { loadSigned } from './load-signed.ts';
import type { Memory } from './memory.ts';

export interface AnsweredFigures {
  /** SHA-256; figures of another bundle than the one that is served now are passed over. */
  readonly bundle: string;
  /** Rows that were answered, or should have been. */
  readonly rows: number;
  /** Of them, those that ended in an error. */
  readonly errors: number;
}

export interface Serving {
  /** Serves what is remembered as running, or finds out that it cannot be and remembers that. */
  ensure(): Promise<void>;
  /** Rows that a bundle has answered as the one that is served. */
  answered(figures: AnsweredFigures): void;
  /** Remembers what was answered. */
  saveFigures(): Promise<void>;
}

export function createServing(options: {
  readonly config: ModelUpdateConfig;
  readonly parts: UpdateParts;
  readonly host: ModelHost | undefined;
  readonly memory: Memory;
  readonly seen: Observations;
}): Serving {
  const { config, parts, host, memory, seen } = options;
  const { model, channel } = config;
  const { now, log } = parts;
  let served: string | undefined;

  return {
    async ensure() {
      while (host !== undefined && memory.document.running?.bundle.sha256 !== served) {
        const { running: signed } = memory.document;
        if (signed === null) {
          served = undefined;
          await host.serve(undefined);
          return;
        }
        const { sha256 } = signed.bundle;
        const result = await loadSigned(signed, config, parts);
        if (result.kind === 'ready') {
          seen.rows = 0;
          seen.errors = 0;
          await host.serve(result.model);
          served = sha256;
          log.info('bundle-served', { model, channel, bundle: sha256, release: signed.release });
          return;
        }
        const reason = result.kind === 'unusable' ? result.reason : 'its file was damaged';
        log.error('bundle-not-served', { model, channel, bundle: sha256, reason });
        await memory.apply({ kind: 'lost', sha256, at: now() });
      }
    },
    answered({ bundle, rows, errors }) {
      if (bundle !== served) return;
      seen.rows += rows;
      seen.errors += errors;
    },
    async saveFigures() {
      const { rows, errors } = seen;
      if (served === undefined || rows + errors === 0) return;
      seen.rows -= rows;
      seen.errors -= errors;
      await memory.apply({ kind: 'answered', sha256: served, rows, errors });
    },
  };
}
