// Which predictions of an asset leave the gateway.

export interface PredictionRules {
  /** Shortest time between two of one asset, milliseconds of their own time. 0: all leave. */
  readonly minIntervalMs: number;
  /** As many may leave at once after a quiet time. */
  readonly burst: number;
  /** Only what differs from the last one that left. */
  readonly changeOnly: boolean;
  /** Change of confidence that counts as a difference. */
  readonly confidenceStep: number;
  /** Longest silence of an asset that is heard of, under `changeOnly`. */
  readonly heartbeatMs: number;
  /** Predictions below it do not leave. 0: all do. */
  readonly minConfidence: number;
  /** Another class leaves once it has been given by `n` of the last `m` predictions. */
  readonly settle?: { readonly n: number; readonly m: number } | undefined;
}

export const ALL_LEAVE: PredictionRules = {
  minIntervalMs: 0,
  burst: 1,
  changeOnly: false,
  confidenceStep: 0.1,
  heartbeatMs: 300_000,
  minConfidence: 0,
};

/** Whether any rule can hold a prediction back. */
export const isActive = (rules: PredictionRules): boolean =>
  rules.minIntervalMs > 0 ||
  rules.changeOnly ||
  rules.minConfidence > 0 ||
  rules.settle !== undefined;

/** What operators may ask for from afar. */
export interface DesiredRules {
  readonly minIntervalMs?: number | undefined;
  readonly changeOnly?: boolean | undefined;
  readonly heartbeatMs?: number | undefined;
}

/**
 * Why the wishes go beyond what the gateway's own file allows: the broker of a plant is not to be
 * flooded from afar. `undefined`: they only hold more back.
 */
export function widensRules(wish: DesiredRules, own: PredictionRules): string | undefined {
  const { minIntervalMs, changeOnly, heartbeatMs } = wish;
  if (minIntervalMs !== undefined && minIntervalMs < own.minIntervalMs) {
    return `prediction.minIntervalMs is ${minIntervalMs}; allowed: from ${own.minIntervalMs}, as configured`;
  }
  if (changeOnly === false && own.changeOnly) {
    return 'prediction.changeOnly is false; allowed: true, as configured';
  }
  if (heartbeatMs !== undefined && own.changeOnly && heartbeatMs < own.heartbeatMs) {
    return `prediction.heartbeatMs is ${heartbeatMs}; allowed: from ${own.heartbeatMs}, as configured`;
  }
  return undefined;
}

/** The gateway's own rules under the wishes. */
export const withDesired = (own: PredictionRules, wish: DesiredRules = {}): PredictionRules => ({
  ...own,
  minIntervalMs: wish.minIntervalMs ?? own.minIntervalMs,
  changeOnly: wish.changeOnly ?? own.changeOnly,
  heartbeatMs: wish.heartbeatMs ?? own.heartbeatMs,
});
