// The parts of an updater as a gateway has them: files of this machine, the edge over HTTPS.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Logger } from '../../log/index.ts';
import { waitFor } from '../../retry/index.ts';
import { createBundleStore, createFiles, DEFAULT_STORE_BYTES } from '../bundle-store/index.ts';
import { createBundleSource } from './bundle-source.ts';
import { createChannelClient } from './channel-client.ts';
import type { Surroundings, UpdateParts } from './context.ts';
import type { EdgeAccess } from './edge-request.ts';
import { createRequests, type Requests } from './requests.ts';
import { createStateFiles } from './state-files.ts';
import { readTrustedKeys, type TrustSources } from './trusted-keys.ts';

export interface OpenPartsOptions extends Partial<Surroundings> {
  /** Holds bundles and state; its owner alone reads it. */
  readonly folder: string;
  readonly edge: EdgeAccess;
  /** Read anew for every statement, so that a key can be added while the gateway runs. */
  readonly trust: TrustSources;
  readonly log: Logger;
  /** Where the highest releases are kept, apart from the rest. @default {in `folder`} */
  readonly marksFile?: string | undefined;
  /** @default {DEFAULT_STORE_BYTES} */
  readonly maxBytes?: number | undefined;
  /** @default {no limit} */
  readonly bytesPerSecond?: number | undefined;
}

export function openParts(options: OpenPartsOptions): {
  readonly parts: Omit<UpdateParts, 'collect'>;
  readonly requests: Requests;
} {
  const { folder, edge, trust, log, marksFile, bytesPerSecond } = options;
  const { maxBytes = DEFAULT_STORE_BYTES } = options;
  const files = createFiles();
  const stateFolder = join(folder, 'state');
  const parts = {
    store: createBundleStore({ folder: join(folder, 'bundles'), files, maxBytes }),
    state: createStateFiles({ folder: stateFolder, files, marksFile }),
    source: createBundleSource(edge),
    channels: createChannelClient(edge),
    keys: () => readTrustedKeys(trust),
    bytesPerSecond,
    log,
    now: options.now ?? Date.now,
    monotonic: options.monotonic ?? (() => performance.now()),
    random: options.random ?? Math.random,
    wait: options.wait ?? waitFor,
  };
  return { parts, requests: createRequests({ folder: stateFolder, files }) };
}
