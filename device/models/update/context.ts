// What the parts of one model's update share.
import type { VerifyingKey } from '@dandan/shared/release';
import type { Logger } from '../../log/index.ts';
import type { BundleStore, Stages } from '../bundle-store/index.ts';
import type { LocalModel } from '../cascade/index.ts';
import type { BundleSource } from './bundle-source.ts';
import type { ChannelClient } from './channel-client.ts';
import type { UpdateDocument } from './document.ts';
import type { DownloadProgress } from './download.ts';
import type { CanaryCriteria, ProbationCriteria } from './judge.ts';
import type { ShadowHost } from './shadow.ts';
import type { StateFiles } from './state-files.ts';
import type { Tally } from './tally.ts';

/** The gateway, as far as a model is run by it. */
export interface ModelHost extends ShadowHost {
  /** Answers rows by `model` from the next one on; `undefined`: by none. */
  serve(model: LocalModel | undefined): void | Promise<void>;
  /** False: a bundle that has proved itself waits before it takes over. @default {at any hour} */
  mayChange?(): boolean;
}

export interface ModelUpdateConfig {
  readonly model: string;
  readonly channel: string;
  readonly stages: Stages;
  readonly criteria: CanaryCriteria;
  readonly probation: ProbationCriteria;
}

/** Clocks and chance, for tests. */
export interface Surroundings {
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now: () => number;
  /** Milliseconds that no change of the clock bends. @default {performance.now} */
  readonly monotonic: () => number;
  /** Uniform in [0, 1). @default {Math.random} */
  readonly random: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface UpdateParts extends Surroundings {
  readonly store: BundleStore;
  readonly state: StateFiles;
  readonly source: BundleSource;
  readonly channels: ChannelClient;
  readonly keys: () => Promise<readonly VerifyingKey[]>;
  /** Frees room in the store. */
  readonly collect: () => Promise<void>;
  readonly bytesPerSecond?: number | undefined;
  readonly log: Logger;
}

/** What is known of the present state beside the document. */
export interface Observations {
  progress: DownloadProgress | undefined;
  tally: Tally | undefined;
  /** What keeps the update from going on. */
  problem: string | undefined;
  /** Rows and errors that the document does not hold yet. */
  rows: number;
  errors: number;
}

/** What a state of an update has to do with. */
export interface PhaseContext {
  readonly config: ModelUpdateConfig;
  readonly parts: UpdateParts;
  /** Without one nothing is tried or served: the gateway goes on where this ends. */
  readonly host: ModelHost | undefined;
  readonly seen: Observations;
  readonly document: () => UpdateDocument;
}
