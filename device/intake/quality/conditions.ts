// Which conditions hold of which channel or asset: told when they begin and when they end.

/** Stable names of what can be wrong with a channel or, the last two, with the clock of an asset. */
export const QUALITY_CODES = [
  'sensor-stuck',
  'sensor-silent',
  'samples-late',
  'samples-duplicated',
  'unit-refused',
  'clock-jumped',
  'clock-skewed',
] as const;

export type QualityCode = (typeof QUALITY_CODES)[number];

export interface QualityEvent {
  readonly kind: 'raised' | 'cleared';
  readonly code: QualityCode;
  readonly asset: string;
  /** `null` where it is the clock of the whole asset. */
  readonly channel: string | null;
  /** When it began, milliseconds since the epoch by this machine's clock. */
  readonly since: number;
  /** When it was noticed or, for `cleared`, when it ended. */
  readonly at: number;
  /** What is wrong, in words and numbers, as it was when noticed. */
  readonly detail: string;
}

/** Something that conditions hold of. */
export interface Watched {
  readonly asset: string;
  readonly channel: string | null;
  /** Undefined most of the time, which is quick to see. */
  raised: Map<QualityCode, QualityEvent> | undefined;
}

export interface Conditions {
  raise(watched: Watched, code: QualityCode, since: number, at: number, detail: string): void;
  clear(watched: Watched, code: QualityCode, at: number): void;
  clearAll(watched: Watched, at: number): void;
  /** Times that each was raised. */
  counts(): Readonly<Record<QualityCode, number>>;
  /** Those that hold now, the oldest first. */
  active(): QualityEvent[];
}

export function isRaised(watched: Watched, code: QualityCode): boolean {
  return watched.raised?.has(code) === true;
}

export function createConditions(onEvent: (event: QualityEvent) => void): Conditions {
  const counts = Object.fromEntries(QUALITY_CODES.map((code) => [code, 0])) as Record<
    QualityCode,
    number
  >;
  const active = new Set<QualityEvent>();

  function clear(watched: Watched, code: QualityCode, at: number): void {
    const event = watched.raised?.get(code);
    if (event === undefined) return;
    watched.raised!.delete(code);
    if (watched.raised!.size === 0) watched.raised = undefined;
    active.delete(event);
    onEvent({ ...event, kind: 'cleared', at });
  }

  return {
    raise(watched, code, since, at, detail) {
      if (isRaised(watched, code)) return;
      const { asset, channel } = watched;
      const event: QualityEvent = { kind: 'raised', code, asset, channel, since, at, detail };
      watched.raised ??= new Map();
      watched.raised.set(code, event);
      active.add(event);
      counts[code]++;
      onEvent(event);
    },
    clear,
    clearAll(watched, at) {
      for (const code of [...(watched.raised?.keys() ?? [])]) clear(watched, code, at);
    },
    counts: () => ({ ...counts }),
    active: () => [...active],
  };
}
