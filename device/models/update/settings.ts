// What updates need of a configuration: the edge and its key, the models that come from it, the store.
import { join } from 'node:path';
import type { GatewayConfig, Secrets } from '../../config/index.ts';
import type { ModelUpdateConfig } from './context.ts';
import type { OpenPartsOptions } from './open-parts.ts';

export interface UpdateSettings {
  /** Of those from the edge. */
  readonly models: readonly ModelUpdateConfig[];
  readonly checkIntervalMs: number;
  readonly keyFile: string | undefined;
  readonly parts: Omit<OpenPartsOptions, 'log'>;
}

/** The settings of a configuration whose paths are absolute. */
export function updateSettingsOf(config: GatewayConfig, { edgeKey }: Secrets): UpdateSettings {
  const { data, edge, models, updates } = config;
  const { keyFile } = edge;
  const beside = (ending: string) => (keyFile === undefined ? undefined : `${keyFile}.${ending}`);
  return {
    models: models.flatMap((each) => ('file' in each ? [] : [{ ...each, criteria: each.canary }])),
    checkIntervalMs: updates.checkIntervalMs,
    keyFile,
    parts: {
      folder: join(data, 'bundles'),
      // Without an edge no model comes from it, and nobody asks there.
      edge: { url: edge.url ?? '', key: edgeKey },
      trust: {
        file: updates.signingKeysFile ?? beside('signing-keys.json'),
        publicKeys: updates.signingKeys,
      },
      marksFile: updates.highestFile ?? beside('highest-releases.json'),
      maxBytes: updates.maxBytes,
      bytesPerSecond: updates.bytesPerSecond,
    },
  };
}
