// The lines of a gateway: of every configured model the one that is served, and beside it the one
// of a new bundle that is tried. Both take samples, so that the windows of the new one are full
// when it takes over.
import { InputError } from '@dandan/shared/error';
import type { Logger } from '../../log/index.ts';
import type { LocalModel } from '../cascade/index.ts';
import { createAssetFilter } from './asset-pattern.ts';
import { createLine, type Line } from './line.ts';
import { usualFlushAfterMs } from './windows.ts';

/** Of the assets in one line of the log. */
const MAX_TOLD = 20;

export interface LineSetOptions {
  /** @default {by the spec of the bundle} */
  readonly flushAfterMs?: number | undefined;
  /** What `snapshot` gave. */
  readonly state?: Readonly<Record<string, unknown>> | undefined;
  readonly log: Logger;
  /** Called when the served lines have changed. */
  readonly onChange: () => void;
}

/** The places of one configured model. */
export interface LineSlot {
  readonly served: Line | undefined;
  /** The line of a new bundle, and whoever hears of its rows. */
  readonly tried: Line | undefined;
  /** Answers by `model` from now on; by none where it is `undefined`. */
  serve(model: LocalModel | undefined): void;
  /** Runs a line of `model` beside the served one. */
  try(model: LocalModel): void;
}

export interface LineSet {
  /** A slot for a model that reads `assets`, names with *. */
  add(assets: readonly string[]): LineSlot;
  /** All lines that take samples. */
  all(): readonly Line[];
  /** All lines that answer. */
  served(): readonly Line[];
  /** Windows by SHA-256 of the bundle, for JSON. */
  snapshot(): Readonly<Record<string, unknown>>;
}

/** A set without lines. */
export function createLineSet(options: LineSetOptions): LineSet {
  const { flushAfterMs, state = {}, log, onChange } = options;
  const slots: LineSlot[] = [];
  let all: readonly Line[] = [];
  let served: readonly Line[] = [];

  function update(): void {
    const lines = slots.flatMap((slot) => [slot.served ?? [], slot.tried ?? []].flat());
    all = [...new Set(lines)];
    served = slots.flatMap((slot) => slot.served ?? []);
  }

  /** A row would tell of them as missing, for ever. */
  function warnOfUnread({ name, spec }: LocalModel, isOurs: (asset: string) => boolean): void {
    const upstream = Object.entries(spec.upstream?.assets ?? {})
      .filter(([asset]) => isOurs(asset))
      .flatMap(([, assets]) => assets);
    const unread = [...new Set(upstream)].filter((asset) => !isOurs(asset));
    if (unread.length === 0) return;
    log.warn('upstream-not-read', { model: name, assets: unread.slice(0, MAX_TOLD).join(', ') });
  }

  function open(model: LocalModel, isOurs: (asset: string) => boolean): Line {
    warnOfUnread(model, isOurs);
    const common = { model, isOurs, flushAfterMs: flushAfterMs ?? usualFlushAfterMs(model.spec) };
    try {
      return createLine({ ...common, state: state[model.sha256] });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // The rows of one window are missing; without them the model would not run at all.
      log.error('windows-not-restored', { model: model.name, reason: error.message });
      return createLine(common);
    }
  }

  function createSlot(assets: readonly string[]): LineSlot {
    const isOurs = createAssetFilter(assets);
    let current: Line | undefined;
    let next: Line | undefined;
    return {
      get served() {
        return current;
      },
      get tried() {
        return next;
      },
      serve(model) {
        const isTried = next !== undefined && next.model.sha256 === model?.sha256;
        current = isTried ? next : model && open(model, isOurs);
        next = undefined;
        update();
        onChange();
      },
      try(model) {
        next = open(model, isOurs);
        update();
      },
    };
  }

  return {
    add(assets) {
      const slot = createSlot(assets);
      slots.push(slot);
      return slot;
    },
    all: () => all,
    served: () => served,
    snapshot: () => Object.fromEntries(all.map((line) => [line.model.sha256, line.snapshot()])),
  };
}
